import { beforeEach, describe, expect, it } from 'vitest';
import { klarna } from '../../src/providers/klarna/index.ts';
import { header } from '../../src/model/exchange.ts';
import { teller } from '../support/teller.ts';
import { serveVendor } from '../support/vendor-server.ts';

const credential = [['Authorization', `Basic ${Buffer.from('PK00000_x:secret').toString('base64')}`]] as const;
const purchase = (more: object = {}) => ({
  purchase_country: 'SE', purchase_currency: 'SEK', locale: 'en-SE', order_amount: 10_000, order_tax_amount: 2_000, order_lines: [{ name: 'Shirt', quantity: 1, unit_price: 9_000, total_amount: 9_000 }, { name: 'Shipping', quantity: 1, unit_price: 1_000, total_amount: 1_000 }],
  merchant_urls: { terms: 'https://shop.example.test/t', checkout: 'https://shop.example.test/c', confirmation: 'https://shop.example.test/ok', push: 'https://shop.example.test/push?id={checkout.order.id}', authorization: 'https://shop.example.test/auth', notification: 'https://shop.example.test/note' }, ...more,
});
let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(klarna, 'api.playground.klarna.com', credential); });

async function ordered(more: object = {}) {
  const session = await at.say('POST', '/payments/v1/sessions', purchase());
  const [draft] = await at.happen('authorization', session);
  const { authorization_token: token } = JSON.parse(draft!.body) as { authorization_token: string };
  const placed = await at.say('POST', `/payments/v1/authorizations/${token}/order`, purchase(more));
  return { session, draft: draft!, token, placed, path: `/ordermanagement/v1/orders/${placed.body.order_id}` };
}

describe('a payment', () => {
  it('is ordered by the token that the customer\'s yes has made, once', async () => {
    const { session, draft, token, placed, path } = await ordered({ merchant_reference1: 'A-1001' });
    expect(session).toMatchObject({ status: 200, body: { session_id: expect.any(String), client_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), payment_method_categories: [{ identifier: 'klarna' }] } });
    expect([draft.target, JSON.parse(draft.body)]).toEqual(['klarna', { authorization_token: token, session_id: session.body.session_id }]);
    expect((await at.say('GET', `/payments/v1/sessions/${session.body.session_id}`)).body).toMatchObject({ status: 'complete', authorization_token: token });
    expect(placed).toMatchObject({ status: 200, body: { fraud_status: 'ACCEPTED', redirect_url: 'https://shop.example.test/ok' } });
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'AUTHORIZED', order_amount: 10_000, remaining_authorized_amount: 10_000, merchant_reference1: 'A-1001' });
    expect((await at.say('POST', `/payments/v1/authorizations/${token}/order`, purchase())).status).toBe(404);
    expect(await at.happen('authorization', session)).toEqual([]);
  });

  it('needs a yes that is not older than an hour, and not taken back', async () => {
    const token = async () => JSON.parse((await at.happen('authorization', await at.say('POST', '/payments/v1/sessions', purchase())))[0]!.body).authorization_token as string;
    const [old, cancelled] = [await token(), await token()];
    expect((await at.say('DELETE', `/payments/v1/authorizations/${cancelled}`)).status).toBe(204);
    expect((await at.say('POST', `/payments/v1/authorizations/${cancelled}/order`, purchase())).status).toBe(404);
    at.pass(3_600_000);
    expect((await at.say('POST', `/payments/v1/authorizations/${old}/order`, purchase())).status).toBe(404);
  });

  it('is not more than the customer has seen', async () => {
    const session = await at.say('POST', '/payments/v1/sessions', purchase());
    expect((await at.say('POST', `/payments/v1/sessions/${session.body.session_id}`, { order_amount: 1_000, order_lines: [{ total_amount: 1_000 }] })).status).toBe(204);
    const { authorization_token: token } = JSON.parse((await at.happen('authorization', session))[0]!.body) as { authorization_token: string };
    expect((await at.say('POST', `/payments/v1/authorizations/${token}/order`, purchase())).body).toMatchObject({ error_code: 'BAD_VALUE', error_messages: ['Bad value: order_amount'] });
  });

  it.each<[string, object]>([
    ['purchase_country', { purchase_country: undefined }], ['purchase_currency', { purchase_currency: 5 }], ['order_amount', { order_amount: 9_999 }], ['order_amount', { order_amount: 10_000.5 }],
    ['order_lines', { order_lines: [] }], ['order_lines[0].total_amount', { order_lines: [{ total_amount: '10000' }] }],
  ])('has a good %s', async (where, more) => {
    const refused = await at.say('POST', '/payments/v1/sessions', purchase(more));
    expect(refused).toMatchObject({ status: 400, body: { error_code: 'BAD_VALUE', error_messages: [`Bad value: ${where}`], correlation_id: expect.any(String) } });
  });
});

