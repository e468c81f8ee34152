import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { paystack } from '../../src/providers/paystack/index.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const key = 'sk_test_FAKE';
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(paystack, 'api.paystack.co', [['Authorization', `Bearer ${key}`]]); });
const events = () => at.callbacks.map(({ event }) => event);
const read = async (target: string) => (await at.say('GET', target)).body.data;
const begin = (more: object = {}) => at.say('POST', '/transaction/initialize', { email: 'ada@example.test', amount: '50000', reference: 'ORD-1', callback_url: 'https://shop.example.test/paid?a=b', ...more });
const paid = async (more: object = {}) => {
  const made = await begin(more);
  await at.choose(made.body.data.authorization_url, 'pay');
  return read(`/transaction/verify/${made.body.data.reference}`);
};

describe('a transaction', () => {
  it('is abandoned until it is paid on its page, which leads back with the reference', async () => {
    const made = await begin({ metadata: { cart: 1 } });
    expect(made.body).toMatchObject({ status: true, message: 'Authorization URL created', data: { reference: 'ORD-1', authorization_url: 'http://127.0.0.1:8025/pay/transaction/ORD-1' } });
    expect(await read('/transaction/verify/ORD-1')).toMatchObject({ status: 'abandoned', gateway_response: 'The transaction was not completed', paid_at: null });
    expect(await at.visit(made.body.data.authorization_url)).toMatchObject({ amount: { minor: '50000', currency: 'NGN' }, payer: 'ada@example.test', choices: ['pay', 'decline', 'cancel'] });
    expect((await at.choose(made.body.data.authorization_url, 'pay'))!.goTo).toBe('https://shop.example.test/paid?a=b&trxref=ORD-1&reference=ORD-1');
    const after = await read('/transaction/verify/ORD-1');
    expect(after).toMatchObject({ status: 'success', gateway_response: 'Successful', amount: 50_000, metadata: { cart: 1 }, authorization: { reusable: true, last4: '4081' }, customer: { email: 'ada@example.test' } });
    expect(await read(`/transaction/${after.id}`)).toEqual(after);
    expect(at.callbacks.map(({ event, body }) => [event, JSON.parse(body)])).toEqual([['charge.success', { event: 'charge.success', data: after }]]);
    expect(await at.visit(made.body.data.authorization_url)).toMatchObject({ choices: [], status: 'This transaction is paid.', back: 'https://shop.example.test/paid?a=b&trxref=ORD-1&reference=ORD-1' });
  });

  it('is tried again after a decline, and may be given up', async () => {
    const { body: { data: { authorization_url: url } } } = await begin({ metadata: JSON.stringify({ cancel_action: 'https://shop.example.test/cart' }) });
    expect(await at.choose(url, 'decline')).toMatchObject({ goTo: null, says: 'Declined. Try another card.' });
    expect(await read('/transaction/verify/ORD-1')).toMatchObject({ status: 'failed', gateway_response: 'Declined' });
    expect((await at.choose(url, 'cancel'))!.goTo).toBe('https://shop.example.test/cart');
    expect((await read('/transaction/verify/ORD-1')).status).toBe('abandoned');
    await at.choose(url, 'pay');
    expect(events()).toEqual(['charge.success']);
  });

  it('is paid, and fails, by an event', async () => {
    const made = await begin();
    await at.happen('charge.failed', made, { detail: 'Insufficient Funds' });
    expect((await read('/transaction/verify/ORD-1')).gateway_response).toBe('Insufficient Funds');
    await at.happen('charge.success', made);
    expect(await at.happen('charge.success', made)).toEqual([]);
    const [dispute] = await at.happen('charge.dispute.create', made);
    expect(JSON.parse(dispute!.body)).toMatchObject({ event: 'charge.dispute.create', data: { transaction: { reference: 'ORD-1' }, refund_amount: 50_000 } });
  });

  it.each<[string, object, string]>([
    ['no amount', { amount: undefined }, 'invalid_amount'], ['a fraction', { amount: 1.5 }, 'invalid_amount'], ['nothing', { amount: 0 }, 'invalid_amount'], ['a bad address', { email: 'ada' }, 'invalid_email_address'],
    ['a reference of other letters', { reference: 'a/b' }, 'invalid_reference'],
  ])('is refused with %s', async (_, more, code) => {
    const { status, body } = await begin(more);
    expect([status, body.status, body.code]).toEqual([400, false, code]);
  });

  it('has a reference of its own, and an unknown one is not found', async () => {
    await begin();
    expect((await begin()).body).toMatchObject({ status: false, message: 'Duplicate Transaction Reference', code: 'duplicate_reference' });
    expect((await at.say('GET', '/transaction/verify/nobody')).body).toMatchObject({ status: false, message: 'Transaction reference not found', code: 'transaction_not_found' });
    expect((await at.say('GET', '/transaction/12345678901')).status).toBe(404);
    expect((await begin({ reference: undefined })).body.data.reference).toMatch(/^[a-z0-9]{15}$/);
  });

  it('is listed newest first, page by page, by what it is', async () => {
    for (const reference of ['a', 'b', 'c']) await begin({ reference });
    await at.choose('/pay/transaction/b', 'pay');
    const { body } = await at.say('GET', '/transaction?perPage=2');
    expect([body.data.map(({ reference }: { reference: string }) => reference), body.meta]).toEqual([['c', 'b'], { total: 3, skipped: 0, perPage: 2, page: 1, pageCount: 2 }]);
    expect((await read('/transaction?perPage=2&page=2')).map(({ reference }: { reference: string }) => reference)).toEqual(['a']);
    expect((await read('/transaction?status=success'))).toHaveLength(1);
    expect((await read('/transaction?to=2000-01-01'))).toEqual([]);
    expect((await at.say('GET', '/transaction?terminal=1')).status).toBe(400);
  });
});

