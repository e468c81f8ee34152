import { describe, expect, it } from 'vitest';
import { httpProviders } from '../../src/providers/index.ts';
import { rewriteContract } from '../contract/rewrite.ts';
import { httpFixtures } from '../support/http-file.ts';

const rewriting = httpProviders.filter(({ rewrite }) => rewrite !== undefined);

for (const provider of rewriting) rewriteContract(provider, { fixtures: httpFixtures(provider.name) });

describe('rewrites', () => {
  it('are known by whoever has a sandbox, and by the two oldest', () => {
    expect(rewriting.map(({ name }) => name).toSorted()).toEqual([
      'adyen', 'authorizenet', 'braintree', 'checkout', 'gocardless', 'klarna', 'mollie', 'paddle', 'paypal', 'paystack', 'plaid', 'razorpay', 'sendgrid', 'square', 'stripe', 'twilio', 'wise',
    ]);
  });
});
