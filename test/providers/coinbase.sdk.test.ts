// @ts-expect-error it comes without types
import coinbaseCommerce from 'coinbase-commerce-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { coinbase } from '../../src/providers/coinbase/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** coinbase-commerce-node 1.0.4 */
// oxlint-disable-next-line typescript/no-explicit-any
const { Client, resources, Webhook } = coinbaseCommerce as any;
let vendor: VendorServer;
beforeEach(async () => {
  vendor = await serveVendor(coinbase, 'api.commerce.coinbase.com');
  // it warns of a base URL without TLS
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  Client.init('x'.repeat(36), `http://127.0.0.1:${vendor.port}/`);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.close();
});

const order = { name: 'Order 1', description: 'a shirt', pricing_type: 'fixed_price', local_price: { amount: '100.00', currency: 'USD' }, metadata: { order_id: '1' } };
const failure = async (call: Promise<unknown>): Promise<Error> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error as Error);

it('makes a charge with a page to pay on, reads it by id and code, and lists all', async () => {
  const charge = await resources.Charge.create(order);
  expect(charge.hosted_url).toBe(`http://127.0.0.1:8025/pay/charge/${charge.id}`);
  expect((await resources.Charge.retrieve(charge.id)).code).toBe(charge.code);
  expect((await resources.Charge.retrieve(charge.code)).timeline.map(({ status }: { status: string }) => status)).toEqual(['NEW']);
  const ids = [charge.id];
  for (let n = 0; n < 4; n += 1) ids.unshift((await resources.Charge.create(order)).id);
  expect((await resources.Charge.all({ limit: 2 })).map(({ id }: { id: string }) => id)).toEqual(ids);
  const [page, pagination] = await resources.Charge.list({ limit: 3 });
  expect([page.length, pagination.total, pagination.cursor_range]).toEqual([3, 5, [ids[0], ids[2]]]);
});

it('makes, changes and deletes a checkout', async () => {
  const checkout = await resources.Checkout.create({ ...order, requested_info: ['email'] });
  expect(await resources.Checkout.updateById(checkout.id, { name: 'Order 2' })).toMatchObject({ id: checkout.id, name: 'Order 2', requested_info: ['email'] });
  await resources.Checkout.deleteById(checkout.id);
  expect((await failure(resources.Checkout.retrieve(checkout.id))).constructor.name).toBe('ResourceNotFoundError');
});

it('tells of a charge in an event that the SDK verifies and reads', async () => {
  const charge = await resources.Charge.create(order);
  const [{ body, contentType, method, headers }] = vendor.callbacks as [typeof vendor.callbacks[number]];
  const signed = coinbase.sign({ method, url: 'https://shop.example.test/w', headers, contentType, body }, 'shared-secret');
  const signature = signed.headers.find(([name]) => name === 'X-CC-Webhook-Signature')![1];
  const event = Webhook.verifyEventBody(body, signature, 'shared-secret');
  expect([event.type, event.data.id]).toEqual(['charge:created', charge.id]);
  expect(() => Webhook.verifySigHeader(body, signature, 'another')).toThrow();
  expect((await resources.Event.retrieve(event.id)).data.code).toBe(charge.code);
});

it.each([
  [{ ...order, name: undefined }, 'ParamRequiredError', 'name is required.'],
  [{ ...order, local_price: { amount: '10.001', currency: 'USD' } }, 'InvalidRequestError', expect.stringContaining('local_price is no amount')],
])('raises its own error for %j', async (body, type, message) => {
  const error = await failure(resources.Charge.create(body));
  expect([error.constructor.name, error.message]).toEqual([type, message]);
});

it('raises its own error with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const error = await failure(resources.Charge.create(order));
  expect([error.constructor.name, error.message]).toEqual(['InvalidRequestError', expect.stringContaining('no-payments: staging never pays')]);
  expect(vendor.calls).toHaveLength(1);
});
