import { createHmac } from 'node:crypto';
import { cancelSubscription, createCheckout, createCustomer, getAuthenticatedUser, getCheckout, getOrder, issueOrderRefund, lemonSqueezySetup, listCheckouts, listCustomers, listStores, updateCustomer } from '@lemonsqueezy/lemonsqueezy.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lemonsqueezy } from '../../src/providers/lemonsqueezy/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** @lemonsqueezy/lemonsqueezy.js 4.0.0: it throws nothing, what went wrong is in `error`. */
let vendor: VendorServer;
beforeEach(async () => {
  vendor = await serveVendor(lemonsqueezy, 'api.lemonsqueezy.com');
  const fetched = fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => fetched(String(url).replace('https://api.lemonsqueezy.com', `http://127.0.0.1:${vendor.port}`), init));
  lemonSqueezySetup({ apiKey: 'ls-fake-key' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.close();
});

it('makes a checkout with a page to pay on, reads and lists it', async () => {
  const { data, error, statusCode } = await createCheckout(1, 2, { customPrice: 1999, testMode: true, checkoutData: { email: 'ann@example.test', custom: { user_id: '1' }, variantQuantities: [{ variantId: 2, quantity: 2 }] }, productOptions: { redirectUrl: 'https://shop.example.test/' } });
  expect([error, statusCode]).toEqual([null, 201]);
  expect(data?.data.attributes).toMatchObject({ url: `http://127.0.0.1:8025/pay/checkout/${data!.data.id}`, custom_price: 1999, test_mode: true, checkout_data: { email: 'ann@example.test', custom: { user_id: '1' } }, product_options: { redirect_url: 'https://shop.example.test/' } });
  expect((await getCheckout(data!.data.id)).data?.data.id).toBe(data!.data.id);
  await createCheckout('1', '2');
  const listed = await listCheckouts({ filter: { storeId: 1 }, page: { size: 1 } });
  expect([listed.data?.data.length, listed.data?.meta.page.total]).toEqual([1, 2]);
  expect(vendor.calls[0]?.decoded).toMatchObject({ effects: [{ operation: 'checkouts.create', liveness: 'test', recipients: [{ address: 'ann@example.test', kind: 'email', role: 'customer' }], keys: [{ name: 'user_id', value: '1' }] }] });
});

it('keeps customers, and knows who asks', async () => {
  const made = await createCustomer(1, { name: 'Ann', email: 'ann@example.test' });
  expect((await updateCustomer(made.data!.data.id, { city: 'Lyon' })).data?.data.attributes.city).toBe('Lyon');
  expect((await listCustomers({ filter: { email: 'ann@example.test' } })).data?.data).toHaveLength(1);
  expect((await getAuthenticatedUser()).data?.data.type).toBe('users');
  expect((await listStores()).data?.data).toEqual([]);
});

it('returns its own error for an unknown order and a wrong refund', async () => {
  const unknown = await getOrder('404');
  expect(unknown).toMatchObject({ statusCode: 404, error: { name: 'Lemon Squeezy Error', message: 'Not Found', cause: [{ status: '404', title: 'Not Found' }] } });
  for (const { statusCode } of [await issueOrderRefund('404', 100), await cancelSubscription('404')]) expect(statusCode).toBe(404);
});

it('returns its own error with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const { error, statusCode } = await createCheckout(1, 2);
  expect([statusCode, error?.name]).toEqual([403, 'Lemon Squeezy Error']);
  expect(error?.cause).toMatchObject([{ detail: expect.stringContaining('no-payments: staging never pays') }]);
  expect(vendor.calls).toHaveLength(1);
});

/** The SDK verifies nothing: as https://docs.lemonsqueezy.com/help/webhooks/signing-requests does. */
it('signs a webhook so that the application finds it genuine', () => {
  const body = '{"meta":{"event_name":"order_created"}}';
  const signed = lemonsqueezy.sign({ method: 'POST', url: 'https://shop.example.test/', headers: [['X-Event-Name', 'order_created']], contentType: 'application/json', body }, 'a signing secret');
  expect(new Map(signed.headers)).toEqual(new Map([['X-Event-Name', 'order_created'], ['X-Signature', createHmac('sha256', 'a signing secret').update(body, 'utf8').digest('hex')]]));
});
