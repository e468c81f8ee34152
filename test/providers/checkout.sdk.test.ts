import { createHmac } from 'node:crypto';
import { Checkout } from 'checkout-sdk-node';
import { ActionNotAllowed, AuthenticationError, NotFoundError, ValidationError } from 'checkout-sdk-node/dist/services/errors.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checkout } from '../../src/providers/checkout/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** checkout-sdk-node 5.2.1 */
let api: VendorServer;
let access: VendorServer;
let client: Checkout;
const key = (kind: string, letter: string) => `${kind}_sbox_${letter.repeat(27)}`;
const card = (number: string) => ({ type: 'card' as const, number, expiry_month: 12, expiry_year: 2030, cvv: '100' });
/** what the SDK was going to dial */
const dialled: string[] = [];

beforeEach(async () => {
  [api, access] = await Promise.all([serveVendor(checkout, 'api.sandbox.checkout.com'), serveVendor(checkout, 'access.sandbox.checkout.com')]);
  dialled.length = 0;
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    dialled.push(new URL(url).host);
    const { pathname, search, host } = new URL(url);
    return real(`http://127.0.0.1:${host.includes('access') ? access.port : api.port}${pathname}${search}`, init);
  });
  client = new Checkout(key('sk', 'a'), { subdomain: 'vkuhvk4v', pk: key('pk', 'a') });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await Promise.all([api.close(), access.close()]);
});

// the SDK's own types call every answer an object
// oxlint-disable-next-line typescript/no-explicit-any
type Answer = any;
const thrown = (call: Promise<unknown>): Promise<unknown> => call.then(() => { throw new Error('the call was expected to fail'); }, (error: unknown) => error);

it('pays, reads back, captures, refunds and lists what was done', async () => {
  const paid = await client.payments.request({ source: card('4242424242424242'), amount: 1000, currency: 'EUR', capture: false, reference: 'ORD-1', customer: { email: 'ada@example.test' } } as never) as Answer;
  expect(paid).toMatchObject({ approved: true, status: 'Authorized', response_code: '10000', amount: 1000, source: { last4: '4242' }, customer: { email: 'ada@example.test' } });
  expect(dialled).toEqual(['vkuhvk4v.api.sandbox.checkout.com']);
  expect(await client.payments.capture(paid.id, { amount: 600, capture_type: 'NonFinal' } as never)).toMatchObject({ action_id: expect.stringMatching(/^act_[a-z2-7]{26}$/) });
  await client.payments.capture(paid.id);
  expect(await client.payments.get(paid.id)).toMatchObject({ status: 'Captured', balances: { total_captured: 1000, available_to_refund: 1000 } });
  await client.payments.refund(paid.id, { amount: 300, reference: 'R-1' } as never);
  expect((await client.payments.getActions(paid.id) as Answer[]).map(({ type, amount }) => [type, amount])).toEqual([['Refund', 300], ['Capture', 400], ['Capture', 600], ['Authorization', 1000]]);
  expect(await client.payments.getPaymentList({ reference: 'ORD-1' } as never)).toMatchObject({ total_count: 1, data: [{ id: paid.id, status: 'Partially Refunded' }] });
});

it('declines a test card by its token, which another key asked for', async () => {
  const { token } = await client.tokens.request({ type: 'card', number: '4544249167673670', expiry_month: 12, expiry_year: 2030 } as never) as Answer;
  expect(await client.payments.request({ source: { type: 'token', token }, amount: 1000, currency: 'EUR' } as never)).toMatchObject({ approved: false, status: 'Declined', response_code: '20051', source: { last4: '3670', bin: '454424' } });
});

it('keeps customers and instruments', async () => {
  const { id } = await client.customers.create({ email: 'ada@example.test', name: 'Ada' } as never) as Answer;
  // by fetch it asks for the method 'patch', in small letters, which is none: no server of Node's takes it
  const byAxios = new Checkout(key('sk', 'a'), { host: `http://127.0.0.1:${api.port}`, httpClient: 'axios' } as never);
  await byAxios.customers.update(id, { name: 'Ada L' } as never);
  const instrument = await client.instruments.create({ type: 'token', token: 'tok_4gzeau5o2uqubbk6fufs3m7p54', customer: { id } } as never) as Answer;
  expect(await client.customers.get('ada@example.test')).toMatchObject({ id, name: 'Ada L', instruments: [{ id: instrument.id }] });
  expect(await client.payments.request({ source: { type: 'id', id: instrument.id }, amount: 5, currency: 'EUR' } as never)).toMatchObject({ approved: true });
  await byAxios.instruments.update(instrument.id, { expiry_year: 2031 } as never);
  expect(await client.instruments.get(instrument.id)).toMatchObject({ expiry_year: 2031, customer: { id } });
  await client.instruments.delete(instrument.id);
  await client.customers.delete(id);
  expect(await thrown(client.customers.get(id))).toBeInstanceOf(NotFoundError);
});

