import { onesignal } from '../../src/providers/onesignal/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(onesignal, { fixtures: httpFixtures('onesignal') });
