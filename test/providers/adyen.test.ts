import { adyen } from '../../src/providers/adyen/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(adyen, { fixtures: httpFixtures('adyen') });
