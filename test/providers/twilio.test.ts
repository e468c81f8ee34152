import { twilio } from '../../src/providers/twilio/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(twilio, { fixtures: httpFixtures('twilio') });
