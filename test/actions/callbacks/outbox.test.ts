import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { targetAgent } from '../../../src/actions/dialer.ts';
import { requestOf, send } from '../../../src/actions/callbacks/send.ts';
import type { CallbackInfo } from '../../../src/model/callback.ts';
import type { Capture } from '../../../src/model/capture.ts';
import { StoreUnavailable } from '../../../src/model/store.ts';
import { stagingApp, type StagingApp } from '../../support/staging-app.ts';
import { startHouse, type RunningHouse } from '../house.ts';

/** The whole house with its outside recorded: what is sent where, and what is never dialled. */
const policy = `version: 1
safe: { phones: ["+15005550006"] }
default: reject
rules:
  - { id: closed, when: { recipients: { some: "+15005550009" } }, then: reject, because: closed }
  - { id: understood, when: { channel: [email, sms, voice, payment] }, then: capture, because: staging sends nothing }
`;
const account = `AC${'0'.repeat(32)}`;
let app: StagingApp;
let house: RunningHouse;
let bare: RunningHouse;
const dialled: string[] = [];
const asked: string[] = [];
/** how many recordings of an attempt the store refuses, and how long its leases last then */
let refuses = 0;
let leaseFor: number | null = null;

const addresses: Readonly<Record<string, readonly string[]>> = {
  'shop.test': ['127.0.0.1'], 'metadata.test': ['169.254.169.254'], 'hidden.test': ['64:ff9b::7f00:1'], 'mixed.test': ['127.0.0.1', '169.254.169.254'],
};
const resolve = (host: string): Promise<readonly string[]> => { asked.push(host); return Promise.resolve(addresses[host] ?? []); };

beforeAll(async () => {
  app = await stagingApp();
  await app.up();
  const plain = (url: string): { readonly url: string; readonly secret: null } => ({ url, secret: null });
  house = await startHouse({
    policy, network: { resolve, connect },
    webhooks: {
      twilio: plain(`${app.origin}/twilio`), unsigned: { url: `${app.origin}/unsigned`, secret: `AC${'a'.repeat(32)}` },
      ...Object.fromEntries([...Object.keys(addresses), 'nowhere.test'].map((host) => [host, plain(`http://${host}:${app.port}/`)])),
    },
    storage: (store) => ({
      ...store,
      leaseCallbacks: (lease) => store.leaseCallbacks({ ...lease, forMs: leaseFor ?? lease.forMs }),
      record: (recording) => (recording.settles !== undefined && refuses-- > 0 ? Promise.reject(new StoreUnavailable('full')) : store.record(recording)),
    }),
  });
  bare = await startHouse({ policy, network: { resolve, connect } });
});
beforeEach(async () => {
  // what an earlier test left to be tried again goes with its capture
  await house.api('/api/captures', { method: 'DELETE' });
  [refuses, leaseFor] = [0, null];
  for (const list of [dialled, asked, app.heard]) list.length = 0;
  app.answer(() => ({ status: 204 }));
});
afterAll(async () => {
  await Promise.all([house.stop(), bare.stop()]);
  await app.down();
});

const connect: buildConnector.connector = (wished, done) => {
  dialled.push(`${wished.hostname}:${wished.port}`);
  const to = { host: wished.hostname, port: Number(wished.port) };
  const socket = wished.protocol === 'https:' ? connectTls({ ...to, servername: wished.servername ?? '' }) : connectTcp(to);
  socket.once(wished.protocol === 'https:' ? 'secureConnect' : 'connect', () => done(null, socket)).once('error', (error) => done(error, null));
};

