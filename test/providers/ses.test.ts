import { ses } from '../../src/providers/ses/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(ses, { fixtures: httpFixtures('ses') });
