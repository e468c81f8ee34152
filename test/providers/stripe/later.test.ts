import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { fixedNow, memory } from '../../support/simulation-context.ts';
import { stripeRequest } from './desk.ts';

const paid = 'amount=4200&currency=eur&confirm=true&payment_method=pm_card_visa&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never';

async function dispute(body: string, times = 1): Promise<{ readonly told: readonly Record<string, unknown>[]; readonly charge: unknown }> {
  const kept = memory();
  const request = stripeRequest('POST', '/v1/payment_intents', body);
  const decoded = stripe.decode(request);
  const { reply, remember } = await stripe.simulate(request, decoded, kept.context());
  kept.keep(remember ?? []);
  const told: Record<string, unknown>[] = [];
  for (let n = 0; n < times; n++) {
    const happened = await stripe.later({ name: 'charge.dispute.created', recipient: null, detail: 'product_not_received' }, { request, decoded, reply }, kept.context({ call: 2 + n }));
    kept.keep(happened.remember ?? []);
    told.push(...(happened.callbacks ?? []).map((draft) => JSON.parse(draft.body) as Record<string, unknown>));
  }
  return { told, charge: (await kept.context().list('charge')).items[0]?.value };
}

describe('a dispute', () => {
  it('is told as an event of its own, and the charge is disputed from then on', async () => {
    const { told, charge } = await dispute(paid);
    expect(told).toMatchObject([{
      object: 'event', type: 'charge.dispute.created', request: { id: null, idempotency_key: null },
      data: { object: { object: 'dispute', id: expect.stringMatching(/^du_1/), amount: 4200, currency: 'eur', reason: 'product_not_received', status: 'needs_response', charge: expect.stringMatching(/^ch_/) } },
    }, { type: 'charge.dispute.funds_withdrawn', data: { object: { balance_transactions: [{ amount: -4200, type: 'adjustment', reporting_category: 'dispute' }] } } }]);
    expect(charge).toMatchObject({ disputed: true });
  });

  it('comes once, and never of what was not paid', async () => {
    expect((await dispute(paid, 2)).told).toHaveLength(2);
    expect((await dispute(paid.replace('pm_card_visa', 'pm_card_visa_chargeDeclined'))).told).toEqual([]);
    expect((await dispute('amount=4200&currency=eur')).told).toEqual([]);
  });
});

describe('the signature', () => {
  const delivery = { method: 'POST', url: 'https://app.example.test/stripe', headers: [], contentType: 'application/json', body: '{"id":"evt_1"}' };

  it('is the known one, and the library takes it for its own', () => {
    const signed = stripe.sign(delivery, 'whsec_test', 1_789_000_000_999);
    expect(signed.headers).toEqual([['Stripe-Signature', 't=1789000000,v1=e40b6807a07e70b3388fd5d62749388fa470cba093c1c58690f64584a5535cf8']]);
    const now = stripe.sign(delivery, 'whsec_test', Date.now());
    expect(Stripe.webhooks.constructEvent(now.body, now.headers[0]![1], 'whsec_test').id).toBe('evt_1');
    expect(() => Stripe.webhooks.constructEvent(now.body, now.headers[0]![1], 'whsec_other')).toThrow(/signature/i);
  });

  it.each(['', 'sk_test_123'])('is not made with %j, which is no endpoint secret', (secret) => {
    expect(() => stripe.sign(delivery, secret, fixedNow)).toThrow(/begins with whsec_/);
  });
});
