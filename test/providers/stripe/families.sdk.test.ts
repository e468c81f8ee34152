import type { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';

/** stripe 23.1.0 over a real socket: what an application does around its payments */
let at: Loopback;
beforeEach(async () => { at = await loopback(); });
afterEach(() => at.close());

/** The error that a call ends in. */
const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => null, (error: unknown) => error);

describe('the official SDK', () => {
  it('saves a card with a setup intent, and is told of a decline once', async () => {
    const customer = await at.sdk.customers.create({ name: 'Ann' });
    const setup: Stripe.SetupIntent = await at.sdk.setupIntents.create({ customer: customer.id, automatic_payment_methods: { enabled: true } });
    const done = await at.sdk.setupIntents.confirm(setup.id, { payment_method: 'pm_card_visa', return_url: 'https://shop.example/done' });
    expect(done.status).toBe('succeeded');
    expect((await at.sdk.setupIntents.retrieve(setup.id, { expand: ['payment_method'] })).payment_method).toMatchObject({ customer: customer.id });
    const before = at.calls();
    expect(await failure(at.sdk.setupIntents.create({ payment_method: 'pm_card_chargeDeclined', confirm: true, return_url: 'https://shop.example/done' }))).toMatchObject({ type: 'StripeCardError', code: 'card_declined', setup_intent: { status: 'requires_payment_method' } });
    expect(await failure(at.sdk.setupIntents.retrieve('seti_nobody'))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing' });
    expect(at.calls() - before).toBe(2);
  });

  it('keeps a catalogue of products and prices', async () => {
    const product: Stripe.Product = await at.sdk.products.create({ name: 'Book', default_price_data: { currency: 'eur', unit_amount: 1999 }, package_dimensions: { height: 1.5, length: 2, weight: 3, width: 4 } });
    const price: Stripe.Price = await at.sdk.prices.create({ product: product.id, currency: 'eur', unit_amount: 990, recurring: { interval: 'month' }, lookup_key: 'monthly' });
    expect((await at.sdk.prices.list({ lookup_keys: ['monthly'], expand: ['data.product'] })).data).toMatchObject([{ id: price.id, unit_amount: 990, product: { name: 'Book' } }]);
    expect(String((await at.sdk.prices.retrieve(price.id)).unit_amount_decimal)).toBe('990');
    const before = at.calls();
    expect(await failure(at.sdk.products.del(product.id))).toMatchObject({ type: 'StripeInvalidRequestError', message: 'This product cannot be deleted because it has one or more user-created prices.' });
    expect(await failure(at.sdk.prices.retrieve('price_nobody'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    expect(at.calls() - before).toBe(2);
    const other = await at.sdk.products.create({ name: 'Pen' });
    expect((await at.sdk.products.del(other.id)).deleted).toBe(true);
  });

  it('makes coupons and promotion codes', async () => {
    const coupon: Stripe.Coupon = await at.sdk.coupons.create({ percent_off: 12.5, duration: 'repeating', duration_in_months: 3 });
    const code: Stripe.PromotionCode = await at.sdk.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'SUN' });
    expect((await at.sdk.promotionCodes.list({ code: 'sun', active: true, expand: ['data.promotion.coupon'] })).data).toMatchObject([{ id: code.id, promotion: { coupon: { percent_off: 12.5 } } }]);
    expect((await at.sdk.promotionCodes.update(code.id, { active: false })).active).toBe(false);
    expect((await at.sdk.coupons.del(coupon.id)).deleted).toBe(true);
    const before = at.calls();
    expect(await failure(at.sdk.coupons.retrieve(coupon.id))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing' });
    expect(at.calls() - before).toBe(1);
  });

  it('registers webhook endpoints, and reads the events', async () => {
    const endpoint: Stripe.WebhookEndpoint = await at.sdk.webhookEndpoints.create({ url: 'https://shop.example/hook', enabled_events: ['charge.succeeded'] });
    expect((await at.sdk.webhookEndpoints.update(endpoint.id, { disabled: true })).status).toBe('disabled');
    expect((await at.sdk.webhookEndpoints.list()).data).toHaveLength(1);
    expect((await at.sdk.webhookEndpoints.del(endpoint.id)).deleted).toBe(true);
    await at.sdk.products.create({ name: 'Book' });
    const { data: [event] } = await at.sdk.events.list({ type: 'product.created' });
    expect(await at.sdk.events.retrieve(event!.id)).toMatchObject({ data: { object: { name: 'Book' } } });
    const before = at.calls();
    expect(await failure(at.sdk.webhookEndpoints.retrieve(endpoint.id))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404 });
    expect(await failure(at.sdk.events.retrieve('evt_nothing'))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404 });
    expect(at.calls() - before).toBe(2);
  });

  it('pays out what is available, and no more', async () => {
    await at.sdk.charges.create({ amount: 10_000, currency: 'usd', source: 'tok_bypassPending' });
    const payout: Stripe.Payout = await at.sdk.payouts.create({ amount: 5000, currency: 'usd' });
    expect((await at.sdk.payouts.retrieve(payout.id, { expand: ['balance_transaction'] })).balance_transaction).toMatchObject({ amount: -5000, type: 'payout' });
    expect((await at.sdk.balance.retrieve()).available).toMatchObject([{ amount: 4680, currency: 'usd' }]);
    expect((await at.sdk.balanceTransactions.list({ type: 'payout' })).data).toHaveLength(1);
    expect((await at.sdk.payouts.cancel(payout.id)).status).toBe('canceled');
    const before = at.calls();
    expect(await failure(at.sdk.payouts.create({ amount: 50_000, currency: 'usd' }))).toMatchObject({ type: 'StripeInvalidRequestError', code: 'balance_insufficient' });
    expect(await failure(at.sdk.payouts.retrieve('po_nobody'))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404 });
    expect(at.calls() - before).toBe(2);
  });

  it('makes connected accounts, and transfers to them and back', async () => {
    const account: Stripe.Account = await at.sdk.accounts.create({ type: 'custom', country: 'US', capabilities: { transfers: { requested: true } }, tos_acceptance: { date: 1_700_000_000, ip: '192.0.2.1' } });
    expect((await at.sdk.accounts.update(account.id, { metadata: { seller: '7' } })).metadata).toEqual({ seller: '7' });
    await at.sdk.charges.create({ amount: 10_000, currency: 'usd', source: 'tok_bypassPending' });
    const transfer: Stripe.Transfer = await at.sdk.transfers.create({ amount: 4000, currency: 'usd', destination: account.id, transfer_group: 'ORDER_95' });
    const reversal: Stripe.TransferReversal = await at.sdk.transfers.createReversal(transfer.id, { amount: 1000 });
    expect(await at.sdk.transfers.retrieve(transfer.id)).toMatchObject({ amount_reversed: 1000, reversals: { data: [{ id: reversal.id }] } });
    expect((await at.sdk.accounts.list()).data).toHaveLength(1);
    expect((await at.sdk.accounts.del(account.id)).deleted).toBe(true);
    const before = at.calls();
    expect(await failure(at.sdk.transfers.create({ amount: 1, currency: 'usd', destination: account.id }))).toMatchObject({ type: 'StripeInvalidRequestError', code: 'resource_missing', param: 'destination' });
    expect(await failure(at.sdk.accounts.retrieve('acct_nobody'))).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 404 });
    expect(at.calls() - before).toBe(2);
  });
});
