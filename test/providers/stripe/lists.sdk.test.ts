import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames } from '../../../src/providers/stripe/families.ts';
import { loopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';

/** stripe 23.1.0 over a real socket: every list and every search, page by page */
let at: Loopback;
let customer: string;
let transfer: string;
let charge: string;
let subscription: string;
let invoice: string;
let session: string;
let link: string;

beforeAll(async () => {
  at = await loopback();
  const { sdk } = at;
  const card = { payment_method: 'pm_card_visa', confirm: true, return_url: 'https://shop.example/done' } as const;
  customer = (await sdk.customers.create({ name: 'Ann', metadata: { n: 'x' } })).id;
  charge = (await sdk.charges.create({ amount: 90_000, currency: 'usd', source: 'tok_bypassPending' })).id;
  const seller = await sdk.accounts.create({ type: 'custom', capabilities: { transfers: { requested: true } }, tos_acceptance: { date: 1 } });
  for (let n = 0; n < 3; n += 1) {
    await sdk.customers.create({ name: 'Ann' });
    await sdk.paymentMethods.attach('pm_card_visa', { customer });
    await sdk.paymentIntents.create({ amount: 500, currency: 'eur', ...card });
    await sdk.setupIntents.create({ ...card });
    await sdk.refunds.create({ charge, amount: 10 });
    const product = await sdk.products.create({ name: 'Book' });
    await sdk.prices.create({ product: product.id, currency: 'eur', unit_amount: 1 });
    const coupon = await sdk.coupons.create({ percent_off: 10 });
    await sdk.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } });
    await sdk.payouts.create({ amount: 100, currency: 'usd' });
    transfer = (await sdk.transfers.create({ amount: 100, currency: 'usd', destination: seller.id })).id;
    await sdk.webhookEndpoints.create({ url: 'https://shop.example/hook', enabled_events: ['*'] });
    await sdk.accounts.create({ type: 'express' });
    const file = await sdk.files.create({ purpose: 'dispute_evidence', file: { data: Buffer.from('hello'), name: 'f.txt', type: 'text/plain' } });
    await sdk.fileLinks.create({ file: file.id });
  }
  for (let n = 0; n < 3; n += 1) await sdk.transfers.createReversal(transfer, { amount: 1 });
  const pen = { price_data: { currency: 'eur', unit_amount: 100, product_data: { name: 'Pen' } }, quantity: 1 } as const;
  session = (await sdk.checkout.sessions.create({ mode: 'payment', success_url: 'https://shop.example/done', line_items: [pen, pen, pen] })).id;
  const monthly = await sdk.prices.create({ currency: 'usd', unit_amount: 100, product_data: { name: 'Gold' }, recurring: { interval: 'month' } });
  for (let n = 0; n < 3; n += 1) {
    subscription = (await sdk.subscriptions.create({ customer, items: [{ price: monthly.id }], default_payment_method: (await sdk.customers.listPaymentMethods(customer)).data[0]!.id })).id;
    await sdk.checkout.sessions.create({ mode: 'payment', success_url: 'https://shop.example/done', line_items: [pen] });
    link = (await sdk.paymentLinks.create({ line_items: [pen, pen, pen] })).id;
    await sdk.shippingRates.create({ display_name: 'Post', type: 'fixed_amount', fixed_amount: { amount: 1, currency: 'eur' } });
    invoice = (await sdk.invoices.create({ customer, auto_advance: false, currency: 'usd' })).id!;
  }
  for (let n = 0; n < 3; n += 1) await sdk.invoiceItems.create({ customer, invoice, amount: 100, currency: 'usd' });
  for (let n = 0; n < 2; n += 1) {
    const other = await sdk.prices.create({ currency: 'usd', unit_amount: 100, product_data: { name: 'More' }, recurring: { interval: 'month' } });
    await sdk.subscriptionItems.create({ subscription, price: other.id });
  }
});
afterAll(() => at.close());

type Listing = (sdk: Stripe, params: { readonly limit: number; readonly ending_before?: string }) => Stripe.ApiListPromise<{ readonly id: string }>;