/** Rings at once, so that the first callback of a call is due when it is answered. */
async function ring(statusCallback: string | null, more: Record<string, string> = {}, at: RunningHouse = house): Promise<Capture> {
  const response = await fetch(`http://127.0.0.1:${at.port('http')}/~/api.twilio.com/2010-04-01/Accounts/${account}/Calls.json`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${Buffer.from(`${account}:x`).toString('base64')}` },
    body: new URLSearchParams({ To: '+15005550006', From: '+15005550001', Twiml: '<Response/>', StatusCallbackEvent: 'initiated', ...(statusCallback === null ? {} : { StatusCallback: statusCallback }), ...more }),
  });
  return at.capture(response.headers.get('x-fourthwall-capture')!);
}

async function until(id: string, ready: (callback: CallbackInfo) => boolean): Promise<CallbackInfo> {
  for (;;) {
    const [callback] = (await house.capture(id)).callbacks;
    if (callback !== undefined && ready(callback)) return callback;
    await new Promise((over) => { setTimeout(over, 10); });
  }
}
const tried = ({ lastError }: CallbackInfo): boolean => lastError !== null;
const post = (path: string, body: object = {}, at: RunningHouse = house): ReturnType<RunningHouse['api']> =>
  at.api(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('where nobody configured a webhook', () => {
  it('a callback is shown as skipped with the line that would let it go, and nothing is asked or dialled', async () => {
    const capture = await ring(`${app.origin}/status`, {}, bare);
    expect(capture.callbacks).toEqual([{
      id: expect.stringMatching(/^cbk_/), target: `${app.origin}/status`, url: null, event: 'initiated', state: 'skipped', attempt: 0, notBefore: expect.any(String), lastStatus: null,
      lastError: `no webhook of gateway.yaml is at ${app.origin}; what would let it go: webhooks: { twilio: { url: "${app.origin}/status" } }`, delivery: null,
    }]);
    const again = await post(`/api/callbacks/${capture.callbacks[0]!.id}/resend`, {}, bare);
    expect(again).toMatchObject({ status: 422, body: { title: 'Not sent', detail: expect.stringContaining('no webhook of gateway.yaml') } });
    expect([asked, dialled, app.heard]).toEqual([[], [], []]);
  });

  it('an event that its vendor would send to a webhook of the account is shown the same way, and not kept', async () => {
    const response = await fetch(`http://127.0.0.1:${bare.port('http')}/~/api.sendgrid.com/v3/mail/send`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body: JSON.stringify({ personalizations: [{ to: [{ email: 'ann@example.test' }] }], from: { email: 'a@example.test' }, subject: 'x', content: [{ type: 'text/plain', value: 'x' }] }),
    });
    const capture = await bare.capture(response.headers.get('x-fourthwall-capture')!);
    expect(capture.callbacks).toMatchObject([{ target: 'sendgrid', event: 'processed', state: 'skipped', lastError: expect.stringContaining('webhooks: { sendgrid: { url:') }, { event: 'delivered' }]);
    expect(await post(`/api/callbacks/${capture.callbacks[0]!.id}/resend`, {}, bare)).toMatchObject({ status: 422, body: { detail: expect.stringContaining('not kept') } });
    // happening later it is kept: with a webhook it could be sent again
    expect(await post(`/api/captures/${capture.id}/simulate`, { event: 'open' }, bare)).toMatchObject({ status: 200, body: { callbacks: [{ event: 'open', state: 'skipped' }] } });
  });

  it.each([
    ['another port of the same machine', (own: string) => own.replace(/\d+$/, '9')],
    ['another name', () => 'http://shop.test/status'],
    ['a user before another host', (own: string) => `${own.replace('http://', 'http://shop.test@evil.test#')}`],
  ])('a callback to %s is skipped, although another is configured', async (_what, target) => {
    expect((await ring(target(app.origin))).callbacks).toMatchObject([{ state: 'skipped' }]);
    expect([asked, dialled]).toEqual([[], []]);
  });
});