describe('an order', () => {
  it('is captured in parts and refunded in parts, and no further', async () => {
    const { path } = await ordered();
    expect((await at.say('POST', `${path}/refunds`, { refunded_amount: 1 })).body.error_code).toBe('REFUND_NOT_ALLOWED');
    const capture = await at.say('POST', `${path}/captures`, { captured_amount: 6_000, description: 'Shipped' });
    expect([capture.status, capture.reply.body.length, header(capture.headers, 'location')]).toEqual([201, 0, `https://api.playground.klarna.com${path}/captures/${header(capture.headers, 'capture-id')}`]);
    expect((await at.say('GET', `${path}/captures/${header(capture.headers, 'capture-id')}`)).body).toMatchObject({ captured_amount: 6_000, description: 'Shipped' });
    expect(await at.say('POST', `${path}/captures`, { captured_amount: 4_001 })).toMatchObject({ status: 403, body: { error_code: 'CAPTURE_NOT_ALLOWED' } });
    expect((await at.say('POST', `${path}/cancel`)).body.error_code).toBe('CANCEL_NOT_ALLOWED');
    const refund = await at.say('POST', `${path}/refunds`, { refunded_amount: 5_999 });
    expect((await at.say('GET', `${path}/refunds/${header(refund.headers, 'refund-id')}`)).body.refunded_amount).toBe(5_999);
    expect((await at.say('POST', `${path}/refunds`, { refunded_amount: 2 })).body.error_code).toBe('REFUND_NOT_ALLOWED');
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'PART_CAPTURED', captured_amount: 6_000, refunded_amount: 5_999, remaining_authorized_amount: 4_000 });
    expect((await at.say('POST', `${path}/release-remaining-authorization`)).status).toBe(204);
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'CAPTURED', remaining_authorized_amount: 0 });
    expect((await at.say('POST', `${path}/captures`, { captured_amount: 1 })).status).toBe(403);
  });

  it('is captured once for one Klarna-Idempotency-Key', async () => {
    const { path } = await ordered();
    const key = [['Klarna-Idempotency-Key', '0a7f']] as const;
    const [one, again] = [await at.say('POST', `${path}/captures`, { captured_amount: 10 }, key), await at.say('POST', `${path}/captures`, { captured_amount: 10 }, key)];
    expect(header(again.headers, 'capture-id')).toBe(header(one.headers, 'capture-id'));
    expect((await at.say('GET', path)).body.captured_amount).toBe(10);
  });

  it('is captured at once where the caller said so', async () => {
    const { path } = await ordered({ auto_capture: true });
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'CAPTURED', captures: [{ captured_amount: 10_000 }] });
  });

  it('is cancelled, expires, and lives longer when asked', async () => {
    const [cancelled, left, extended] = [await ordered(), await ordered(), await ordered()];
    expect((await at.say('POST', `${cancelled.path}/cancel`)).status).toBe(204);
    expect((await at.say('GET', cancelled.path)).body.status).toBe('CANCELLED');
    at.pass(27 * 86_400_000);
    await at.say('POST', `${extended.path}/extend-authorization-time`);
    at.pass(86_400_000);
    expect((await at.say('GET', left.path)).body.status).toBe('EXPIRED');
    expect((await at.say('POST', `${left.path}/captures`, { captured_amount: 1 })).status).toBe(403);
    expect((await at.say('POST', `${extended.path}/captures`, { captured_amount: 1 })).status).toBe(201);
  });

  it('is changed down to what was captured', async () => {
    const { path } = await ordered();
    await at.say('POST', `${path}/captures`, { captured_amount: 8_000 });
    expect((await at.say('PATCH', `${path}/authorization`, { order_amount: 7_000 })).body.error_messages[0]).toContain('7000 cannot be less than the captured amount 8000');
    expect((await at.say('PATCH', `${path}/authorization`, { order_amount: 8_000 })).status).toBe(204);
    expect((await at.say('PATCH', `${path}/merchant-references`, { merchant_reference1: 'B-2' })).status).toBe(204);
    expect((await at.say('GET', path)).body).toMatchObject({ status: 'CAPTURED', order_amount: 8_000, original_order_amount: 10_000, merchant_reference1: 'B-2' });
  });

  it('of a fraud is not captured', async () => {
    const { placed, path } = await ordered();
    expect((await at.happen('FRAUD_RISK_REJECTED', placed)).map(({ target, body }) => [target, JSON.parse(body)])).toEqual([['https://shop.example.test/note', { order_id: placed.body.order_id, event_type: 'FRAUD_RISK_REJECTED' }]]);
    expect((await at.say('POST', `${path}/captures`, { captured_amount: 1 })).body.error_code).toBe('CAPTURE_NOT_ALLOWED');
  });
});

