import onesignalSdk from '@onesignal/node-onesignal';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onesignal } from '../../src/providers/onesignal/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const app = '00000000-0000-4000-8000-000000000000';
const { createConfiguration, DefaultApi, Notification, ServerConfiguration } = onesignalSdk;
const notification = (fields: object) => Object.assign(new Notification(), { app_id: app, contents: { en: 'It has shipped' }, ...fields });
const thrown = async (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe('@onesignal/node-onesignal', () => {
  let vendor: VendorServer;
  let client: InstanceType<typeof DefaultApi>;

  beforeAll(async () => {
    vendor = await serveVendor(onesignal, 'api.onesignal.com');
    client = new DefaultApi(createConfiguration({ restApiKey: 'os_v2_app_fake', baseServer: new ServerConfiguration(`http://127.0.0.1:${vendor.port}`, {}) }));
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves on a captured notification with an id that reads it back', async () => {
    const { id } = await client.createNotification(notification({ include_subscription_ids: ['1dd608f2-c6a1-11e3-851d-000c2940e62c'], headings: { en: 'Order' }, data: { order_id: 'o-42' } }));
    expect(id).toMatch(/^[0-9a-f]{8}-/);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'push', title: 'Order', text: 'It has shipped', recipients: [{ kind: 'device' }], keys: [{ name: 'order_id', value: 'o-42' }] }] });
    expect(await client.getNotification(app, id!)).toMatchObject({ id, successful: 1, remaining: 0, contents: { en: 'It has shipped' } });
    expect(await client.getNotifications(app, 10, 0)).toMatchObject({ total_count: 1, notifications: [{ id }] });
  });

  it('sends mails and text messages as what they are', async () => {
    await client.createNotification(notification({ email_to: ['ann@example.test'], email_subject: 'Order', email_body: '<p>hi</p>' }));
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'email', subject: 'Order', html: '<p>hi</p>', recipients: [{ address: 'ann@example.test', kind: 'email' }] }] });
    await client.createNotification(notification({ include_phone_numbers: ['+15005550006'], sms_from: '+15005550009' }));
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'sms', from: '+15005550009', text: 'It has shipped', recipients: [{ address: '+15005550006', kind: 'phone' }] }] });
  });

  it('gets the same notification for the same idempotency key', async () => {
    const once = notification({ included_segments: ['All'], idempotency_key: '11111111-0000-4000-8000-000000000000' });
    const [first, second] = [await client.createNotification(once), await client.createNotification(once)];
    expect(second.id).toBe(first.id);
    vendor.pass(31 * 24 * 3600 * 1000);
    expect((await client.createNotification(once)).id).not.toBe(first.id);
  });

  it('cancels what is not sent yet, and nothing else', async () => {
    const { id } = await client.createNotification(notification({ included_segments: ['All'], send_after: '2030-01-01T00:00:00Z' }));
    expect(await client.getNotification(app, id!)).toMatchObject({ remaining: 1, canceled: false });
    expect(await client.cancelNotification(app, id!)).toMatchObject({ success: true });
    expect(await client.getNotification(app, id!)).toMatchObject({ remaining: 0, canceled: true });
    expect(await thrown(client.cancelNotification(app, id!))).toMatchObject({ code: 400, errorMessages: ['Notification has already been sent to all recipients'] });
  });

  it.each<[string, () => Promise<unknown>, object, string]>([
    ['a user', () => client.createUser(app, { identity: { external_id: 'u1' }, subscriptions: [{ type: 'Email', token: 'ann@example.test' }] }), { identity: { external_id: 'u1', onesignal_id: expect.any(String) } }, 'ann@example.test'],
    ['a change of a user', () => client.updateUser(app, 'external_id', 'u1', { properties: { language: 'de' } }), { properties: { language: 'de' } }, `journeys of app ${app}`],
    ['an event', () => client.createCustomEvents(app, { events: [{ name: 'order_shipped', external_id: 'u1' }] }), {}, `journeys of app ${app}`],
    ['a live activity that begins', () => client.startLiveActivity(app, 'OrderAttributes', { name: 'order', event: 'start', activity_id: 'o-42', event_attributes: {}, event_updates: {}, contents: { en: 'hi' }, headings: { en: 'Order' }, included_segments: ['All'] }), { notification_id: expect.any(String) }, 'segment All'],
    ['a live activity that goes on', () => client.updateLiveActivity(app, 'o-42', { name: 'order', event: 'update', event_updates: {} }), { id: expect.any(String) }, 'live activity o-42'],
  ])('resolves on %s, which may reach whoever OneSignal knows', async (_what, call, answer, reached) => {
    expect(await call()).toMatchObject(answer);
    const decoded = vendor.calls.at(-1)!.decoded;
    expect(decoded.kind === 'effects' && decoded.effects.flatMap(({ recipients }) => recipients.map(({ address }) => address))).toContain(reached);
  });

  it("rejects with OneSignal's own words on a push without a text", async () => {
    expect(await thrown(client.createNotification(notification({ contents: undefined, included_segments: ['All'] }))))
      .toMatchObject({ code: 400, errorMessages: ['Message Notifications must have English language content'] });
  });

  it('rejects with its own ApiException, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'whoever is in this segment is real' });
    const before = vendor.calls.length;
    const error = await thrown(client.createNotification(notification({ included_segments: ['All'] }))) as Error;
    expect(error.constructor.name).toBe('ApiException');
    expect(error).toMatchObject({ code: 403, message: expect.stringContaining('no-real-people: whoever is in this segment is real') });
    expect(vendor.calls.length - before).toBe(1);
  });
});
