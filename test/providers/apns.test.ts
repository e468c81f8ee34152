import { apns } from '../../src/providers/apns/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(apns, { fixtures: httpFixtures('apns') });
