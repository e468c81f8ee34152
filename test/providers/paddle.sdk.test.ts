import { ApiError, Environment, EventName, Paddle } from '@paddle/paddle-node-sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paddle } from '../../src/providers/paddle/index.ts';
import { fixedNow } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** @paddle/paddle-node-sdk 3.10.0 */
let vendor: VendorServer;
const client = new Paddle('pdl_sdbx_FAKE', { environment: Environment.sandbox });
beforeEach(async () => {
  vendor = await serveVendor(paddle, 'sandbox-api.paddle.com');
  const fetched = fetch;
  // The SDK calls the sandbox by fetch: only where it goes is changed.
  vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => fetched(String(url).replace('https://sandbox-api.paddle.com', `http://127.0.0.1:${vendor.port}`), init));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.close();
});

const price = { description: 'Pro', name: 'Pro', unitPrice: { amount: '1999', currencyCode: 'EUR' as const }, product: { name: 'Pro', taxCategory: 'saas' as const }, taxMode: 'internal' as const, billingCycle: { interval: 'month' as const, frequency: 1 } };
const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error);

async function buyer() {
  const customer = await client.customers.create({ email: 'ann@example.test', name: 'Ann' });
  const address = await client.addresses.create(customer.id, { countryCode: 'DE' });
  return { customerId: customer.id, addressId: address.id };
}

it('makes a transaction with a page to pay on, reads, changes, lists and cancels it', async () => {
  const made = await client.transactions.create({ items: [{ quantity: 2, price }], customData: { orderId: '1' }, ...await buyer() });
  expect(made).toMatchObject({ status: 'ready', customData: { orderId: '1' }, details: { totals: { grandTotal: '3998' } }, checkout: { url: `http://127.0.0.1:8025/pay/transaction/${made.id}` } });
  expect(await client.transactions.get(made.id, { include: ['customer'] })).toMatchObject({ id: made.id, customer: { email: 'ann@example.test' } });
  expect((await client.transactions.update(made.id, { customData: { orderId: '2' } })).customData).toEqual({ orderId: '2' });
  const other = await client.transactions.create({ items: [{ quantity: 1, price }] });
  const seen: string[] = [];
  for await (const { id } of client.transactions.list({ perPage: 1 })) seen.push(id);
  expect(seen).toEqual([other.id, made.id]);
  expect((await client.transactions.update(made.id, { status: 'canceled' })).status).toBe('canceled');
  expect(vendor.calls[0]?.decoded).toMatchObject({ effects: [{ operation: 'customers.create', liveness: 'test', recipients: [{ address: 'ann@example.test', kind: 'email', role: 'customer' }] }] });
});

it('keeps a catalogue and sells from it', async () => {
  const product = await client.products.create({ name: 'Pro', taxCategory: 'saas' });
  const kept = await client.prices.create({ description: 'Monthly', productId: product.id, unitPrice: price.unitPrice, billingCycle: price.billingCycle });
  expect((await client.prices.get(kept.id, { include: ['product'] })).product?.name).toBe('Pro');
  expect((await client.transactions.create({ items: [{ priceId: kept.id, quantity: 1 }] })).items[0]?.price?.id).toBe(kept.id);
  const all: string[] = [];
  for await (const { id } of client.prices.list()) all.push(id);
  expect([all, (await client.products.list().next()).map(({ id }) => id)]).toEqual([[kept.id], [product.id]]);
});

it('takes the webhooks of a whole subscription for what they are', async () => {
  const at = teller(paddle, 'sandbox-api.paddle.com', [['Authorization', 'bearer pdl_sdbx_FAKE']]);
  const made = await at.say('POST', '/transactions', { items: [{ quantity: 1, price: { description: 'Pro', product: { name: 'Pro' }, unit_price: { amount: '1999', currency_code: 'EUR' }, billing_cycle: { interval: 'month', frequency: 1 } } }] });
  await at.choose(made.body.data.checkout.url, 'decline');
  await at.choose(made.body.data.checkout.url, 'pay');
  await at.happen('subscription.updated', made);
  const refund = await at.say('POST', '/adjustments', { action: 'refund', reason: 'x', type: 'full', transaction_id: made.body.data.id });
  await at.happen('adjustment.updated', refund);
  await at.happen('subscription.canceled', made);
  vi.useFakeTimers({ now: fixedNow, toFake: ['Date'] });
  const types = new Set<string>();
  for (const draft of at.callbacks) {
    const signed = paddle.sign({ ...draft, url: 'https://shop.example.test/' }, 'a webhook secret', fixedNow);
    const { eventType, data } = await client.webhooks.unmarshal(signed.body, 'a webhook secret', new Map(signed.headers).get('Paddle-Signature')!);
    expect([eventType, (data as { id: string }).id]).toEqual([draft.event, draft.object]);
    types.add(eventType);
  }
  vi.useRealTimers();
  expect([...types]).toEqual(expect.arrayContaining(['transaction.payment_failed', 'transaction.completed', 'subscription.created', 'subscription.canceled', 'adjustment.created', 'adjustment.updated']));
});

it('takes its own webhooks: signed, and of its own types', async () => {
  await buyer();
  vi.useFakeTimers({ now: fixedNow, toFake: ['Date'] });
  for (const { method, headers, body, contentType, event } of vendor.callbacks) {
    const signed = paddle.sign({ method, headers, body, contentType, url: 'https://shop.example.test/' }, 'a webhook secret', fixedNow);
    const signature = new Map(signed.headers).get('Paddle-Signature')!;
    expect((await client.webhooks.unmarshal(signed.body, 'a webhook secret', signature)).eventType).toBe(event);
    expect(await failure(client.webhooks.unmarshal(signed.body, 'another', signature))).toBeInstanceOf(Error);
  }
  expect(vendor.callbacks.map(({ event }) => event)).toEqual([EventName.CustomerCreated, EventName.AddressCreated]);
  vi.useRealTimers();
});

it('raises its own errors for what Paddle would refuse', async () => {
  const error = await failure(client.transactions.get('txn_nobody'));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: 'not_found', detail: 'Entity txn_nobody not found' });
  expect(await failure(client.transactions.create({ items: [{ priceId: 'pri_nobody', quantity: 1 }] }))).toMatchObject({ code: 'transaction_price_not_found' });
  expect(await failure(client.subscriptions.cancel('sub_nobody', { effectiveFrom: 'immediately' }))).toMatchObject({ code: 'not_found' });
  expect(await failure(client.adjustments.create({ action: 'refund', reason: 'x', transactionId: 'txn_nobody', type: 'full' }))).toMatchObject({ code: 'not_found' });
});

it('raises its own error with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const error = await failure(client.transactions.create({ items: [{ priceId: 'pri_1', quantity: 1 }] }));
  expect(error).toBeInstanceOf(ApiError);
  expect((error as Error).message).toContain('no-payments: staging never pays');
  expect(vendor.calls).toHaveLength(1);
});
