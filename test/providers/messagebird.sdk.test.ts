import { createSecretKey } from 'node:crypto';
import { globalAgent } from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import messagebirdSdk from 'messagebird';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { messagebird } from '../../src/providers/messagebird/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

type Done = (error: unknown, answer: unknown) => void;
type Methods = Readonly<Record<string, (...given: unknown[]) => void>>;
type Sdk = Readonly<Record<'messages' | 'mms' | 'voice_messages' | 'verify' | 'lookup' | 'hlr' | 'balance' | 'conversations', Methods>>;
const sdk = messagebirdSdk as unknown as { readonly initClient: (key: string) => Sdk };
/** The verifier is in the package, and in none of its types. */
const { verify, VerifyOptions } = createRequire(import.meta.url)('messagebird/lib/webhook-signature-jwt.js') as {
  readonly verify: (url: string, payload: Buffer, jwt: string, key: unknown, options?: unknown) => Promise<boolean>;
  readonly VerifyOptions: unknown;
};

interface Answer { readonly id: string; readonly status: string; readonly recipients: { readonly totalDeliveredCount: number; readonly items: readonly Readonly<Record<string, unknown>>[] } }

describe('messagebird', () => {
  const client = sdk.initClient('live_fake');
  const hosts = ['rest.messagebird.com', 'conversations.messagebird.com'] as const;
  let vendors: readonly VendorServer[] = [];
  let vendor: VendorServer;
  const call = (method: ((...given: unknown[]) => void) | undefined, ...given: unknown[]): Promise<Answer> =>
    new Promise((resolve, reject) => { method!(...given, ((error, answer) => { if (error === null) resolve(answer as Answer); else reject(error as Error); }) satisfies Done); });

  beforeAll(async () => {
    vendors = await Promise.all(hosts.map((host) => serveVendor(messagebird, host)));
    vendor = vendors[0]!;
    // Hosts and https are fixed in the SDK: its requests are put on a plain connection to the servers.
    const agent = globalAgent as unknown as { createConnection: (options: { readonly host: string }) => unknown };
    // It hangs a listener on each socket and takes none off.
    Object.assign(globalAgent, { keepAlive: false });
    vi.spyOn(agent, 'createConnection').mockImplementation(({ host }) => connect(vendors[hosts.findIndex((one) => one === host)]!.port, '127.0.0.1'));
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    Object.assign(globalAgent, { keepAlive: true });
    globalAgent.destroy();
    await Promise.all(vendors.map((each) => each.close()));
  });
  afterEach(() => { for (const each of vendors) each.refuse(null); });

  const text = { originator: 'Shop', recipients: ['31600000000', '31600000001'], body: 'Order 42 has shipped', reference: 'order-42', reportUrl: 'https://app.example.test/dlr' };

  it('resolves on a captured text, reports on each recipient and reads it back as it arrives', async () => {
    const before = vendor.callbacks.length;
    const sent = await call(client.messages['create'], { ...text });
    expect(sent).toMatchObject({ direction: 'mt', reference: 'order-42', recipients: { totalCount: 2, totalDeliveredCount: 0, items: [{ recipient: 31600000000, status: 'sent', messagePartCount: 1 }, {}] } });
    expect(vendor.callbacks.slice(before).map(({ target, method, body }) => [target, method, Object.fromEntries(new URLSearchParams(body))])).toMatchObject([
      ['https://app.example.test/dlr', 'GET', { id: sent.id, reference: 'order-42', recipient: '31600000000', status: 'delivered', statusErrorCode: '', 'price[currency]': 'EUR' }], [expect.anything(), 'GET', { recipient: '31600000001' }],
    ]);
    vendor.pass(2000);
    expect((await call(client.messages['read'], sent.id)).recipients).toMatchObject({ totalDeliveredCount: 2, items: [{ status: 'delivered' }, {}] });
    expect(await call(client.messages['list'], { limit: 1, offset: 0, status: 'delivered' })).toMatchObject({ count: 1, items: [{ id: sent.id }] });
    expect(await call(client.messages['delete'], sent.id)).toBe(true);
    await expect(call(client.messages['read'], sent.id)).rejects.toMatchObject({ statusCode: 404, errors: [{ code: 20 }] });
  });

  it('reports on no text without a reference, and on none that is yet to be sent', async () => {
    const before = vendor.callbacks.length;
    await call(client.messages['create'], { ...text, reference: undefined });
    const later = await call(client.messages['create'], { ...text, scheduledDatetime: '2099-01-01T00:00:00+00:00' });
    expect(later.recipients).toMatchObject({ items: [{ status: 'scheduled' }, {}] });
    expect(vendor.callbacks.length).toBe(before);
  });

  it.each([
    ['plain, where other letters are replaced', { body: 'я'.repeat(71) }, 1],
    ['auto', { body: 'я'.repeat(71), datacoding: 'auto' }, 2],
    ['unicode', { body: 'a'.repeat(71), datacoding: 'unicode' }, 2],
  ])('counts the parts of a text in %s', async (_what, more, parts) => {
    expect((await call(client.messages['create'], { ...text, ...more })).recipients.items[0]).toMatchObject({ messagePartCount: parts });
  });

  it("rejects with the vendor's own words where no recipient is a number", async () => {
    await expect(call(client.messages['create'], { ...text, recipients: ['ann'] })).rejects.toThrow('api error(s): no (correct) recipients found (code: 9, parameter: recipients)');
  });

  it.each([
    ['a text', 0, () => call(client.messages['create'], { ...text })],
    ['a spoken message', 0, () => call(client.voice_messages['create'], { recipients: ['31600000000'], body: 'Hi' })],
    ['a verification', 0, () => call(client.verify['create'], '31600000000', {})],
    ['a message of a conversation', 1, () => call(client.conversations['send'], { to: '+31600000000', from: '0'.repeat(32), type: 'text', content: { text: 'Hi' } })],
  ])('rejects %s that is refused, holding rule and reason, after exactly one attempt', async (_what, at, send) => {
    vendors[at]!.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendors[at]!.calls.length;
    await expect(send()).rejects.toThrow(/^api error\(s\): Request not allowed: no-real-people: ann is a real person .*\(code: 2\)$/);
    expect(vendors[at]!.calls.length - before).toBe(1);
  });

  it('verifies with the token that was captured, once', async () => {
    const started = await call(client.verify['create'], '31600000000', { originator: 'Shop', tokenLength: 8 });
    const decoded = vendor.calls.at(-1)!.decoded;
    const token = decoded.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code! : '';
    expect(token).toMatch(/^[0-9]{8}$/);
    expect((await call(client.verify['read'], started.id)).status).toBe('sent');
    await expect(call(client.verify['verify'], started.id, '00')).rejects.toThrow('The token is invalid.');
    expect((await call(client.verify['verify'], started.id, token)).status).toBe('verified');
    await expect(call(client.verify['verify'], started.id, token)).rejects.toThrow('The token is invalid.');
  });

  it('answers what applications ask beside', async () => {
    expect(await call(client.balance['read'])).toEqual({ payment: 'prepaid', type: 'credits', amount: 100 });
    expect(await call(client.lookup['read'], '31612345678')).toMatchObject({ countryCode: 'NL', countryPrefix: 31, phoneNumber: 31612345678, formats: { e164: '+31612345678' } });
    const query = await call(client.hlr['create'], 31612345678, 'check-42');
    expect(await call(client.hlr['read'], query.id)).toMatchObject({ msisdn: 31612345678, status: 'active' });
  });

  it('keeps a conversation that was begun', async () => {
    const begun = await call(client.conversations['start'], { to: '+31600000000', channelId: '0'.repeat(32), type: 'text', content: { text: 'Hi' } });
    const reply = await call(client.conversations['reply'], begun.id, { type: 'text', content: { text: 'Are you there?' } });
    expect(await call(client.conversations['read'], begun.id)).toMatchObject({ status: 'active', contact: { msisdn: 31600000000 } });
    expect(await call(client.conversations['readMessage'], reply.id)).toMatchObject({ conversationId: begun.id, content: { text: 'Are you there?' }, status: 'pending' });
    expect(await call(client.conversations['listMessages'], begun.id, 10, 0)).toMatchObject({ totalCount: 2 });
  });

  it.each([['a report in a query', 'GET', ''], ['a body', 'POST', '{"type":"message.updated"}']])('signs %s so that the SDK verifies it', async (_what, method, body) => {
    const url = 'https://app.example.test/dlr?id=1&status=delivered';
    const now = Date.now();
    const signed = messagebird.sign({ method, url, headers: [], contentType: 'application/json', body }, 'a signing key', now);
    const token = signed.headers.find(([name]) => name === 'MessageBird-Signature-JWT')![1];
    const key = createSecretKey(Buffer.from('a signing key'));
    expect(VerifyOptions).toBeDefined();
    expect(await verify(url, Buffer.from(body), token, key)).toBe(true);
    await expect(verify(`${url}&x=1`, Buffer.from(body), token, key)).rejects.toThrow('url_hash');
    await expect(verify(url, Buffer.from(`${body} `), token, key)).rejects.toThrow('payload');
    await expect(verify(url, Buffer.from(body), token, createSecretKey(Buffer.from('another')))).rejects.toThrow('signature');
  });
});
