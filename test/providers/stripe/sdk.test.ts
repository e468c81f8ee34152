import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';

/** stripe 23.1.0 over a real socket */
let at: Loopback;
beforeEach(async () => { at = await loopback(); });
afterEach(() => at.close());

const pay = { amount: 1099, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;
const failure = async (call: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call was expected to fail');
};

describe('the official SDK', () => {
  it('creates and confirms a payment, fetches and refunds it', async () => {
    const customer = await at.sdk.customers.create({ email: 'ann@example.com', metadata: { order_id: '6735' } });
    const intent = await at.sdk.paymentIntents.create({ ...pay, customer: customer.id, expand: ['latest_charge'], metadata: { order_id: '6735' } });
    expect(intent.status).toBe('succeeded');
    expect((intent.latest_charge as Stripe.Charge).paid).toBe(true);
    expect(intent.lastResponse).toMatchObject({ requestId: expect.stringMatching(/^req_[0-9A-Za-z]{14}$/), statusCode: 200, apiVersion: '2026-10-28.endive', idempotencyKey: expect.stringMatching(/^stripe-node-retry-/) });
    expect(await at.sdk.paymentIntents.retrieve(intent.id)).toMatchObject({ id: intent.id, amount_received: 1099 });
    const refund = await at.sdk.refunds.create({ payment_intent: intent.id, amount: 99 });
    expect(refund).toMatchObject({ amount: 99, status: 'succeeded' });
    expect((await at.sdk.charges.retrieve((intent.latest_charge as Stripe.Charge).id)).amount_refunded).toBe(99);
    expect((await at.sdk.customers.del(customer.id)).deleted).toBe(true);
  });

  it('holds, captures and cancels', async () => {
    const held = await at.sdk.paymentIntents.create({ ...pay, capture_method: 'manual' });
    expect(held.status).toBe('requires_capture');
    expect((await at.sdk.paymentIntents.capture(held.id, { amount_to_capture: 1000 })).amount_received).toBe(1000);
    const other = await at.sdk.paymentIntents.create({ amount: 500, currency: 'jpy' });
    expect((await at.sdk.paymentIntents.cancel(other.id)).status).toBe('canceled');
  });

  it('gets the first answer again for the same idempotency key', async () => {
    const first = await at.sdk.paymentIntents.create(pay, { idempotencyKey: 'order-6735' });
    const again = await at.sdk.paymentIntents.create(pay, { idempotencyKey: 'order-6735' });
    expect(again.id).toBe(first.id);
    expect((again.lastResponse as unknown as { headers: Record<string, string> }).headers).toMatchObject({ 'idempotent-replayed': 'true', 'original-request': first.lastResponse.requestId });
    expect((await at.sdk.paymentIntents.list()).data).toHaveLength(1);
    const error = await failure(at.sdk.paymentIntents.create({ ...pay, amount: 1100 }, { idempotencyKey: 'order-6735' }));
    expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(at.calls()).toBe(4);
  });

  it('raises StripeCardError on a decline, once', async () => {
    const error = await failure(at.sdk.paymentIntents.create({ ...pay, payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds' }));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.', payment_intent: { status: 'requires_payment_method' } });
    expect(at.calls()).toBe(1);
  });

  it('raises StripeInvalidRequestError for unknown ids, bad parameters and what is not simulated', async () => {
    expect(await failure(at.sdk.customers.retrieve('cus_nobody'))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing', param: 'id' });
    expect(await failure(at.sdk.paymentIntents.create({ amount: 10.5, currency: 'eur' }))).toMatchObject({ type: 'StripeInvalidRequestError', param: 'amount', code: 'parameter_invalid_integer' });
    expect(await failure(at.sdk.topups.create({ amount: 1100, currency: 'usd' }))).toMatchObject({ type: 'StripeInvalidRequestError', message: expect.stringContaining('fourthwall does not simulate POST /v1/topups') });
    expect(await failure(at.sdk.v2.core.accounts.create({ contact_email: 'a@example.com' }))).toMatchObject({ type: 'StripeInvalidRequestError', message: expect.stringContaining('POST /v2/core/accounts') });
    expect(at.calls()).toBe(4);
  });

  it('pages by itself, forwards and backwards', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n += 1) made.unshift((await at.sdk.customers.create({ name: `c${n}` })).id);
    const seen: string[] = [];
    for await (const customer of at.sdk.customers.list({ limit: 3 })) seen.push(customer.id);
    expect(seen).toEqual(made);
    const back: string[] = [];
    for await (const customer of at.sdk.customers.list({ limit: 3, ending_before: made[6]! })) back.push(customer.id);
    expect(back).toEqual(made.slice(0, 6).toReversed());
  });

  it.each<[string, (sdk: Stripe) => Promise<unknown>]>([
    ['a payment', (sdk) => sdk.paymentIntents.create(pay)],
    ['a read', (sdk) => sdk.customers.list()],
    ['a deletion', (sdk) => sdk.customers.del('cus_1')],
    ['a v2 call', (sdk) => sdk.v2.core.accounts.create({ contact_email: 'a@example.com' })],
    ['a file', (sdk) => sdk.files.create({ purpose: 'dispute_evidence', file: { data: Buffer.from('hello'), name: 'f.txt', type: 'text/plain' } })],
  ])('raises StripePermissionError with rule and reason when %s is refused, in exactly one attempt', async (_, call) => {
    at.refuse();
    const error = await failure(call(at.sdk));
    expect(error).toBeInstanceOf(Stripe.errors.StripePermissionError);
    expect(error).toMatchObject({ statusCode: 403, code: 'request_blocked', message: 'fourthwall refused this call (rule no-payments): staging never pays', requestId: expect.stringMatching(/^req_[0-9A-Za-z]{14}$/) });
    expect(at.calls()).toBe(1);
  });

  it('raises its OAuth error with rule and reason when an OAuth call is refused', async () => {
    at.refuse();
    expect(await failure(at.sdk.oauth.token({ grant_type: 'authorization_code', code: 'ac_1' }))).toMatchObject({ statusCode: 403, message: 'fourthwall refused this call (rule no-payments): staging never pays' });
    expect(at.calls()).toBe(1);
  });

  it('accepts the webhooks, signed over the bytes as they are', async () => {
    await at.sdk.paymentIntents.create(pay);
    const types = at.callbacks.map(({ body, target, contentType }) => {
      expect([target, contentType]).toEqual(['stripe', 'application/json; charset=utf-8']);
      const secret = 'whsec_test';
      const signature = at.sdk.webhooks.generateTestHeaderString({ payload: body, secret });
      return at.sdk.webhooks.constructEvent(body, signature, secret).type;
    });
    expect(types).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']);
    expect((await at.sdk.events.list({ limit: 1 })).data[0]!.type).toBe('payment_intent.succeeded');
  });

  it('reads balance and account', async () => {
    await at.sdk.paymentIntents.create(pay);
    expect((await at.sdk.balance.retrieve()).pending[0]).toMatchObject({ amount: 1037, currency: 'eur' });
    expect((await at.sdk.accounts.retrieveCurrent()).charges_enabled).toBe(true);
  });
});
