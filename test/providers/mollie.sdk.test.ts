import { connect } from 'node:net';
import { Agent } from 'node:https';
import { createMollieClient, MollieApiError, PaymentStatus, SequenceType } from '@mollie/api-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mollie } from '../../src/providers/mollie/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** @mollie/api-client 4.6.0 */
let vendor: VendorServer;
let client: ReturnType<typeof createMollieClient>;
beforeEach(async () => {
  vendor = await serveVendor(mollie, 'api.mollie.com');
  // The SDK speaks https by an agent of its own: its requests are put on a plain connection to the server.
  const prototype = Agent.prototype as unknown as { createConnection: () => unknown };
  vi.spyOn(prototype, 'createConnection').mockImplementation(() => connect(vendor.port, '127.0.0.1'));
  client = createMollieClient({ apiKey: `test_${'x'.repeat(30)}` });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await vendor.close();
});

const order = { amount: { currency: 'EUR', value: '10.00' }, description: 'Order 1', redirectUrl: 'https://shop.example.test/', webhookUrl: 'https://shop.example.test/w', metadata: { order_id: '1' } };

it('makes a payment with a page to pay on, reads, changes, lists and pages it', async () => {
  const payment = await client.payments.create(order);
  expect(payment.getCheckoutUrl()).toBe(`http://127.0.0.1:8025/pay/payment/${payment.id}`);
  expect(await client.payments.get(payment.id)).toMatchObject({ id: payment.id, status: PaymentStatus.open, metadata: { order_id: '1' } });
  expect((await client.payments.update(payment.id, { description: 'Order 2' })).description).toBe('Order 2');
  const other = await client.payments.create(order);
  expect((await client.payments.page({ limit: 1 })).map(({ id }) => id)).toEqual([other.id]);
  const seen: string[] = [];
  for await (const { id } of client.payments.iterate()) seen.push(id);
  expect(seen).toEqual([other.id, payment.id]);
});

it('takes a recurring payment from a customer, refunds it and reads the refund', async () => {
  const customer = await client.customers.create({ name: 'Ann', email: 'ann@example.test' });
  const mandate = await client.customerMandates.create({ customerId: customer.id, method: 'paypal' as never, consumerName: 'Ann' });
  expect(await client.customerMandates.get(mandate.id, { customerId: customer.id })).toMatchObject({ id: mandate.id, status: 'valid' });
  const payment = await client.payments.create({ ...order, sequenceType: SequenceType.recurring, customerId: customer.id });
  expect([payment.status, payment.mandateId]).toEqual(['paid', mandate.id]);
  expect(vendor.callbacks.map(({ target, body }) => [target, body])).toEqual([['https://shop.example.test/w', `id=${payment.id}`]]);
  const refund = await client.paymentRefunds.create({ paymentId: payment.id, amount: { currency: 'EUR', value: '5.95' } });
  expect((await client.paymentRefunds.get(refund.id, { paymentId: payment.id })).status).toBe('pending');
  await client.paymentRefunds.cancel(refund.id, { paymentId: payment.id });
  expect((await client.payments.get(payment.id)).amountRemaining).toEqual({ value: '10.00', currency: 'EUR' });
  expect(vendor.calls[0]?.decoded).toMatchObject({ effects: [{ operation: 'customers.create', liveness: 'test', recipients: [{ address: 'ann@example.test', kind: 'email', role: 'customer' }] }] });
});

it('cancels a transfer', async () => {
  const payment = await client.payments.create({ ...order, method: 'banktransfer' as never });
  expect((await client.payments.cancel(payment.id)).status).toBe('canceled');
});

const failure = async (call: Promise<unknown>): Promise<unknown> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error);

it('raises its own error for an unknown payment and a wrong amount', async () => {
  expect(await failure(client.payments.get('tr_nobody1234'))).toMatchObject({ statusCode: 404, message: 'No payment exists with token tr_nobody1234.' });
  const error = await failure(client.payments.create({ ...order, amount: { currency: 'EUR', value: '0.00' } }));
  expect(error).toBeInstanceOf(MollieApiError);
  expect(error).toMatchObject({ statusCode: 422, field: 'amount' });
});

it('raises its own error with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const error = await failure(client.payments.create(order));
  expect(error).toBeInstanceOf(MollieApiError);
  expect(error).toMatchObject({ statusCode: 403, message: expect.stringContaining('no-payments: staging never pays') });
  expect(vendor.calls).toHaveLength(1);
});
