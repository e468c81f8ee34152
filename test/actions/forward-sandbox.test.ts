import { ProxyAgent, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openOutside, type Outside } from '../support/outside.ts';
import { startHouse } from './house.ts';
import type { RunningHouse } from './house.ts';

// assembled, so that nothing here looks like a key that somebody has
const key = (...parts: readonly string[]): string => parts.join('_');
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

interface Row {
  readonly provider: string;
  readonly rule: string;
  /** of the rule's credential */
  readonly credential: string;
  readonly call: { readonly host: string; readonly path: string; readonly body: Readonly<Record<string, unknown>> | string; readonly headers: Readonly<Record<string, string>> };
  readonly goesTo: string;
  readonly path: string;
  readonly carries: string;
}

/** Where a vendor has a sandbox at all (payments.md §0.3); Stripe is in forward-rewritten.test.ts. */
const rows: readonly Row[] = [
  { provider: 'paypal', rule: 'host: api-m.sandbox.paypal.com, credential: "${PAYPAL}"', credential: 'sandbox-client:sandbox-secret',
    call: { host: 'api-m.paypal.com', path: '/v1/oauth2/token', body: 'grant_type=client_credentials', headers: { authorization: basic('client:LIVE-SECRET') } },
    goesTo: 'api-m.sandbox.paypal.com', path: '/v1/oauth2/token', carries: basic('sandbox-client:sandbox-secret') },
  { provider: 'paypal', rule: 'host: api-m.sandbox.paypal.com, credential: "${PAYPAL}"', credential: 'sandbox-client:sandbox-secret',
    call: { host: 'api-m.paypal.com', path: '/v2/checkout/orders', body: { intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: 'EUR', value: '12.00' } }] }, headers: { authorization: 'Bearer from-the-sandbox' } },
    goesTo: 'api-m.sandbox.paypal.com', path: '/v2/checkout/orders', carries: 'Bearer from-the-sandbox' },
  { provider: 'adyen', rule: 'host: checkout-test.adyen.com, credential: "${ADYEN}", values: { ShopLive: ShopTest }', credential: 'test-api-key',
    call: { host: '1797a841fbb37ca7-shop-checkout-live.adyenpayments.com', path: '/checkout/v72/sessions', headers: { 'x-api-key': 'LIVE-KEY' },
      body: { merchantAccount: 'ShopLive', amount: { value: 1200, currency: 'EUR' }, reference: 'order-1', returnUrl: 'https://shop.test/' } },
    goesTo: 'checkout-test.adyen.com', path: '/v72/sessions', carries: 'ShopTest' },
  { provider: 'square', rule: 'host: connect.squareupsandbox.com, credential: "${SQUARE}", values: { LIVE1: "SANDBOX1" }', credential: 'sandbox-token',
    call: { host: 'connect.squareup.com', path: '/v2/payments', headers: { authorization: 'Bearer LIVE-TOKEN', 'square-version': '2026-09-16' },
      body: { source_id: 'cnon:card-nonce-ok', idempotency_key: 'k1', amount_money: { amount: 1200, currency: 'EUR' }, location_id: 'LIVE1' } },
    goesTo: 'connect.squareupsandbox.com', path: '/v2/payments', carries: 'SANDBOX1' },
  { provider: 'mollie', rule: 'credential: "${MOLLIE}"', credential: key('test', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
    call: { host: 'api.mollie.com', path: '/v2/payments', headers: { authorization: `Bearer ${key('live', 'LIVEaaaaaaaaaaaaaaaaaaaaaaaaaa')}` },
      body: { amount: { currency: 'EUR', value: '12.00' }, description: 'Order 1', redirectUrl: 'https://shop.test/' } },
    goesTo: 'api.mollie.com', path: '/v2/payments', carries: key('test', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') },
  { provider: 'klarna', rule: 'host: api.playground.klarna.com, credential: "${KLARNA}"', credential: 'PK1_2:sandbox',
    call: { host: 'api.klarna.com', path: '/payments/v1/sessions', headers: { authorization: basic('K1_2:LIVE-SECRET') },
      body: { purchase_country: 'DE', purchase_currency: 'EUR', locale: 'de-DE', order_amount: 1200, order_tax_amount: 0, order_lines: [{ name: 'Hat', quantity: 1, unit_price: 1200, total_amount: 1200 }] } },
    goesTo: 'api.playground.klarna.com', path: '/payments/v1/sessions', carries: basic('PK1_2:sandbox') },
  { provider: 'braintree', rule: 'host: api.sandbox.braintreegateway.com, credential: "${BRAINTREE}", values: { liveMerchant: sandboxmerchant }', credential: 'public:private',
    call: { host: 'api.braintreegateway.com', path: '/merchants/liveMerchant/transactions', headers: { authorization: basic('LIVE-PUBLIC:LIVE-PRIVATE'), 'x-apiversion': '6', accept: 'application/xml' },
      body: { transaction: { type: 'sale', amount: '10.00', payment_method_nonce: 'nonce-1' } } },
    goesTo: 'api.sandbox.braintreegateway.com', path: '/merchants/sandboxmerchant/transactions', carries: basic('public:private') },
  { provider: 'authorizenet', rule: 'host: apitest.authorize.net, credential: "${AUTHORIZENET}"', credential: 'sandbox:key',
    call: { host: 'api2.authorize.net', path: '/xml/v1/request.api', headers: {},
      body: { createTransactionRequest: { merchantAuthentication: { name: 'LIVE-NAME', transactionKey: 'LIVE-KEY' }, transactionRequest: { transactionType: 'authCaptureTransaction', amount: '10.50', payment: { opaqueData: { dataDescriptor: 'COMMON.ACCEPT.INAPP.PAYMENT', dataValue: 'x' } } } } } },
    goesTo: 'apitest.authorize.net', path: '/xml/v1/request.api', carries: '{"createTransactionRequest":{"merchantAuthentication":{"name":"sandbox","transactionKey":"key"},"transactionRequest"' },
  { provider: 'razorpay', rule: 'credential: "${RAZORPAY}"', credential: `${key('rzp', 'test', 'aaaaaaaaaaaaaa')}:secret`,
    call: { host: 'api.razorpay.com', path: '/v1/orders', headers: { authorization: basic(`${key('rzp', 'live', 'LIVEaaaaaaaaaa')}:LIVE-SECRET`) }, body: { amount: 50_000, currency: 'INR', receipt: 'r1' } },
    goesTo: 'api.razorpay.com', path: '/v1/orders', carries: basic(`${key('rzp', 'test', 'aaaaaaaaaaaaaa')}:secret`) },
  { provider: 'paystack', rule: 'credential: "${PAYSTACK}", recipients: "qa+{hash}@example.test"', credential: key('sk', 'test', '0123456789abcdef0123456789abcdef01234567'),
    call: { host: 'api.paystack.co', path: '/transaction/initialize', headers: { authorization: `Bearer ${key('sk', 'live', '0123456789abcdef0123456789abcdef01234567')}` }, body: { amount: '5000', email: 'ann@gmail.com', currency: 'NGN' } },
    goesTo: 'api.paystack.co', path: '/transaction/initialize', carries: key('sk', 'test', '0123456789abcdef0123456789abcdef01234567') },
  { provider: 'checkout', rule: 'host: api.sandbox.checkout.com, credential: "${CHECKOUT}"', credential: key('sk', 'sbox', 'abcdefghijklmnopqrstuvwxyz='),
    call: { host: 'api.checkout.com', path: '/payments', headers: { authorization: `Bearer ${key('sk', 'abcdefghijklmnopqrstuvwxyz=')}` }, body: { source: { type: 'token', token: 'tok_4gzeau5o2uqubbk6fufs3m7p54' }, amount: 6540, currency: 'USD', reference: 'r1' } },
    goesTo: 'api.sandbox.checkout.com', path: '/payments', carries: key('sk', 'sbox', 'abcdefghijklmnopqrstuvwxyz=') },
  { provider: 'gocardless', rule: 'host: api-sandbox.gocardless.com, credential: "${GOCARDLESS}"', credential: key('sandbox', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
    call: { host: 'api.gocardless.com', path: '/payments', headers: { authorization: `Bearer ${key('live', 'LIVEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')}`, 'gocardless-version': '2015-07-06' }, body: { payments: { amount: 100, currency: 'GBP', links: { mandate: 'MD123' } } } },
    goesTo: 'api-sandbox.gocardless.com', path: '/payments', carries: key('sandbox', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') },
  { provider: 'paddle', rule: 'host: sandbox-api.paddle.com, credential: "${PADDLE}", values: { pri_01livelivelivelivelivelive1: pri_01gsz8x8sawmvhz1pv30nge1ke }', credential: key('pdl', 'sdbx', 'apikey', '01aaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaaaaaaaa', 'aaa'),
    call: { host: 'api.paddle.com', path: '/transactions', headers: { authorization: `Bearer ${key('pdl', 'live', 'apikey', '01aaaaaaaaaaaaaaaaaaaaaaaa', 'LIVEaaaaaaaaaaaaaaaaaa', 'aaa')}` }, body: { items: [{ price_id: 'pri_01livelivelivelivelivelive1', quantity: 1 }] } },
    goesTo: 'sandbox-api.paddle.com', path: '/transactions', carries: 'pri_01gsz8x8sawmvhz1pv30nge1ke' },
  { provider: 'wise', rule: 'host: api.wise-sandbox.com, credential: "${WISE}", values: { "101": "202" }', credential: '00000000-0000-4000-8000-000000000002',
    call: { host: 'api.wise.com', path: '/v3/profiles/101/quotes', headers: { authorization: 'Bearer LIVE0000-0000-4000-8000-000000000001' }, body: { sourceCurrency: 'EUR', targetCurrency: 'GBP', sourceAmount: 10.01, targetAmount: null } },
    goesTo: 'api.wise-sandbox.com', path: '/v3/profiles/202/quotes', carries: 'Bearer 00000000-0000-4000-8000-000000000002' },
  { provider: 'plaid', rule: `host: sandbox.plaid.com, credential: "\${PLAID}", values: { ${key('access', 'production').replace('_', '-')}-00000000-0000-4000-8000-000000000000: access-sandbox-1 }`, credential: 'client:sandbox-secret',
    call: { host: 'production.plaid.com', path: '/accounts/get', headers: { 'plaid-client-id': 'client', 'plaid-secret': 'LIVE-SECRET' }, body: { access_token: `${key('access', 'production').replace('_', '-')}-00000000-0000-4000-8000-000000000000` } },
    goesTo: 'sandbox.plaid.com', path: '/accounts/get', carries: 'PLAID-SECRET: sandbox-secret' },
];

let outside: Outside;
let house: RunningHouse;

beforeAll(async () => {
  outside = await openOutside();
  const providers = [...new Map(rows.map((row) => [row.provider, row])).values()];
  house = await startHouse({
    policy: `version: 1\nsafe: { emails: ["*@example.test"] }\ndefault: reject\nrules:\n${providers.map(({ provider, rule }) =>
      `  - { id: ${provider}, when: { provider: ${provider}, liveness: live }, then: { forward: { rewrite: { ${rule} } } }, because: the sandbox takes it }\n`).join('')}`,
    env: Object.fromEntries(providers.map(({ provider, credential }) => [provider.toUpperCase(), credential])),
    network: outside.network,
  });
});
afterAll(async () => {
  await house.stop();
  outside.close();
});
beforeEach(() => outside.forget());

async function send({ host, path, body, headers }: Row['call']): Promise<number> {
  const form = typeof body === 'string';
  const response = await fetch(`http://127.0.0.1:${house.port('http')}/~/${host}${path}`, {
    method: 'POST', body: form ? body : JSON.stringify(body), headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json', ...headers },
  });
  await response.arrayBuffer();
  return response.status;
}

describe('a live call that a rule sends to the sandbox', () => {
  it.each(rows)('of $provider goes to $goesTo$path, without the live credential', async ({ call, goesTo, path, carries }) => {
    const status = await send(call);
    const capture = await house.capture();
    expect([status, capture.decision.action === 'forward' ? capture.outcome : capture.decision.reason]).toEqual([200, 'forwarded']);
    expect(outside.dialled).toEqual([`https://${goesTo}:443`]);
    expect(outside.sent()).toMatch(new RegExp(`^POST ${path} HTTP/1\\.1\\r\\n`));
    expect(outside.sent()).toContain(carries);
    expect(outside.sent()).not.toMatch(/LIVE/);
    for (const hidden of [basic('client:LIVE-SECRET'), basic('K1_2:LIVE-SECRET'), basic('LIVE-PUBLIC:LIVE-PRIVATE')]) expect(outside.sent()).not.toContain(hidden);
    expect(capture).toMatchObject({ decision: { plan: { sent: { liveness: 'test', to: { host: goesTo } } } } });
    expect(JSON.stringify(capture.decision)).not.toContain('SANDBOX1');
  });

  it('does not leave where a real person is named in it', async () => {
    const row = rows.find(({ provider }) => provider === 'mollie')!;
    expect(await send({ ...row.call, body: { ...row.call.body as object, description: 'For ann@gmail.com' } })).toBe(403);
    expect(outside.dialled).toEqual([]);
  });

  it('does not leave where a live credential is left in it, although the host is a sandbox', async () => {
    const row = rows.find(({ provider }) => provider === 'square')!;
    expect(await send({ ...row.call, body: { ...row.call.body as object, note: key('sk', 'live', 'a1B2c3D4e5F6') } })).toBe(403);
    expect(await house.capture()).toMatchObject({ decision: { rule: 'gateway:guard', reason: expect.stringContaining('a live credential is left in its body') } });
    expect(outside.dialled).toEqual([]);
  });

  it.each<[string, string, Partial<Row['call']>, RegExp]>([
    ['the number of a real card', 'authorizenet', { body: { createTransactionRequest: { merchantAuthentication: { name: 'n', transactionKey: 'k' }, transactionRequest: {
      transactionType: 'authCaptureTransaction', amount: '10.50', payment: { creditCard: { cardNumber: ['4539', '5787', '6362', '1486'].join(''), expirationDate: '2030-08' } } } } } }, /the number of a real card is left in its body/],
    ['a refresh token of the live account', 'paypal', { body: 'grant_type=refresh_token&refresh_token=LIVEREFRESH' }, /its field refresh_token holds a secret of the caller/],
    ['a client secret in the body', 'paypal', { body: 'grant_type=client_credentials&client_secret=LIVESECRET' }, /its field client_secret holds a secret/],
    ['a login where the sandbox has given a token', 'paypal', { path: '/v2/checkout/orders', body: { intent: 'CAPTURE', purchase_units: [{ amount: { currency_code: 'EUR', value: '12.00' } }] } }, /ask for one first/],
    ['a second login in the body', 'authorizenet', { body: { createTransactionRequest: { merchantAuthentication: { name: 'n', transactionKey: 'k' }, transactionRequest: {
      transactionType: 'authCaptureTransaction', amount: '10.50', customer: { transactionKey: 'LIVE' }, payment: { opaqueData: { dataDescriptor: 'x', dataValue: 'y' } } } } } }, /transactionKey holds a secret|not|unknown|schema/],
  ])('does not leave with %s', async (_what, provider, given, why) => {
    const row = rows.find((each) => each.provider === provider)!;
    await send({ ...row.call, ...given });
    expect(outside.dialled).toEqual([]);
    const { decision } = await house.capture();
    expect(decision).toMatchObject({ action: 'reject', reason: expect.stringMatching(why) });
  });

  it('leaves the other ways to log in behind: a password beside a key', async () => {
    const row = rows.find(({ provider }) => provider === 'adyen')!;
    expect(await send({ ...row.call, headers: { authorization: basic('ws@Company.Shop:LIVE-PASSWORD') } })).toBe(200);
    expect(outside.sent()).not.toMatch(/authorization/i);
  });

  it('does not leave over http, where anybody on the way could read the credential', async () => {
    const agent = new ProxyAgent({ uri: `http://shop:token@127.0.0.1:${house.port('http')}`, proxyTunnel: false });
    const { statusCode, body } = await request('http://api.mollie.com/v2/payments', { dispatcher: agent, headers: { authorization: `Bearer ${key('live', 'LIVEaaaaaaaaaaaaaaaaaaaaaaaaaa')}` } });
    await body.dump();
    await agent.close();
    expect([statusCode, outside.dialled]).toEqual([403, []]);
    expect(await house.capture()).toMatchObject({ decision: { rule: 'gateway:rewrite', reason: expect.stringContaining('unencrypted') } });
  });

  it('carries no other credential of the caller: neither an OAuth token nor a key in a field nobody knows', async () => {
    const row = rows.find(({ provider }) => provider === 'mollie')!;
    expect(await send({ ...row.call, headers: { authorization: `Bearer ${key('access', 'oauthtoken')}`, 'x-api-key': key('live', 'LIVEaaaaaaaaaaaaaaaaaaaaaaaaaa') } })).toBe(200);
    expect(outside.sent()).not.toMatch(/LIVE|oauthtoken/);
  });
});