it('makes pages to pay on', async () => {
  const urls = { success_url: 'https://shop.example.test/ok', failure_url: 'https://shop.example.test/no', cancel_url: 'https://shop.example.test/cart' };
  const page = await client.hostedPayments.create({ amount: 10, currency: 'GBP', billing: { address: { country: 'GB' } }, ...urls } as never) as Answer;
  expect(page._links.redirect.href).toBe(`http://127.0.0.1:8025/pay/hosted_payment/${page.id}`);
  expect(await client.hostedPayments.get(page.id)).toMatchObject({ status: 'Payment Pending', amount: 10 });
  const link = await client.paymentLinks.create({ amount: 10, currency: 'GBP', billing: { address: { country: 'GB' } } } as never) as Answer;
  expect(await client.paymentLinks.get(link.id)).toMatchObject({ status: 'Active' });
  const session = await client.paymentSessions.request({ amount: 10, currency: 'GBP', billing: { address: { country: 'GB' } }, ...urls } as never) as Answer;
  expect(session.id).toMatch(/^ps_[a-z2-7]{26}$/);
});

it('gets a token for client credentials and pays by it', async () => {
  const oauth = new Checkout('secret', { client: 'ack_fake', scope: ['gateway'], environment: 'sandbox', subdomain: 'vkuhvk4v' });
  expect(await oauth.payments.request({ source: { type: 'token', token: 'tok_x' }, amount: 5, currency: 'EUR' } as never)).toMatchObject({ approved: true });
  expect(dialled).toEqual(['vkuhvk4v.access.sandbox.checkout.com', 'vkuhvk4v.api.sandbox.checkout.com']);
  expect(api.calls[0]!.decoded).toMatchObject({ effects: [{ liveness: 'test' }] });
  const bearing = (token: string) => checkout.account({ ...api.calls[0]!.request, headers: [['Authorization', `Bearer ${token}`]] });
  expect(bearing('fourthwall.abc.1')).toBe(bearing('fourthwall.abc.2'));
});

it('rejects with its own errors: of an unknown payment, an unknown source, and what a payment is in no state for', async () => {
  expect(await thrown(client.payments.get('pay_nobody'))).toBeInstanceOf(NotFoundError);
  const wrong = await thrown(client.payments.request({ source: { type: 'id', id: 'src_nobody' }, amount: 5, currency: 'EUR' } as never));
  expect(wrong).toBeInstanceOf(ValidationError);
  expect(wrong).toMatchObject({ http_code: 422, body: { error_type: 'request_invalid', error_codes: ['payment_source_invalid'] } });
  const { id } = await client.payments.request({ source: { type: 'token', token: 'tok_x' }, amount: 5, currency: 'EUR' } as never) as Answer;
  expect(await thrown(client.payments.capture(id))).toBeInstanceOf(ActionNotAllowed);
  expect(await thrown(client.payments.void(id))).toBeInstanceOf(ActionNotAllowed);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 401 })));
  expect(await thrown(client.payments.get(id))).toBeInstanceOf(AuthenticationError);
});

it('rejects with ActionNotAllowed, holding rule and reason, after exactly one attempt', async () => {
  api.refuse({ rule: 'no-payments', reason: 'staging never pays' });
  const error = await thrown(client.payments.request({ source: { type: 'token', token: 'tok_x' }, amount: 5, currency: 'EUR' } as never));
  expect(error).toBeInstanceOf(ActionNotAllowed);
  expect(error).toMatchObject({ http_code: 403, body: { error_codes: [expect.stringContaining('no-payments: staging never pays')] } });
  expect(api.calls).toHaveLength(1);
});

it('signs webhooks by the hex HMAC of the body that the documentation asks for', async () => {
  await client.payments.request({ source: { type: 'token', token: 'tok_x' }, amount: 5, currency: 'EUR' } as never);
  const signed = checkout.sign({ ...api.callbacks[0]!, url: 'https://shop.example.test/hook' }, 'signature-key');
  expect(signed.headers).toContainEqual(['Cko-Signature', createHmac('sha256', 'signature-key').update(signed.body).digest('hex')]);
});
