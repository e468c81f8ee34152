import { paypal } from '../../src/providers/paypal/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(paypal, { fixtures: httpFixtures('paypal'), secret: '1JE4291016473214C' });
