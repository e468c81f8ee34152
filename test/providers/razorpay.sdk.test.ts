import Razorpay from 'razorpay';
import { validatePaymentVerification } from 'razorpay/dist/utils/razorpay-utils.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { razorpay } from '../../src/providers/razorpay/index.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** razorpay 2.9.8 */
let vendor: VendorServer;
let client: Razorpay;
const secret = 'FAKEsecretFAKEsecretFAKE';
beforeEach(async () => {
  vendor = await serveVendor(razorpay, 'api.razorpay.com');
  client = new Razorpay({ key_id: ['rzp', 'test', 'FAKE0000000000'].join('_'), key_secret: secret });
  // its host is fixed
  (client as unknown as { api: { rq: { defaults: { baseURL: string } } } }).api.rq.defaults.baseURL = `http://127.0.0.1:${vendor.port}`;
});
afterEach(() => vendor.close());

const thrown = (call: Promise<unknown>): Promise<unknown> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error);

it('makes, reads, edits and lists orders', async () => {
  const order = await client.orders.create({ amount: 50000, currency: 'INR', receipt: 'A-1', notes: { k: 'v' } });
  expect(order).toMatchObject({ entity: 'order', amount: 50000, amount_due: 50000, status: 'created', receipt: 'A-1', notes: { k: 'v' } });
  expect(await client.orders.fetch(order.id)).toEqual(order);
  expect((await client.orders.edit(order.id, { notes: { k: 'w' } })).notes).toEqual({ k: 'w' });
  const other = await client.orders.create({ amount: 100, currency: 'INR' });
  expect((await client.orders.all({ count: 1 })).items.map(({ id }) => id)).toEqual([other.id]);
  expect((await client.orders.all({ receipt: 'A-1' } as never)).items.map(({ id }) => id)).toEqual([order.id]);
  expect((await client.orders.fetchPayments(order.id)).items).toEqual([]);
});

it('charges a token, proves it with the key\'s secret, captures, refunds and reads the refund', async () => {
  const customer = await client.customers.create({ name: 'Ann', email: 'ann@example.test', contact: '9000090000' });
  expect((await client.customers.edit(customer.id, { name: 'Ann B' })).name).toBe('Ann B');
  expect((await client.customers.all()).items).toHaveLength(1);
  const order = await client.orders.create({ amount: 1000, currency: 'INR' });
  const made = await client.payments.createRecurringPayment({ email: 'ann@example.test', contact: '9000090000', amount: 1000, currency: 'INR', order_id: order.id, customer_id: customer.id, token: 'token_1Aa00000000001', recurring: true, description: 'Rent', notes: {} } as never);
  expect(validatePaymentVerification({ order_id: order.id, payment_id: made.razorpay_payment_id! }, made.razorpay_signature!, secret)).toBe(true);
  const id = made.razorpay_payment_id!;
  expect((await client.payments.fetch(id)).status).toBe('authorized');
  expect(await client.payments.capture(id, 1000, 'INR')).toMatchObject({ status: 'captured', captured: true });
  expect(await client.orders.fetch(order.id)).toMatchObject({ status: 'paid', amount_paid: 1000, amount_due: 0 });
  const refund = await client.payments.refund(id, { amount: 300, speed: 'normal' });
  expect(await client.refunds.fetch(refund.id)).toMatchObject({ payment_id: id, amount: 300, status: 'processed' });
  expect((await client.payments.fetchMultipleRefund(id)).items).toHaveLength(1);
  expect((await client.payments.fetch(id))).toMatchObject({ amount_refunded: 300, refund_status: 'partial' });
});

it('makes a payment link, notifies, edits, lists and cancels it', async () => {
  const link = await client.paymentLink.create({ amount: 500, currency: 'INR', description: 'x', reference_id: 'R-1', customer: { name: 'Ann', email: 'ann@example.test', contact: '+15005550006' }, notify: { sms: true, email: true }, callback_url: 'https://shop.example.test/paid', callback_method: 'get' });
  expect(link.short_url).toBe(`http://127.0.0.1:8025/pay/payment_link/${link.id}`);
  expect(await client.paymentLink.notifyBy(link.id, 'email')).toEqual({ success: true });
  expect((await client.paymentLink.edit(link.id, { reference_id: 'R-2' } as never)).reference_id).toBe('R-2');
  expect((await client.paymentLink.all()).payment_links.map(({ id }) => id)).toEqual([link.id]);
  expect((await client.paymentLink.cancel(link.id)).status).toBe('cancelled');
  expect((await client.paymentLink.fetch(link.id)).status).toBe('cancelled');
});

it('signs webhooks as its verifier wants them', async () => {
  await client.orders.create({ amount: 1000, currency: 'INR' });
  const { request, decoded } = vendor.calls[0]!;
  const kept = memory();
  const { reply, remember } = await razorpay.simulate(request, decoded, kept.context());
  kept.keep(remember ?? []);
  const told = await razorpay.later({ name: 'payment.captured', recipient: null, detail: null }, { request, decoded, reply }, kept.context({ call: 2 }));
  expect(told.callbacks?.map(({ event }) => event)).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
  for (const draft of told.callbacks ?? []) {
    const signed = razorpay.sign({ ...draft, url: 'https://shop.example.test/hook' }, 'webhook secret');
    const signature = signed.headers.find(([name]) => name === 'X-Razorpay-Signature')![1];
    expect(Razorpay.validateWebhookSignature(signed.body, signature, 'webhook secret')).toBe(true);
    expect(Razorpay.validateWebhookSignature(`${signed.body} `, signature, 'webhook secret')).toBe(false);
  }
});

it('throws what Razorpay throws for an unknown id, and for nothing to pay', async () => {
  expect(await thrown(client.payments.fetch('pay_nobody00000000'))).toMatchObject({ statusCode: 400, error: { code: 'BAD_REQUEST_ERROR', description: 'The id provided does not exist' } });
  expect(await thrown(client.orders.create({ amount: 1, currency: 'INR' }))).toMatchObject({ statusCode: 400, error: { field: 'amount' } });
});

it('throws { statusCode, error } with rule and reason on a refusal, after one attempt', async () => {
  vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  expect(await thrown(client.orders.create({ amount: 1000, currency: 'INR' }))).toMatchObject({ statusCode: 403, error: { description: expect.stringContaining('no-payments: staging never pays') } });
  expect(vendor.calls).toHaveLength(1);
});