describe('what is sent', () => {
  it('is one request to the configured place, and a redirect from there is not followed', async () => {
    app.answer(() => ({ status: 307, headers: { location: 'http://evil.test/' } }));
    const { id } = await ring(`${app.origin}/status`);
    expect(await until(id, tried)).toMatchObject({ state: 'pending', lastStatus: 307, lastError: 'it answered 307 to http://evil.test/; a redirect is never followed' });
    expect(dialled).toEqual([`127.0.0.1:${app.port}`]);
    expect(asked).toEqual([]);
    expect(app.heard).toMatchObject([{ method: 'POST', url: `${app.origin}/status` }]);
    expect(await house.api('/api/captures?direction=callback')).toMatchObject({ body: { items: [{ parent: id, outcome: 'failed', action: 'capture' }] } });
  });

  it('is tried again in its time, and counted', async () => {
    app.answer(() => ({ status: app.heard.length < 2 ? 503 : 200 }));
    const { id } = await ring(`${app.origin}/status`);
    expect(await until(id, ({ state }) => state === 'delivered')).toMatchObject({ attempt: 2, lastStatus: 200, lastError: null });
    expect(app.heard[1]!.at - app.heard[0]!.at).toBeGreaterThanOrEqual(990);
    expect(new Set(app.heard.map(({ body }) => body)).size).toBe(1);
  });

  it('carries its form in the address where the call asked for GET', async () => {
    const { id } = await ring(`${app.origin}/status?order=1`, { StatusCallbackMethod: 'GET' });
    await until(id, ({ state }) => state === 'delivered');
    expect(app.heard).toMatchObject([{ method: 'GET', body: '' }]);
    expect(Object.fromEntries(new URL(app.heard[0]!.url).searchParams)).toMatchObject({ order: '1', CallStatus: 'initiated', To: '+15005550006' });
  });

  it('has its answer kept in part where that is long', async () => {
    app.answer(() => ({ status: 200, body: 'x'.repeat(300_000) }));
    const { id } = await ring(`${app.origin}/status`);
    const { delivery } = await until(id, ({ state }) => state === 'delivered');
    expect((await house.capture(delivery!)).reply).toMatchObject({ status: 200, body: { truncated: true, size: 65_536, streamed: { whole: false } } });
  });

  it('is given up at once when it cannot be signed, without the secret in the reason', async () => {
    const { id } = await ring(`${app.origin}/unsigned`);
    const callback = await until(id, tried);
    expect(callback).toMatchObject({ state: 'failed', lastError: expect.stringContaining("the account's auth token"), delivery: null });
    expect(callback.lastError).not.toContain('aaaa');
    expect(app.heard).toEqual([]);
  });

  it('is sent again when what came of it could not be written down', async () => {
    [refuses, leaseFor] = [1, 300];
    const { id } = await ring(`${app.origin}/status`);
    expect(await until(id, ({ state }) => state === 'delivered')).toMatchObject({ attempt: 2 });
    expect(app.heard).toHaveLength(2);
  });
});

describe('the dialer', () => {
  it.each([
    ['hands out credentials', 'metadata.test', /metadata/],
    ['hides another address', 'hidden.test', /embedded/],
    ['is nowhere', 'nowhere.test', /has no address/],
    ['is good and bad at once', 'mixed.test', /metadata/],
  ])('does not dial a configured name whose address %s', async (_what, host, why) => {
    const { id } = await ring(`http://${host}:${app.port}/status`);
    expect((await until(id, tried)).lastError).toMatch(why);
    expect([asked, dialled]).toEqual([[host], []]);
  });

  it('dials a configured name at an address of our own networks', async () => {
    const { id } = await ring(`http://shop.test:${app.port}/status`);
    await until(id, ({ state }) => state === 'delivered');
    expect(dialled).toEqual([`127.0.0.1:${app.port}`]);
    expect(app.heard[0]!.headers['host']).toBe(`shop.test:${app.port}`);
  });

  it.each([
    ['what is no target, though its machine is one', 'http://127.0.0.1:9/', () => false, /127\.0\.0\.1:9 is no webhook of gateway.yaml/],
    ['the gateway itself, though it is configured', 'http://127.0.0.1:8025/', () => true, /is the gateway itself/],
  ])('never dials %s', async (_what, url, isOwn, why) => {
    const agent = targetAgent({ internal: () => [], isOwn, connect, targets: [{ host: '127.0.0.1', port: 8025 }] });
    const request = requestOf({ method: 'POST', url, headers: [], contentType: 'text/plain', body: 'x' });
    await expect(send(agent, request)).rejects.toThrow(why);
    expect(dialled).toEqual([]);
    await agent.close();
  });
});

