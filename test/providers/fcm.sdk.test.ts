import { Agent } from 'node:https';
import { connect } from 'node:net';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import type { App } from 'firebase-admin/app';
import { getMessaging } from 'firebase-admin/messaging';
import type { Messaging } from 'firebase-admin/messaging';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fcm } from '../../src/providers/fcm/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const refusal = { rule: 'no-real-people', reason: 'this device is a real one' };

describe('firebase-admin', () => {
  let send: VendorServer;
  let topics: VendorServer;
  let app: App;
  let messaging: Messaging;

  beforeAll(async () => {
    send = await serveVendor(fcm, 'fcm.googleapis.com');
    topics = await serveVendor(fcm, 'iid.googleapis.com');
    // Its hosts are fixed: the agent dials ours in their place, without TLS.
    const httpAgent = Object.assign(new Agent(), { createConnection: ({ host }: { readonly host: string }) => connect(host === 'iid.googleapis.com' ? topics.port : send.port, '127.0.0.1') });
    app = initializeApp({ projectId: 'shop', httpAgent, credential: { getAccessToken: async () => ({ access_token: 'fake-access-token', expires_in: 3600 }) } });
    messaging = getMessaging(app);
    // sendEach() otherwise says a `:scheme` that no HTTP/2 server takes: docs/discoveries/fcm.md
    messaging.enableLegacyHttpTransport();
  });
  afterAll(async () => {
    await deleteApp(app);
    await Promise.all([send.close(), topics.close()]);
  });
  afterEach(() => [send, topics].forEach((vendor) => vendor.refuse(null)));

  it('resolves on a captured message with the name it got', async () => {
    const name = await messaging.send({ token: 'device-token-1', notification: { title: 'Order', body: 'It has shipped' }, data: { order_id: 'o-42' }, fcmOptions: { analyticsLabel: 'autumn' } });
    expect(name).toMatch(/^projects\/shop\/messages\/0:\d{16}%[0-9a-f]{16}$/);
    expect(send.calls.at(-1)?.decoded).toMatchObject({ effects: [{
      channel: 'push', title: 'Order', text: 'It has shipped', recipients: [{ address: 'device-token-1', kind: 'device' }], keys: [{ name: 'analytics_label', value: 'autumn' }, { name: 'order_id', value: 'o-42' }],
    }] });
  });

  it('knows a dry run for a test', async () => {
    expect(await messaging.send({ topic: 'news' }, true)).toBe('projects/shop/messages/fake_message_id');
    expect(send.calls.at(-1)?.decoded).toMatchObject({ effects: [{ liveness: 'test', recipients: [{ address: 'news', kind: 'topic' }] }] });
  });

  it('sends to each over HTTP/1.1', async () => {
    const answer = await messaging.sendEachForMulticast({ tokens: ['device-token-1', 'device-token-2'], notification: { body: 'hi' } });
    expect(answer).toMatchObject({ successCount: 2, failureCount: 0, responses: [{ messageId: expect.stringContaining('projects/shop/messages/') }, { success: true }] });
  });

  it('lets devices follow a topic, and leave it', async () => {
    expect(await messaging.subscribeToTopic(['device-token-1', 'device-token-2'], 'news')).toMatchObject({ successCount: 2, failureCount: 0 });
    expect(topics.calls.at(-1)?.decoded).toMatchObject({ effects: [{ operation: 'topics.subscribe', data: { topic: 'news' }, recipients: [{ address: 'device-token-1', kind: 'device' }, { address: 'device-token-2' }] }] });
    const followed = async (): Promise<unknown> => ((await (await fetch(`http://127.0.0.1:${topics.port}/iid/info/device-token-1?details=true`)).json()) as { rel?: { topics: unknown } }).rel?.topics;
    expect(await followed()).toEqual({ news: { addDate: '2026-11-21' } });
    await messaging.unsubscribeFromTopic('device-token-1', 'news');
    expect(await followed()).toBeUndefined();
  });

  /** Codes on which applications delete a token, by Firebase's own advice and by what some make of it. */
  const deleting = ['registration-token-not-registered', 'invalid-registration-token', 'invalid-argument', 'mismatched-credential', 'invalid-recipient'].map((code) => `messaging/${code}`);

  it.each<[string, () => VendorServer, () => Promise<unknown>]>([
    ['a message', () => send, () => messaging.send({ token: 'device-token-1' })],
    ['a message to a topic', () => send, () => messaging.send({ topic: 'news' })],
    ['a subscription', () => topics, () => messaging.subscribeToTopic('device-token-1', 'news')],
  ])('rejects %s with its own error, holding rule and reason, after one attempt, and no code that costs a token', async (_what, vendor, call) => {
    vendor().refuse(refusal);
    const before = vendor().calls.length;
    const error = await call().catch((thrown: unknown) => thrown) as Error & { readonly code: string };
    expect(error.constructor.name).toBe('FirebaseMessagingError');
    expect(error).toMatchObject({ code: 'messaging/unknown-error', message: expect.stringContaining('no-real-people: this device is a real one') });
    expect(deleting).not.toContain(error.code);
    expect(vendor().calls.length - before).toBe(1);
  });

  it('tells of each refusal in sendEach', async () => {
    send.refuse(refusal);
    const { failureCount, responses } = await messaging.sendEach([{ token: 'device-token-1' }, { token: 'device-token-2' }]);
    expect(failureCount).toBe(2);
    for (const { error } of responses) expect(error).toMatchObject({ code: 'messaging/unknown-error', message: expect.stringContaining('no-real-people') });
  });
});