/** by the operation's name */
const lists: Readonly<Record<string, Listing>> = {
  'customers.list': (sdk, params) => sdk.customers.list(params), 'payment_methods.list': (sdk, params) => sdk.paymentMethods.list({ customer, ...params }),
  'customers.list_payment_methods': (sdk, params) => sdk.customers.listPaymentMethods(customer, params), 'payment_intents.list': (sdk, params) => sdk.paymentIntents.list(params),
  'setup_intents.list': (sdk, params) => sdk.setupIntents.list(params), 'charges.list': (sdk, params) => sdk.charges.list(params), 'refunds.list': (sdk, params) => sdk.refunds.list(params),
  'products.list': (sdk, params) => sdk.products.list(params), 'prices.list': (sdk, params) => sdk.prices.list(params), 'coupons.list': (sdk, params) => sdk.coupons.list(params),
  'promotion_codes.list': (sdk, params) => sdk.promotionCodes.list(params), 'payouts.list': (sdk, params) => sdk.payouts.list(params), 'transfers.list': (sdk, params) => sdk.transfers.list(params),
  'transfers.list_reversals': (sdk, params) => sdk.transfers.listReversals(transfer, params), 'balance_transactions.list': (sdk, params) => sdk.balanceTransactions.list(params),
  'events.list': (sdk, params) => sdk.events.list(params), 'webhook_endpoints.list': (sdk, params) => sdk.webhookEndpoints.list(params), 'accounts.list': (sdk, params) => sdk.accounts.list(params),
  'files.list': (sdk, params) => sdk.files.list(params), 'file_links.list': (sdk, params) => sdk.fileLinks.list(params), 'checkout.sessions.list': (sdk, params) => sdk.checkout.sessions.list(params),
  'checkout.sessions.list_line_items': (sdk, params) => sdk.checkout.sessions.listLineItems(session, params), 'payment_links.list': (sdk, params) => sdk.paymentLinks.list(params), 'payment_links.list_line_items': (sdk, params) => sdk.paymentLinks.listLineItems(link, params),
  'shipping_rates.list': (sdk, params) => sdk.shippingRates.list(params),
  'subscriptions.list': (sdk, params) => sdk.subscriptions.list(params), 'subscription_items.list': (sdk, params) => sdk.subscriptionItems.list({ subscription, ...params }),
  'invoices.list': (sdk, params) => sdk.invoices.list(params) as unknown as ReturnType<Listing>, 'invoices.list_line_items': (sdk, params) => sdk.invoices.listLineItems(invoice, params),
  'invoice_items.list': (sdk, params) => sdk.invoiceItems.list(params), 'invoice_payments.list': (sdk, params) => sdk.invoicePayments.list(params),
};
/** the SDK has no call of the older way to a charge's refunds; disputes only happen to a call, afterwards */
const without = ['charges.list_refunds', 'disputes.list'];

