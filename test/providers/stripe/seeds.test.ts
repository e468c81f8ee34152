import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { seed } from '../../../src/providers/stripe/seeds.ts';
import { desk } from './desk.ts';
import { seeds } from './types/seeds.ts';

const seeded = seeds.map(([kind, id, value]) => ({ kind, id, expectVersion: 0, ...seed(kind, id, value) }));
const restored = () => desk({ before: seeded });

describe('objects that are seeded', () => {
  it('are read, listed and found like any other', async () => {
    const call = restored();
    expect((await call('GET', '/v1/customers/cus_1')).body).toMatchObject({ object: 'customer', name: 'Ann', email: 'ann@example.test', address: { city: 'Bern', country: null }, metadata: { user: '7' }, livemode: false, created: 1735689600, tax_exempt: 'none', invoice_settings: { default_payment_method: 'pm_1', footer: null } });
    expect((await call('GET', '/v1/customers?email=ann@example.test')).body.data.map(({ id }) => id)).toEqual(['cus_1']);
    expect((await call('GET', '/v1/customers/search?query=metadata%5B%22user%22%5D%3A%227%22')).body.data.map(({ id }) => id)).toEqual(['cus_1']);
    expect((await call('GET', '/v1/payment_methods?customer=cus_1')).body.data).toMatchObject([{ id: 'pm_1', card: { brand: 'mastercard', last4: '4444', exp_year: 2099 } }]);
    expect((await call('GET', '/v1/prices?lookup_keys[]=book&expand[]=data.product')).body.data).toMatchObject([{ id: 'price_1', unit_amount: 1999, unit_amount_decimal: '1999', product: { id: 'prod_1', name: 'Book' } }]);
    expect((await call('GET', '/v1/charges?payment_intent=pi_1')).body.data).toMatchObject([{ id: 'ch_1', paid: true, captured: true, amount_captured: 1999, amount_refunded: 99, livemode: true, created: 1_700_000_000 }]);
    expect((await call('GET', '/v1/charges/ch_2')).body).toMatchObject({ status: 'failed', paid: false, captured: false, failure_code: 'card_declined' });
  });

  it('pay, are refunded up to what is left, and get transfers', async () => {
    const call = restored();
    expect((await call('POST', '/v1/payment_intents', 'amount=500&currency=eur&customer=cus_1&payment_method=pm_1&confirm=true')).body).toMatchObject({ status: 'succeeded' });
    expect((await call('POST', '/v1/refunds', 'payment_intent=pi_1&amount=1901')).body.error).toMatchObject({ param: 'amount' });
    expect((await call('POST', '/v1/refunds', 'payment_intent=pi_1')).body).toMatchObject({ amount: 1900, charge: 'ch_1' });
    expect((await call('POST', '/v1/charges/ch_3/capture')).body).toMatchObject({ captured: true });
    expect((await call('POST', '/v1/payment_intents/pi_2/confirm', 'payment_method=pm_card_visa')).body).toMatchObject({ status: 'succeeded', amount_received: 1999 });
    await call('POST', '/v1/charges', 'amount=10000&currency=usd&source=tok_bypassPending');
    expect((await call('POST', '/v1/transfers', 'amount=100&currency=usd&destination=acct_1')).status).toBe(200);
  });

  it('renew nothing by themselves: a subscription is changed and ended like any other', async () => {
    const call = restored();
    expect((await call('GET', '/v1/subscriptions?customer=cus_1')).body.data).toMatchObject([{ id: 'sub_1', items: { data: [{ price: { id: 'price_2', unit_amount: 500, recurring: { interval: 'year' } }, quantity: 2 }] } }]);
    expect((await call('GET', '/v1/customers/cus_1?expand[]=subscriptions.data.default_payment_method')).body).toMatchObject({ subscriptions: { data: [{ id: 'sub_1', default_payment_method: { id: 'pm_1' } }] } });
    expect((await call('GET', '/v1/subscriptions/search?query=metadata%5B%22plan%22%5D%3A%22gold%22')).body.data.map(({ id }) => id)).toEqual(['sub_1']);
    expect((await call('POST', '/v1/subscriptions/sub_1', 'metadata[plan]=silver')).body).toMatchObject({ metadata: { plan: 'silver' } });
    expect((await call('DELETE', '/v1/subscriptions/sub_1')).body).toMatchObject({ status: 'canceled' });
    expect((await call('GET', '/v1/subscriptions/sub_2')).body).toMatchObject({ status: 'canceled' });
  });

  it('are made alike each time', () => {
    expect(seed('payment_intent', 'pi_9', { amount: 1, currency: 'eur' })).toEqual(seed('payment_intent', 'pi_9', { amount: 1, currency: 'eur' }));
    expect(seed('payment_intent', 'pi_9', { amount: 1, currency: 'eur' }).value).toMatchObject({ id: 'pi_9', client_secret: expect.stringMatching(/^pi_9_secret_[0-9A-Za-z]{25}$/) });
  });

  it.each<[string, string, unknown, string]>([
    ['refund', 're_1', {}, "Stripe's objects of kind refund cannot be seeded; those that can are account, charge, customer, payment_intent, payment_method, price, product, subscription"],
    ['constructor', 'x', {}, 'kind constructor cannot be seeded'],
    ['customer', 'user_1', {}, 'customer user_1: its id must begin with cus_'],
    ['customer', 'cus_1/x', {}, 'its id must begin with cus_'],
    ['customer', 'cus_1', 'Ann', "it must be an object of Stripe's own properties"],
    ['customer', 'cus_1', { id: 'cus_2' }, 'its id is told twice, and differs: "cus_2"'],
    ['customer', 'cus_1', { object: 'charge' }, 'object must be customer; it is "charge"'],
    ['customer', 'cus_1', { emial: 'a@x.test' }, 'emial is no property that is kept; those are address, balance, business_name'],
    ['customer', 'cus_1', { email: 5 }, 'email must be text; it is 5'],
    ['customer', 'cus_1', { created: '2025-01-01' }, 'created must be a time in whole seconds; it is "2025-01-01"'],
    ['customer', 'cus_1', { metadata: { order: 7 } }, 'metadata.order must be text, so write it in quotes; it is 7'],
    ['customer', 'cus_1', { metadata: null }, 'metadata cannot be null'],
    ['customer', 'cus_1', { address: { town: 'Bern' } }, 'address must be an object with line1'],
    ['customer', 'cus_1', { invoice_settings: { colour: 'red' } }, 'invoice_settings.colour is no property that is kept; those are custom_fields, default_payment_method, footer, rendering_options'],
    ['payment_method', 'pm_1', { type: 'sepa_debit' }, 'type must be card'],
    ['payment_method', 'pm_1', { card: { last4: 4242 } }, 'card.last4 must be text; it is 4242'],
    ['payment_method', 'pm_1', { card: { number: '4242424242424242' } }, 'card.number is no property that is kept; those are brand, checks, country'],
    ['price', 'price_1', { currency: 'eur', unit_amount: 5 }, 'product is missing; say for instance product: "prod_1"'],
    ['price', 'price_1', { currency: 'EUR', product: 'prod_1', unit_amount: 5 }, 'currency must be one that Stripe has, in small letters, such as eur; it is "EUR"'],
    ['price', 'price_1', { currency: 'eur', product: 'prod_1', unit_amount: 19.99 }, 'unit_amount must be a whole number; it is 19.99'],
    ['price', 'price_1', { currency: 'eur', product: 'prod_1', unit_amount: -1 }, 'unit_amount must not be below zero'],
    ['price', 'price_1', { currency: 'eur', product: 'prod_1', unit_amount: 1, recurring: { interval: 'hour' } }, 'recurring.interval must be day, week, month or year'],
    ['payment_intent', 'pi_1', { currency: 'eur' }, 'amount is missing; say for instance amount: 1999'],
    ['payment_intent', 'pi_1', { amount: 0, currency: 'eur' }, 'amount must be above zero'],
    ['payment_intent', 'pi_1', { amount: 5, currency: 'eur', status: 'paid' }, 'status must be one of requires_payment_method'],
    ['payment_intent', 'pi_1', { amount: 5, currency: 'eur', status: 'succeeded' }, 'a payment that is succeeded names its latest_charge'],
    ['payment_intent', 'pi_1', { amount: 5, currency: 'eur', status: 'succeeded', latest_charge: 'ch_1', amount_received: 6 }, 'cannot be more than amount'],
    ['charge', 'ch_1', { amount: 5, currency: 'eur', status: 'paid' }, 'status must be succeeded or failed'],
    ['charge', 'ch_1', { amount: 5, currency: 'eur', amount_refunded: 6 }, 'cannot be more than amount'],
    ['charge', 'ch_1', { amount: 5, currency: 'eur', amount_refunded: 5, refunded: false }, 'refunded is true when amount_refunded is the whole amount'],
    ['charge', 'ch_1', { amount: 5, currency: 'eur', status: 'failed', captured: true }, 'a charge that failed was neither captured nor refunded'],
    ['charge', 'ch_1', { amount: 5, currency: 'eur', captured: false, amount_captured: 5 }, 'a charge that was not captured has an amount_captured of 0'],
    ['account', 'acct_1', { type: 'premium' }, 'type must be custom, express, none or standard'],
    ['subscription', 'sub_1', {}, 'customer is missing; say for instance customer: "cus_1"'],
    ['subscription', 'sub_1', { customer: 'ann' }, 'customer must be the id of one; it is ann'],
    ['subscription', 'sub_1', { customer: 'cus_1', status: 'running' }, 'status must be one of incomplete'],
    ['subscription', 'sub_1', { customer: 'cus_1', items: { data: [] } }, 'items.data must hold at least one item'],
  ])('%s %s of %j is refused', (kind, id, value, message) => {
    expect(() => stripe.seed(kind, id, value)).toThrow(message);
  });
});

