import { paystack } from '../../src/providers/paystack/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(paystack, { fixtures: httpFixtures('paystack') });