describe('the official SDK', () => {
  it('raises StripeCardError with the code of the rule, once, when a rule says that the bank declines', async () => {
    const declining = await loopback({}, { declined: { code: 'insufficient_funds' } });
    const pay = () => declining.sdk.paymentIntents.create({ amount: 500, currency: 'eur', payment_method: 'pm_card_visa', confirm: true, return_url: 'https://shop.example/done' });
    await expect(pay()).rejects.toMatchObject({ type: 'StripeCardError', statusCode: 402, code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' });
    await expect(declining.sdk.charges.create({ amount: 500, currency: 'eur', source: 'tok_visa' })).rejects.toMatchObject({ type: 'StripeCardError', decline_code: 'insufficient_funds' });
    expect(declining.calls()).toBe(2);
    await declining.close();
  });

  it('finds the customers and prices of a restored database where unknown ids are adopted', async () => {
    const restored = await loopback({}, { unknownIds: 'adopt' });
    const made = await restored.sdk.subscriptions.create({ customer: 'cus_Prod1', items: [{ price: 'price_1Prod' }], default_payment_method: 'pm_1Prod', expand: ['customer', 'items.data.price.product'] });
    expect(made).toMatchObject({ status: 'active', customer: { id: 'cus_Prod1' }, items: { data: [{ price: { id: 'price_1Prod', product: { object: 'product' } } }] } });
    expect((await restored.sdk.customers.retrieve('cus_Prod1')).id).toBe('cus_Prod1');
    await expect(restored.sdk.paymentIntents.retrieve('pi_1Prod')).rejects.toMatchObject({ type: 'StripeInvalidRequestError', code: 'resource_missing' });
    await restored.close();
  });
});

describe('the official SDK reads page after page', () => {
  it('of every list that is simulated', () => {
    const simulated = operationNames.filter((name) => /^list(?:_|$)/.test(name.split('.').at(-1)!));
    expect([...Object.keys(lists), ...without].toSorted()).toEqual(simulated.toSorted());
  });

  it.each(Object.entries(lists))('of %s, forwards and backwards', async (_, list) => {
    const ids = (await list(at.sdk, { limit: 100 })).data.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ids).size).toBe(ids.length);
    const forwards: string[] = [];
    for await (const { id } of list(at.sdk, { limit: ids.length < 100 ? 2 : 30 })) forwards.push(id);
    expect(new Set(forwards).size).toBe(forwards.length);
    expect(ids.length < 100 ? forwards : forwards.slice(0, 100)).toEqual(ids);
    const back: string[] = [];
    for await (const { id } of list(at.sdk, { limit: 1, ending_before: ids[2]! })) back.push(id);
    expect(back).toEqual([ids[1], ids[0]]);
  });

  it.each<[string, (sdk: Stripe, limit: number) => Stripe.ApiSearchResultPromise<{ readonly id: string }>]>([
    ['customers', (sdk, limit) => sdk.customers.search({ query: 'name:"ann"', limit })], ['charges', (sdk, limit) => sdk.charges.search({ query: 'currency:"eur"', limit })],
    ['paymentIntents', (sdk, limit) => sdk.paymentIntents.search({ query: 'status:"succeeded"', limit })], ['prices', (sdk, limit) => sdk.prices.search({ query: 'active:"true"', limit })],
    ['products', (sdk, limit) => sdk.products.search({ query: 'name~"boo"', limit })], ['subscriptions', (sdk, limit) => sdk.subscriptions.search({ query: 'status:"active"', limit })],
    ['invoices', (sdk, limit) => sdk.invoices.search({ query: 'status:"paid" AND total>1', limit }) as unknown as Stripe.ApiSearchResultPromise<{ readonly id: string }>],
  ])('of a search for %s', async (_, search) => {
    const ids = (await search(at.sdk, 100)).data.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    const found: string[] = [];
    for await (const { id } of search(at.sdk, 2)) found.push(id);
    expect(found).toEqual(ids);
  });

  it('and raises its own error for a query that cannot be read, once', async () => {
    const before = at.calls();
    await expect(at.sdk.customers.search({ query: 'name' })).rejects.toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param: 'query' });
    expect(at.calls() - before).toBe(1);
  });

  it('and uploads a file, and links to it', async () => {
    const file = await at.sdk.files.create({ purpose: 'identity_document', file: { data: Buffer.from('abc'), name: 'passport.png', type: 'image/png' } }, { idempotencyKey: 'file-1' });
    expect(file).toMatchObject({ size: 3, type: 'png', filename: 'passport.png' });
    expect((await at.sdk.files.retrieve(file.id, { expand: ['links.data.file'] })).links!.data).toEqual([]);
    const shared = await at.sdk.fileLinks.create({ file: file.id, expand: ['file'] });
    expect(shared.file).toMatchObject({ id: file.id });
    expect((await at.sdk.fileLinks.update(shared.id, { expires_at: 'now' })).expired).toBe(true);
  });

  it('and gets v2 calls refused by name, once, as the error they are', async () => {
    for (const [call, name] of [
      [() => at.sdk.v2.core.accounts.create({ contact_email: 'a@example.com' }), 'POST /v2/core/accounts (v2.core.accounts.create)'], [() => at.sdk.v2.core.events.retrieve('evt_1'), 'GET /v2/core/events/{id} (v2.core.events.retrieve)'],
      [() => at.sdk.v2.core.eventDestinations.del('ed_1'), 'DELETE /v2/core/event_destinations/{id} (v2.core.event_destinations.delete)'],
    ] as const) {
      const before = at.calls();
      await expect(call()).rejects.toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, code: 'fourthwall_not_simulated', message: expect.stringContaining(`fourthwall does not simulate ${name}`) });
      expect(at.calls() - before).toBe(1);
    }
  });

  it('and is told the version it asked for', async () => {
    expect((await at.sdk.balance.retrieve({}, { apiVersion: '2024-06-20' })).lastResponse.apiVersion).toBe('2024-06-20');
    expect((await at.sdk.balance.retrieve()).lastResponse.apiVersion).toBe('2026-10-28.endive');
  });
});