describe('a charge', () => {
  const charge = (more: object) => at.say('POST', '/transaction/charge_authorization', { email: 'ada@example.test', amount: '1000', ...more });

  it('takes a kept authorization of the same address, and no other', async () => {
    const { authorization: { authorization_code: code } } = await paid();
    expect((await charge({ authorization_code: code })).body).toMatchObject({ status: true, message: 'Charge attempted', data: { status: 'success', amount: 1000, authorization: { authorization_code: code } } });
    expect((await charge({ authorization_code: code, email: 'bob@example.test' })).status).toBe(400);
    expect((await charge({ authorization_code: 'AUTH_nobody' })).status).toBe(404);
    expect(events()).toEqual(['charge.success', 'charge.success']);
  });

  it.each([['4084084084084081', 'success'], ['4084080000005408', 'failed']])('of card %s is a %s, and its number is nowhere', async (number, status) => {
    const { body } = await at.say('POST', '/charge', { email: 'ada@example.test', amount: 100, card: { number, cvv: '408', expiry_month: '12', expiry_year: '30' }, reference: 'C-1' });
    expect(body.data.status).toBe(status);
    expect((await read('/charge/C-1')).status).toBe(status);
    expect(JSON.stringify([body, at.callbacks, await read('/transaction')])).not.toContain(number);
  });

  it('is declined by a rule in Paystack\'s way: a call that went well, of a charge that failed', async () => {
    const { authorization: { authorization_code: code } } = await paid();
    at.decline({ code: 'Insufficient Funds' });
    expect((await charge({ authorization_code: code, reference: 'ORD-3' }))).toMatchObject({ status: 200, body: { status: true, data: { status: 'failed', gateway_response: 'Insufficient Funds' } } });
    expect((await read('/transaction/verify/ORD-3')).status).toBe('failed');
    expect((await at.say('POST', '/charge', { email: 'ada@example.test', amount: 100, card: { number: '4084084084084081' } })).body.data.status).toBe('failed');
    expect(paystack.declines).toContain('Insufficient Funds');
  });

  it('takes an authorization of the old database where it is adopted', async () => {
    const request: HttpRequest = { ...(await begin()).request, path: '/transaction/charge_authorization', body: Buffer.from(JSON.stringify({ email: 'ada@example.test', amount: 100, authorization_code: 'AUTH_prod1' })) };
    const context = memory().context({ unknownIds: 'adopt' });
    const { reply } = await paystack.simulate(request, paystack.decode(request), context);
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ data: { status: 'success', authorization: { authorization_code: 'AUTH_prod1' } } });
  });
});