describe('where unknown ids are adopted', () => {
  it('a customer, its card, a product, a price and an account are made up, once and for all', async () => {
    const call = desk({ unknownIds: 'adopt' });
    const { body: customer } = await call('GET', '/v1/customers/cus_Prod1');
    expect(customer).toMatchObject({ id: 'cus_Prod1', object: 'customer', created: 1795251600, email: null });
    expect((await call('GET', '/v1/customers/cus_Prod1', '', { later: 60_000 })).body).toEqual(customer);
    expect((await call('GET', '/v1/customers')).body.data).toEqual([customer]);
    expect((await call('POST', '/v1/customers/cus_Prod2', 'name=Ann')).body).toMatchObject({ id: 'cus_Prod2', name: 'Ann' });
    expect((await call('POST', '/v1/payment_intents', 'amount=500&currency=eur&customer=cus_Prod3&payment_method=pm_1Prod&confirm=true&expand[]=customer')).body).toMatchObject({ status: 'succeeded', customer: { id: 'cus_Prod3' } });
    expect((await call('GET', '/v1/payment_methods/pm_1Prod')).body).toMatchObject({ type: 'card', card: { last4: '4242' } });
    const fingerprints = await Promise.all(['pm_1Prod', 'pm_2Prod'].map(async (id) => (await call('GET', `/v1/payment_methods/${id}`)).body.card.fingerprint));
    expect(fingerprints[0]).not.toBe(fingerprints[1]);
    expect((await call('GET', '/v1/prices/price_1Prod?expand[]=product')).body).toMatchObject({ unit_amount: 1000, type: 'one_time', product: { id: 'prod_1Prod', object: 'product' } });
    await call('POST', '/v1/charges', 'amount=10000&currency=usd&source=tok_bypassPending');
    expect((await call('POST', '/v1/transfers', 'amount=100&currency=usd&destination=acct_1Prod')).status).toBe(200);
  });

  it('a subscription is made up too, and a price is paid every month where a call is about one', async () => {
    const call = desk({ unknownIds: 'adopt' });
    expect((await call('GET', '/v1/subscriptions/sub_1Prod')).body).toMatchObject({ status: 'active', customer: 'cus_1Prod', items: { data: [{ price: { id: 'price_1Prod', product: 'prod_1Prod' } }] } });
    expect((await call('POST', '/v1/subscriptions/sub_1Prod', 'cancel_at_period_end=true')).body).toMatchObject({ cancel_at_period_end: true });
    expect((await call('DELETE', '/v1/subscriptions/sub_1Prod')).body).toMatchObject({ status: 'canceled' });
    expect((await call('GET', '/v1/customers/cus_2Prod/payment_methods/pm_1Prod')).body).toMatchObject({ customer: 'cus_2Prod' });
    expect((await call('POST', '/v1/subscriptions', 'customer=cus_2Prod&items[0][price]=price_2Prod&default_payment_method=pm_1Prod')).body).toMatchObject({ status: 'active', items: { data: [{ price: { id: 'price_2Prod', recurring: { interval: 'month' } } }] } });
    const urls = 'success_url=https%3A%2F%2Fx.test';
    expect((await call('POST', '/v1/checkout/sessions', `mode=subscription&${urls}&line_items[0][price]=price_3Prod&line_items[0][quantity]=1`)).body).toMatchObject({ amount_total: 1000, mode: 'subscription' });
    expect((await call('POST', '/v1/checkout/sessions', `mode=payment&${urls}&line_items[0][price]=price_4Prod&line_items[0][quantity]=2`)).body).toMatchObject({ amount_total: 2000, mode: 'payment' });
  });

  it('what has another prefix, is no id, or was never paid here stays unknown', async () => {
    const call = desk({ unknownIds: 'adopt' });
    for (const path of ['/v1/customers/pi_1', '/v1/customers/cus_', '/v1/customers/cus_a b', '/v1/customers/cus_1_2', '/v1/payment_intents/pi_1abc', '/v1/charges/ch_1abc', '/v1/refunds/re_1abc', '/v1/coupons/SUMMER', '/v1/products/book']) {
      expect([path, (await call('GET', path.replace(' ', '%20'))).body.error['code']]).toEqual([path, 'resource_missing']);
    }
    expect((await call('POST', '/v1/payment_intents', 'amount=500&currency=eur&payment_method=pm_card_nothing&confirm=true')).body.error).toMatchObject({ code: 'resource_missing', param: 'payment_method' });
    expect((await call('GET', '/v1/customers')).body.data).toEqual([]);
  });

  it('an id of the caller\'s own is free, and a cursor is none', async () => {
    const call = desk({ unknownIds: 'adopt' });
    expect((await call('POST', '/v1/products', 'id=prod_mine&name=Book')).body).toMatchObject({ id: 'prod_mine', name: 'Book' });
    expect((await call('GET', '/v1/customers?starting_after=cus_Prod1')).body.error).toMatchObject({ param: 'starting_after' });
  });

  it('nothing is adopted where they are not', async () => {
    expect((await desk()('GET', '/v1/customers/cus_Prod1')).status).toBe(404);
  });

  it('and that is what the provider says of itself', () => {
    expect(stripe.adopts).toEqual(['customer', 'payment_method', 'product', 'price', 'subscription', 'account']);
  });
});