it('a capture and a refund are told with the currency, the keys and the people of their order', async () => {
  const { path } = await ordered({ merchant_reference1: 'A-1001', billing_address: { email: 'ann@customer.example' } });
  const seen = { recipients: [{ address: 'ann@customer.example', kind: 'email', role: 'billing_address' }], keys: [{ name: 'merchant_reference1', value: 'A-1001' }], customer: 'ann@customer.example' };
  const capture = await at.say('POST', `${path}/captures`, { captured_amount: 60 });
  expect(await at.recalled(capture.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '60', exponent: 2, currency: 'SEK' } }] });
  const refund = await at.say('POST', `${path}/refunds`, { refunded_amount: 59 });
  expect(await at.recalled(refund.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '59' } }] });
  const unknown = await at.say('POST', '/ordermanagement/v1/orders/NOBODY/captures', { captured_amount: 60 });
  expect([unknown.status, await at.recalled(unknown.request)]).toEqual([404, klarna.decode(unknown.request)]);
});

describe('a checkout', () => {
  it('becomes an order of its id when it is complete, which a push tells by its address', async () => {
    const made = await at.say('POST', '/checkout/v3/orders', purchase());
    expect(made).toMatchObject({ status: 201, body: { status: 'checkout_incomplete', html_snippet: expect.stringContaining(made.body.order_id as string) } });
    const path = `/checkout/v3/orders/${made.body.order_id}`;
    expect((await at.say('POST', path, { merchant_reference1: 'A-1001' })).body.merchant_reference1).toBe('A-1001');
    expect((await at.say('GET', `/ordermanagement/v1/orders/${made.body.order_id}`)).status).toBe(404);
    const [push] = await at.happen('checkout_complete', made);
    expect([push!.target, push!.body]).toEqual([`https://shop.example.test/push?id=${made.body.order_id}`, '']);
    expect((await at.say('GET', path)).body.status).toBe('checkout_complete');
    expect((await at.say('POST', path, {})).status).toBe(403);
    expect((await at.say('POST', `/ordermanagement/v1/orders/${made.body.order_id}/acknowledge`)).status).toBe(204);
    expect((await at.say('GET', `/ordermanagement/v1/orders/${made.body.order_id}`)).body).toMatchObject({ status: 'AUTHORIZED', merchant_reference1: 'A-1001' });
    expect(await at.happen('checkout_complete', made)).toEqual([]);
  });

  it('names its addresses', async () => {
    expect((await at.say('POST', '/checkout/v3/orders', purchase({ merchant_urls: {} }))).body.error_messages).toEqual(['Bad value: merchant_urls.terms']);
  });
});

it.each(['/payments/v1/sessions/NOBODY', '/checkout/v3/orders/NOBODY', '/ordermanagement/v1/orders/NOBODY', '/ordermanagement/v1/orders/NOBODY/captures/1', '/ordermanagement/v1/orders/NOBODY/refunds/1'])('%s is Klarna\'s 404', async (path) => {
  expect(await at.say('GET', path)).toMatchObject({ status: 404, body: { error_code: expect.stringMatching(/^(?:NO_SUCH_ORDER|NOT_FOUND)$/), error_messages: [expect.stringContaining('NOBODY cannot be found')] } });
});

it('nobody without credentials is served, and nobody\'s orders are another region\'s', async () => {
  const nobody = await teller(klarna, 'api.klarna.com', []).say('GET', '/ordermanagement/v1/orders/X').catch((error: unknown) => error);
  // as Klarna does: nothing in it
  expect(nobody).toMatchObject({ status: 401, body: null });
  const account = (host: string) => klarna.account({ kind: 'http', method: 'GET', scheme: 'https', authority: { host, port: 443 }, path: '/', query: null, version: '1.1', headers: credential, trailers: [], body: new Uint8Array() });
  expect(new Set(klarna.hosts.map(({ host }) => account(host))).size).toBe(6);
});

it('answers an application that calls it itself, and refuses it with rule and reason', async () => {
  const vendor = await serveVendor(klarna, 'api.playground.klarna.com');
  try {
    const ask = () => fetch(`http://127.0.0.1:${vendor.port}/payments/v1/sessions`, { method: 'POST', headers: [['content-type', 'application/json'], [credential[0][0], credential[0][1]]], body: JSON.stringify(purchase()) });
    expect(await (await ask()).json()).toMatchObject({ session_id: expect.any(String) });
    vendor.refuse({ rule: 'no-payments', reason: 'staging never pays' });
    const refused = await ask();
    expect([refused.status, await refused.json()]).toMatchObject([403, { error_code: 'NOT_ALLOWED', error_messages: [expect.stringContaining('no-payments: staging never pays')] }]);
  } finally {
    await vendor.close();
  }
});
