import { checkout } from '../../src/providers/checkout/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(checkout, { fixtures: httpFixtures('checkout') });