describe('a refund', () => {
  const refund = (more: object = {}) => at.say('POST', '/refund', { transaction: 'ORD-1', ...more });

  it('is of what was paid and never more, and told step by step', async () => {
    await begin();
    expect((await refund()).status).toBe(400);
    await at.choose('/pay/transaction/ORD-1', 'pay');
    const first = await refund({ amount: 20_000 });
    expect(first.body).toMatchObject({ message: 'Refund has been queued for processing', data: { status: 'pending', amount: 20_000, transaction: { reference: 'ORD-1' } } });
    expect((await refund({ amount: 30_001 })).body.status).toBe(false);
    const { id } = await read('/transaction/verify/ORD-1');
    expect((await at.say('POST', '/refund', { transaction: id })).body.data.amount).toBe(30_000);
    expect((await read('/transaction/verify/ORD-1')).status).toBe('reversed');
    expect((await refund()).body.message).toBe('Transaction has been fully reversed');
    expect(events().slice(1, 4)).toEqual(['refund.pending', 'refund.processing', 'refund.processed']);
    expect(JSON.parse(at.callbacks[3]!.body).data).toMatchObject({ status: 'processed', transaction_reference: 'ORD-1', amount: '20000', currency: 'NGN' });
    await at.happen('refund.failed', first);
    expect(await at.happen('refund.failed', first)).toEqual([]);
    expect((await read('/transaction/verify/ORD-1')).status).toBe('success');
    expect((await read(`/refund/${first.body.data.id}`)).status).toBe('failed');
    expect(await read('/refund')).toHaveLength(2);
    expect((await refund({ amount: 20_001 })).status).toBe(400);
  });

  it('without an amount is known to be of the whole rest, and of whom', async () => {
    await paid({ metadata: { order: 'A-1' } });
    const { request } = await refund({ amount: 100 });
    expect(await at.recalled(request)).toMatchObject({ effects: [{ amount: { minor: '100', currency: 'NGN' }, recipients: [{ address: 'ada@example.test' }], customer: 'ada@example.test', keys: [{ name: 'reference' }, { name: 'order', value: 'A-1' }] }] });
    expect(await at.recalled({ ...request, body: Buffer.from('{"transaction":"ORD-1"}') })).toMatchObject({ effects: [{ amount: { minor: '49900' } }] });
  });
});

describe('a transfer', () => {
  it.each<[string, (to: string) => object]>([
    ['/transfer', (recipient) => ({ source: 'balance', amount: 1000, reference: 't-1', recipient })],
    ['/transfer/bulk', (recipient) => ({ source: 'balance', transfers: [{ amount: 1000, reference: 't-1', recipient }] })],
  ])('by %s fails where a rule declines: queued all the same, and told by webhook', async (path, body) => {
    const { body: { data: { recipient_code: to } } } = await at.say('POST', '/transferrecipient', { type: 'nuban', name: 'Ada', account_number: '0000000000', bank_code: '057' });
    const [{ balance }] = await read('/balance');
    at.decline({ code: 'Insufficient Funds' });
    const made = await at.say('POST', path, body(to));
    expect([made.status, JSON.stringify(made.body).includes('failed')]).toEqual([200, false]);
    expect(await read('/transfer/verify/t-1')).toMatchObject({ status: 'failed', transferred_at: null });
    expect(at.callbacks.map(({ event, body: told }) => [event, JSON.parse(told).data.status])).toEqual([['transfer.failed', 'failed']]);
    expect((await read('/balance'))[0].balance).toBe(balance);
  });

  const recipient = async () => (await at.say('POST', '/transferrecipient', { type: 'nuban', name: 'Ada', account_number: '0000000000', bank_code: '057' })).body.data.recipient_code as string;
  const transfer = (to: string, more: object = {}) => at.say('POST', '/transfer', { source: 'balance', amount: 1000, reference: 't-1', recipient: to, ...more });

  it('is pending, then told as a success, and may be reversed', async () => {
    const made = await transfer(await recipient());
    expect(made.body.data).toMatchObject({ status: 'pending', amount: 1000, reference: 't-1' });
    expect(await read('/transfer/verify/t-1')).toMatchObject({ status: 'success', transfer_code: made.body.data.transfer_code });
    expect((await transfer(await recipient())).body.status).toBe(false);
    expect((await read('/balance'))[0].balance).toBe(99_999_999_000);
    await at.happen('transfer.reversed', made);
    expect(await at.happen('transfer.failed', made)).toEqual([]);
    expect((await read(`/transfer/${made.body.data.transfer_code}`)).status).toBe('reversed');
    expect(events()).toEqual(['transfer.success', 'transfer.reversed']);
  });

  it('goes to many at once, or to none', async () => {
    const to = await recipient();
    const bulk = (references: readonly string[], who = to) => at.say('POST', '/transfer/bulk', { source: 'balance', transfers: references.map((reference) => ({ amount: 10, reference, recipient: who })) });
    expect((await bulk(['a', 'b'])).body.data).toHaveLength(2);
    expect((await bulk(['c', 'b'])).status).toBe(400);
    expect((await bulk(['d', 'd'])).status).toBe(400);
    expect((await bulk(['e'], 'RCP_nobody')).status).toBe(404);
    expect(await read('/transfer')).toHaveLength(2);
  });

  it('knows recipients that are there', async () => {
    const to = await recipient();
    expect((await at.say('PUT', `/transferrecipient/${to}`, { name: 'Ada B' })).body.data.name).toBe('Ada B');
    expect(await read('/transferrecipient')).toHaveLength(1);
    await at.say('DELETE', `/transferrecipient/${to}`);
    expect((await transfer(to)).status).toBe(404);
    expect((await at.say('POST', '/transferrecipient', { type: 'nuban', name: 'Ada' })).status).toBe(400);
    expect((await read('/bank/resolve?account_number=0001234567&bank_code=058')).account_number).toBe('0001234567');
  });
});

