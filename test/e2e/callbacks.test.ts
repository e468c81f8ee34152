import { generateKeyPairSync, verify } from 'node:crypto';
import Stripe from 'stripe';
import twilio from 'twilio';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CallbackInfo } from '../../src/model/callback.ts';
import { discard, proxyEnv, runApp, startGateway, type RunningGateway } from '../support/gateway.ts';
import { stagingApp, type Heard, type StagingApp } from '../support/staging-app.ts';

/** The real program, the vendors' real libraries, and a real application in staging that verifies what it hears. */
const token = 'f'.repeat(32);
const endpointSecret = `whsec_${'e'.repeat(32)}`;
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secrets = { TWILIO_TOKEN: token, STRIPE_SECRET: endpointSecret, SENDGRID_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

let app: StagingApp;
let gateway: RunningGateway;
beforeAll(async () => {
  app = await stagingApp();
  await app.up();
  await start();
}, 120_000);
beforeEach(() => {
  app.heard.length = 0;
  app.answer(() => ({ status: 204 }));
});
afterAll(async () => {
  await discard(gateway);
  await app.down();
});

async function start(directory?: string): Promise<RunningGateway> {
  gateway = await startGateway({
    env: secrets, ...(directory === undefined ? {} : { directory }),
    gateway: `webhooks:
  twilio: { url: "${app.origin}/twilio", secret: "\${TWILIO_TOKEN}" }
  stripe: { url: "${app.origin}/stripe", secret: "\${STRIPE_SECRET}" }
  sendgrid: { url: "${app.origin}/sendgrid", secret: "\${SENDGRID_KEY}" }
`,
  });
  return gateway;
}

const send = (more: Record<string, string> = {}): Promise<{ readonly sid: string; readonly status: string }> =>
  runApp('twilio-status.ts', { ...proxyEnv(gateway, 'shop+r1'), TWILIO_TOKEN: token, STATUS_URL: `${app.origin}/status?order=A-1001`, ...more });
const statusOf = ({ body }: Heard): string | null => new URLSearchParams(body).get('MessageStatus');
const valid = ({ headers, url, body }: Heard): boolean => twilio.validateRequest(token, headers['x-twilio-signature'] ?? '', url, Object.fromEntries(new URLSearchParams(body)));
const callbacks = async (): Promise<readonly CallbackInfo[]> => (await gateway.api<{ callbacks: CallbackInfo[] }>('/api/captures/latest')).callbacks;
/** Until every callback of the newest call is in such a state. */
async function settled(state: CallbackInfo['state']): Promise<readonly CallbackInfo[]> {
  for (;;) {
    const now = await callbacks();
    if (now.length > 0 && now.every((callback) => callback.state === state)) return now;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

it('an application hears sent and delivered of its SMS, in order and signed, and no verdict minds', async () => {
  const { sid, status } = await send();
  expect(status).toBe('queued');
  const heard = await app.hears(2, '/status');
  expect(heard.map(statusOf)).toEqual(['sent', 'delivered']);
  expect(heard.every(valid)).toBe(true);
  expect(valid({ ...heard[0]!, body: heard[0]!.body.replace('sent', 'read') })).toBe(false);
  expect(heard.map(({ url, method }) => [method, url])).toEqual([1, 2].map(() => ['POST', `${app.origin}/status?order=A-1001`]));
  const parameters = Object.fromEntries(new URLSearchParams(heard[1]!.body));
  expect(parameters).toEqual({ MessageSid: sid, SmsSid: sid, MessageStatus: 'delivered', SmsStatus: 'delivered', To: '+15005550006', From: '+15005550001', AccountSid: `AC${'0'.repeat(32)}`, ApiVersion: '2010-04-01' });

  const done = await settled('delivered');
  expect(done).toMatchObject([{ event: 'sent', attempt: 1, lastStatus: 204, lastError: null, url: `${app.origin}/status?order=A-1001` }, { event: 'delivered' }]);
  const sms = await gateway.api<{ id: string; run: string }>('/api/captures/latest');
  expect(heard[0]!.headers).toMatchObject({ 'x-fourthwall-capture': sms.id, 'x-fourthwall-callback': done[0]!.id, 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' });
  const delivery = await gateway.api<Record<string, unknown>>(`/api/captures/${done[0]!.delivery}`);
  expect(delivery).toMatchObject({
    direction: 'callback', parent: sms.id, run: 'r1', service: 'shop', provider: 'twilio', operation: 'callback.sent', action: 'capture', rule: 'gateway:callback', outcome: 'forwarded',
    recipients: [], request: { method: 'POST', url: `${app.origin}/status?order=A-1001` }, reply: { status: 204 },
  });
  expect(JSON.stringify(delivery)).not.toContain(heard[0]!.headers['x-twilio-signature']);

  const all = 'no-forwarded,no-real-sends,no-real-recipients,no-live-credentials,no-unrecognized,no-findings,min-captures=1,max-captures=1';
  for (const scope of ['run=r1&', '']) expect(await gateway.api(`/api/assert?${scope}expect=${all}&settle=5`)).toMatchObject({ verdict: 'pass', counts: { captures: 1 } });
  expect(await gateway.api('/api/captures/wait?run=r1&count=2&timeout=0')).toMatchObject({ satisfied: false });
  expect(await gateway.api('/api/captures?direction=callback')).toMatchObject({ total: 2 });
  expect(await (await fetch(`${gateway.control}/metrics`)).text()).toContain('fourthwall_callbacks{state="delivered"} 2');
});

it('a messaging service tells queued as well', async () => {
  expect((await send({ BY_SERVICE: '1' })).status).toBe('accepted');
  expect((await app.hears(3, '/status')).map(statusOf)).toEqual(['queued', 'sent', 'delivered']);
});

it('an application that was down hears everything once it is up, in order', async () => {
  await app.down();
  await send();
  for (let state = await callbacks(); (state[0]?.attempt ?? 0) < 1 || state[0]?.lastError === null; state = await callbacks()) await new Promise((resolve) => { setTimeout(resolve, 50); });
  const [first, second] = await callbacks();
  expect(first!.lastError).toContain(`127.0.0.1:${app.port} was not reached: it refused the connection`);
  expect(second).toMatchObject({ attempt: 0, state: 'pending' });
  await app.up();
  expect((await app.hears(2, '/status')).map(statusOf)).toEqual(['sent', 'delivered']);
  const done = await settled('delivered');
  expect(done[0]!.attempt).toBeGreaterThan(1);
  expect(done[1]).toMatchObject({ attempt: 1 });
});

it('Stripe takes every event of a payment for its own', async () => {
  await runApp('stripe.ts', { ...proxyEnv(gateway), MODE: 'proxy' });
  const heard = await app.hears(10, '/stripe');
  const events = heard.map(({ body, headers, url }) => {
    expect(url).toBe(`${app.origin}/stripe`);
    return Stripe.webhooks.constructEvent(body, headers['stripe-signature']!, endpointSecret);
  });
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['customer.created', 'payment_intent.created', 'payment_intent.succeeded', 'charge.succeeded', 'charge.refunded']));
  expect(() => Stripe.webhooks.constructEvent(`${heard[0]!.body} `, heard[0]!.headers['stripe-signature']!, endpointSecret)).toThrow(/signature/i);
});

it('SendGrid’s events verify with the public key, and what is simulated later arrives too', async () => {
  const { sent } = await runApp<{ sent: { capture: string } }>('sendgrid.ts', { ...proxyEnv(gateway), MODE: 'proxy' });
  const events = ({ body }: Heard): readonly Record<string, unknown>[] => JSON.parse(body) as Record<string, unknown>[];
  expect((await app.hears(2, '/sendgrid')).map((heard) => events(heard).map(({ event, email }) => [event, email]))).toEqual([[['processed', 'ann@example.test']], [['delivered', 'ann@example.test']]]);
  for (const { body, headers } of await app.hears(2, '/sendgrid')) {
    const signature = Buffer.from(headers['x-twilio-email-event-webhook-signature']!, 'base64');
    const time = headers['x-twilio-email-event-webhook-timestamp']!;
    expect(verify('sha256', Buffer.from(time + body), keys.publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.from(`${time}x${body}`), keys.publicKey, signature)).toBe(false);
  }
  const simulate = (body: object): Promise<Response> => fetch(`${gateway.control}/api/captures/${sent.capture}/simulate`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const bounced = await simulate({ event: 'bounce', recipient: 'ann@example.test', detail: '550 5.2.1 mailbox disabled' });
  expect([bounced.status, await bounced.json()]).toMatchObject([200, { capture: sent.capture, event: 'bounce', callbacks: [{ event: 'bounce', state: 'pending' }] }]);
  expect(events((await app.hears(3, '/sendgrid'))[2]!)).toMatchObject([{ event: 'bounce', email: 'ann@example.test', reason: '550 5.2.1 mailbox disabled', status: '5.2.1', type: 'bounce' }]);
  await simulate({ event: 'open' });
  await simulate({ event: 'open' });
  const ids = (await app.hears(5, '/sendgrid')).flatMap(events).map((event) => event['sg_event_id']);
  expect([ids.length, new Set(ids).size]).toEqual([5, 5]);
  const unknown = await simulate({ event: 'eaten' });
  expect([unknown.status, await unknown.json()]).toMatchObject([422, { events: expect.arrayContaining(['bounce', 'open']) }]);
  expect((await simulate({ event: 'open', recipient: 'nobody@example.test' })).status).toBe(422);
});

it('what was under way when the gateway was killed is sent again by the next one, and the rest after it', async () => {
  app.answer(() => (app.heard.length === 1 ? new Promise<never>(() => undefined) : { status: 200 }));
  const { sid } = await send();
  // it has heard, and nothing of that is recorded yet
  await app.hears(1, '/status');
  await gateway.kill();
  await start(gateway.directory);
  const heard = await app.hears(3, '/status');
  expect(heard.map(statusOf)).toEqual(['sent', 'sent', 'delivered']);
  expect(heard.every(valid)).toBe(true);
  expect(new Set(heard.map(({ body }) => new URLSearchParams(body).get('MessageSid')))).toEqual(new Set([sid]));
  expect(new Set(heard.slice(0, 2).map(({ headers }) => headers['x-fourthwall-callback'])).size).toBe(1);
  expect(await settled('delivered')).toMatchObject([{ attempt: 2 }, { attempt: 1 }]);
});

it('a gateway that stops finishes what is under way and leaves the rest to the next', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => { letGo = resolve; });
  app.answer(async () => { await held; return { status: 200 } as never; });
  await send();
  await app.hears(1, '/status');
  const stopping = gateway.stop();
  setTimeout(letGo, 300);
  expect(await stopping).toBe(0);
  await start(gateway.directory);
  expect((await app.hears(2, '/status')).map(statusOf)).toEqual(['sent', 'delivered']);
  expect(await settled('delivered')).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
});
