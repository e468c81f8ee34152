import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { stagingApp, type StagingApp } from '../support/staging-app.ts';

/** The real program: a payer's yes made to happen by the control API, heard by the application, and good for the money. */
const webhookId = '1JE4291016473214C';
let app: StagingApp;
let gateway: RunningGateway;
beforeAll(async () => {
  app = await stagingApp();
  await app.up();
  gateway = await startGateway({
    env: { PAYPAL_WEBHOOK_ID: webhookId },
    policy: 'version: 1\ndefault: reject\nlimits: { burst: off }\nrules:\n  - { id: captured, when: { decoded: [effects, read] }, then: capture, because: staging pays nobody }\n',
    gateway: `webhooks:\n  paypal: { url: "${app.origin}/paypal", secret: "\${PAYPAL_WEBHOOK_ID}" }\n  klarna: { url: "${app.origin}/klarna" }\n`,
  });
}, 120_000);
afterAll(async () => {
  await discard(gateway);
  await app.down();
});

// JSON of any shape, looked at by this test only
// oxlint-disable-next-line typescript/no-explicit-any
interface Said { readonly status: number; readonly body: any }

/** A call of the application, by the gateway as its proxy. */
function say(method: string, url: string, authorization: string, body?: unknown): Promise<Said> {
  const proxy = new URL(gateway.proxy('shop'));
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({
      host: proxy.hostname, port: proxy.port, method, path: url,
      headers: { host: new URL(url).host, authorization, 'content-length': Buffer.byteLength(text), 'proxy-authorization': `Basic ${Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64')}`, ...type },
    }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const whole = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, body: whole === '' ? null : JSON.parse(whole) as unknown });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Makes something happen to the newest call. */
async function happen(event: string): Promise<void> {
  const { id } = await gateway.api<{ id: string }>('/api/captures/latest');
  const answer = await fetch(`${gateway.control}/api/captures/${id}/simulate`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ event }) });
  if (!answer.ok) throw new Error(await answer.text());
}

it('PayPal: an approved order is captured, and its delivery is verified as one of PayPal\'s', async () => {
  const api = 'http://api-m.sandbox.paypal.com';
  const { access_token: token } = (await say('POST', `${api}/v1/oauth2/token`, `Basic ${Buffer.from('client:secret').toString('base64')}`, 'grant_type=client_credentials')).body;
  const order = await say('POST', `${api}/v2/checkout/orders`, `Bearer ${token}`, { intent: 'CAPTURE', purchase_units: [{ custom_id: 'A-1001', amount: { currency_code: 'EUR', value: '10.00' } }] });
  await happen('CHECKOUT.ORDER.APPROVED');
  const [heard] = await app.hears(1, '/paypal');
  const of = (name: string): string | undefined => heard!.headers[`paypal-${name}`];
  expect((await say('POST', `${api}/v1/notifications/verify-webhook-signature`, `Bearer ${token}`, {
    auth_algo: of('auth-algo'), cert_url: of('cert-url'), transmission_id: of('transmission-id'), transmission_sig: of('transmission-sig'), transmission_time: of('transmission-time'),
    webhook_id: webhookId, webhook_event: JSON.parse(heard!.body) as unknown,
  })).body).toEqual({ verification_status: 'SUCCESS' });
  expect((await say('POST', `${api}/v2/checkout/orders/${order.body.id}/capture`, `Bearer ${token}`, {})).body.status).toBe('COMPLETED');
  expect(await gateway.api('/api/captures/latest')).toMatchObject({ provider: 'paypal', operation: 'orders.capture', amount: { minor: '1000', currency: 'EUR' }, keys: [{ name: 'custom_id', value: 'A-1001' }] });
});

it('PayPal: what was authorized is found again, captured and seen in its order', async () => {
  const [api, by] = ['http://api-m.sandbox.paypal.com', 'Bearer A21AAtest'];
  const order = await say('POST', `${api}/v2/checkout/orders`, by, { intent: 'AUTHORIZE', purchase_units: [{ amount: { currency_code: 'EUR', value: '10.00' } }], payment_source: { card: { vault_id: 'v-1' } } });
  const { id } = order.body.purchase_units[0].payments.authorizations[0];
  expect((await say('POST', `${api}/v2/payments/authorizations/${id}/capture`, by, { final_capture: true })).status).toBe(201);
  const { authorizations, captures } = (await say('GET', `${api}/v2/checkout/orders/${order.body.id}`, by)).body.purchase_units[0].payments;
  expect([authorizations[0].id, authorizations[0].status, captures[0].links.at(-1).href]).toEqual([id, 'CAPTURED', expect.stringContaining(`/authorizations/${id}`)]);
});

it('Mollie: a payment that was paid tells its id, by which it is read', async () => {
  const [api, key] = ['http://api.mollie.com/v2/payments', `Bearer test_${'x'.repeat(30)}`];
  const made = await say('POST', api, key, { amount: { currency: 'EUR', value: '10.00' }, description: 'Order 1', redirectUrl: 'https://shop.example.test/', webhookUrl: `${app.origin}/mollie?order=A-1001` });
  await happen('payment.paid');
  const [heard] = await app.hears(1, '/mollie');
  expect(heard!.body).toBe(`id=${made.body.id}`);
  expect((await say('GET', `${api}/${made.body.id}`, key)).body.status).toBe('paid');
});

it('Klarna: a customer\'s yes is a token that makes an order', async () => {
  const [api, by] = ['http://api.playground.klarna.com', `Basic ${Buffer.from('PK00000_x:secret').toString('base64')}`];
  const purchase = { purchase_country: 'SE', purchase_currency: 'SEK', locale: 'en-SE', order_amount: 1000, order_lines: [{ name: 'Shirt', quantity: 1, unit_price: 1000, total_amount: 1000 }] };
  await say('POST', `${api}/payments/v1/sessions`, by, { ...purchase, merchant_urls: { authorization: `${app.origin}/klarna` } });
  await happen('authorization');
  const [heard] = await app.hears(1, '/klarna');
  const { authorization_token: token } = JSON.parse(heard!.body) as { authorization_token: string };
  const order = await say('POST', `${api}/payments/v1/authorizations/${token}/order`, by, purchase);
  expect((await say('POST', `${api}/ordermanagement/v1/orders/${order.body.order_id}/captures`, by, { captured_amount: 1000 })).status).toBe(201);
  expect((await say('GET', `${api}/ordermanagement/v1/orders/${order.body.order_id}`, by)).body.status).toBe('CAPTURED');
});