describe('what else there is', () => {
  it('a customer is one for one address', async () => {
    const made = await at.say('POST', '/customer', { email: 'Ada@example.test', first_name: 'Ada' });
    await begin();
    expect(await read('/customer')).toHaveLength(1);
    expect((await at.say('PUT', `/customer/${made.body.data.customer_code}`, { last_name: 'L' })).body.data).toMatchObject({ first_name: 'Ada', last_name: 'L' });
    expect((await read('/customer/ada%40example.test')).customer_code).toBe(made.body.data.customer_code);
    expect((await at.say('GET', '/customer/CUS_nobody')).status).toBe(404);
  });

  it('seeds are completed and used; what cannot be is said', async () => {
    at.seed('transaction', 'ORD-9', { amount: 700, email: 'ada@example.test' });
    at.seed('authorization', 'AUTH_9', { email: 'ada@example.test' });
    at.seed('recipient', 'RCP_9', { name: 'Ada' });
    at.seed('customer', 'CUS_9', { email: 'ada@example.test' });
    expect((await at.say('POST', '/refund', { transaction: 'ORD-9' })).body.data.amount).toBe(700);
    expect((await at.say('POST', '/transaction/charge_authorization', { email: 'ada@example.test', amount: 1, authorization_code: 'AUTH_9' })).body.data.customer.customer_code).toBe('CUS_9');
    expect((await at.say('POST', '/transfer', { source: 'balance', amount: 1, recipient: 'RCP_9' })).status).toBe(200);
    for (const [kind, id, value, why] of [
      ['plan', 'PLN_1', {}, 'it has transaction'], ['customer', 'C1', {}, "'CUS_'"], ['customer', 'CUS_1', {}, 'email'], ['customer', 'CUS_1', 1, 'object'], ['transaction', '..', { amount: 1 }, 'reference'],
      ['transaction', 'a', { amount: 0, email: 'a@b.test' }, 'whole number'], ['transaction', 'a', { amount: 1, email: 'a@b.test', status: 'done' }, 'success'],
    ] as const) expect(() => paystack.seed(kind, id, value)).toThrow(why);
  });

  it('webhooks are signed by the secret key, as an application would check it', async () => {
    await paid();
    const signed = paystack.sign({ ...at.callbacks[0]!, url: 'https://shop.example.test/hook' }, key);
    expect(signed.headers).toContainEqual(['X-Paystack-Signature', createHmac('sha512', key).update(signed.body).digest('hex')]);
  });

  it('nothing is answered without a key', async () => {
    expect((await teller(paystack, 'api.paystack.co', []).say('GET', '/transaction'))).toMatchObject({ status: 401, body: { status: false, message: 'Invalid key', code: 'invalid_Key' } });
  });
});

describe('by fetch, as there is no official SDK', () => {
  let vendor: VendorServer;
  beforeEach(async () => { vendor = await serveVendor(paystack, 'api.paystack.co'); });
  afterEach(() => vendor.close());
  const call = async (path: string, body?: string, type = 'application/json') => {
    const response = await fetch(`http://127.0.0.1:${vendor.port}${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { 'Authorization': `Bearer ${key}`, ...(body === undefined ? {} : { 'Content-Type': type }) }, ...(body === undefined ? {} : { body }) });
    return { status: response.status, body: await response.json() as Record<string, Record<string, unknown>> };
  };

  it('begins as JSON and as a form, and verifies', async () => {
    const { body } = await call('/transaction/initialize', JSON.stringify({ email: 'ada@example.test', amount: 100, reference: 'j' }));
    expect(body['data']!['authorization_url']).toBe('http://127.0.0.1:8025/pay/transaction/j');
    await call('/transaction/initialize', 'email=ada%40example.test&amount=100&reference=f', 'application/x-www-form-urlencoded');
    expect((await call('/transaction/verify/f')).body['data']).toMatchObject({ reference: 'f', created_at: new Date(fixedNow).toISOString(), domain: 'test' });
    expect(vendor.calls[1]!.decoded).toMatchObject({ effects: [{ liveness: 'test', amount: { minor: '100' } }] });
  });

  it('is refused with rule and reason', async () => {
    vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
    expect(await call('/transfer', '{}')).toMatchObject({ status: 403, body: { status: false, message: expect.stringContaining('no-payments: staging never pays') } });
  });
});
