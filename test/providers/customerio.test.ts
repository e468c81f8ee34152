import { customerio } from '../../src/providers/customerio/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(customerio, { fixtures: httpFixtures('customerio') });
