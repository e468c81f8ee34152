import { stripe } from '../../../src/providers/stripe/index.ts';
import { providerContract } from '../../contract/provider.ts';
import { stripeFixtures } from './fixtures.ts';

providerContract(stripe, { fixtures: stripeFixtures() });
