import { razorpay } from '../../src/providers/razorpay/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(razorpay, { fixtures: httpFixtures('razorpay') });
