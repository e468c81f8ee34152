import { mollie } from '../../src/providers/mollie/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(mollie, { fixtures: httpFixtures('mollie') });
