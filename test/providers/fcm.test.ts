import { fcm } from '../../src/providers/fcm/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(fcm, { fixtures: httpFixtures('fcm') });