describe('by hand', () => {
  it('the description of the API has both', async () => {
    const { paths } = (await house.api('/api/openapi.json')).body as { paths: Record<string, { post?: { requestBody?: unknown } }> };
    expect(paths['/api/callbacks/{id}/resend']?.post).toBeDefined();
    expect(paths['/api/captures/{id}/simulate']?.post?.requestBody).toMatchObject({ content: { 'application/json': { schema: { required: ['event'] } } } });
    const { items } = (await house.api('/api/providers')).body as { items: { name: string; events: string[] }[] };
    expect(items.find(({ name }) => name === 'stripe')!.events).toEqual(expect.arrayContaining(['charge.dispute.created', 'payout.paid', 'payout.failed']));
  });

  it('a delivered callback is sent again, and one that nobody has is not', async () => {
    const { id } = await ring(`${app.origin}/status`);
    const first = await until(id, ({ state }) => state === 'delivered');
    expect(await post(`/api/callbacks/${first.id}/resend`)).toMatchObject({ status: 200, body: { id: first.id, state: 'pending', attempt: 0 } });
    await app.hears(2);
    const second = await until(id, ({ state, delivery }) => state === 'delivered' && delivery !== first.delivery);
    expect(second.attempt).toBe(1);
    expect(await post('/api/callbacks/cbk_nobody/resend')).toMatchObject({ status: 404 });
  });

  it('one that is being sent is not sent twice at once', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((open) => { letGo = open; });
    app.answer(async () => { await held; return { status: 200 } as never; });
    const { id, callbacks: [callback] } = await ring(`${app.origin}/status`);
    await app.hears(1);
    expect(await post(`/api/callbacks/${callback!.id}/resend`)).toMatchObject({ status: 409 });
    letGo();
    await until(id, ({ state }) => state === 'delivered');
    expect(app.heard).toHaveLength(1);
  });

  it('a call ends another way, is read back so and told so', async () => {
    const capture = await ring(`${app.origin}/status`, { StatusCallbackEvent: 'completed' });
    const happened = await post(`/api/captures/${capture.id}/simulate`, { event: 'busy' });
    expect(happened).toMatchObject({ status: 200, body: { capture: capture.id, event: 'busy', callbacks: [{ event: 'busy', state: 'pending' }] } });
    const { items } = (await house.api('/api/simulators/twilio/objects?kind=call')).body as { items: { value: { call: { status: string } } }[] };
    expect(items[0]!.value.call.status).toBe('busy');
  });

  it('nothing happens to a call that was refused, that nobody understood or that knows no such event', async () => {
    const capture = await ring(null);
    const events = { events: expect.arrayContaining(['delivered', 'busy']) };
    expect(await post(`/api/captures/${capture.id}/simulate`, { event: 'eaten' })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('it has queued'), ...events } });
    expect(await post(`/api/captures/${capture.id}/simulate`, { event: 'busy', recipient: '+15005550001' })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('it has +15005550006') } });
    expect(await post(`/api/captures/${capture.id}/simulate`, { event: 'delivered' })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('cannot happen to this call'), ...events } });
    const refused = await ring(null, { To: '+15005550009' });
    expect(await post(`/api/captures/${refused.id}/simulate`, { event: 'busy' })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('was rejected'), ...events } });
    await house.mail({ from: 'a@example.test', to: ['b@example.test'], raw: 'Subject: x\r\n\r\nhello\r\n' });
    expect(await post('/api/captures/latest/simulate', { event: 'delivered' })).toMatchObject({ status: 409, body: { detail: 'nothing of smtp happens later here', events: [] } });
    expect(await post('/api/captures/cap_nobody/simulate', { event: 'busy' })).toMatchObject({ status: 404 });
    expect(await post(`/api/captures/${capture.id}/simulate`, {})).toMatchObject({ status: 400 });
    // told to nobody, but read back: it happened
    expect(await post(`/api/captures/${capture.id}/simulate`, { event: 'busy' })).toMatchObject({ status: 200, body: { callbacks: [] } });
  });
});

it('a secret of the address a call named is neither stored nor sent', async () => {
  const capture = await ring(`${app.origin}/status?token=hunter2hunter2`);
  expect(capture.callbacks).toMatchObject([{ state: 'skipped', lastError: expect.stringContaining('carries a secret') }]);
  expect(JSON.stringify(capture)).not.toContain('hunter2');
  expect(dialled).toEqual([]);
});
