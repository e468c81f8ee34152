import type { Expo } from 'expo-server-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallbackDraft } from '../../src/model/provider.ts';
import { expo as provider } from '../../src/providers/expo/index.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const [ann, bob] = ['a', 'b'].map((letter) => `ExponentPushToken[${letter.repeat(22)}]`) as [string, string];

describe('expo-server-sdk', () => {
  let vendor: VendorServer;
  let expo: Expo;

  beforeAll(async () => {
    vendor = await serveVendor(provider, 'exp.host');
    // read when it is imported
    vi.stubEnv('EXPO_BASE_URL', `http://127.0.0.1:${vendor.port}`);
    expo = new (await import('expo-server-sdk')).Expo({ accessToken: 'fake-access-token', retryMinTimeout: 1 });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await vendor.close();
  });
  afterEach(() => vendor.refuse(null));

  it('gets a ticket for each device, and its receipt', async () => {
    const tickets = await expo.sendPushNotificationsAsync([{ to: [ann, bob], title: 'Order', body: 'It has shipped', data: { orderId: 'o-42' } }, { to: ann, body: 'And arrived' }]);
    expect(tickets).toHaveLength(3);
    const ids = tickets.flatMap((ticket) => ticket.status === 'ok' ? [ticket.id] : []);
    expect(await expo.getPushNotificationReceiptsAsync([...ids, 'never-heard-of'])).toEqual(Object.fromEntries(ids.map((id) => [id, { status: 'ok' }])));
    expect(vendor.calls.map(({ decoded }) => decoded)).toMatchObject([
      { effects: [{ title: 'Order', recipients: [{ address: ann }, { address: bob }], keys: [{ name: 'orderId', value: 'o-42' }] }, { text: 'And arrived', recipients: [{ address: ann }] }] },
      { kind: 'read', operation: 'push.getReceipts' },
    ]);
  });

  it('is understood when it compresses what it says', async () => {
    await expo.sendPushNotificationsAsync([{ to: ann, body: 'ü'.repeat(2000) }]);
    const { request, decoded } = vendor.calls.at(-1)!;
    expect(request.headers).toContainEqual(['content-encoding', 'gzip']);
    expect(decoded).toMatchObject({ effects: [{ text: 'ü'.repeat(2000), recipients: [{ address: ann }] }] });
  });

  it('rejects with rule and reason after exactly one attempt, and without a ticket that costs a token', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'this device is a real one' });
    const before = vendor.calls.length;
    const error: unknown = await expo.sendPushNotificationsAsync([{ to: ann, body: 'hi' }]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', statusCode: 403, message: expect.stringContaining('no-real-people: this device is a real one') });
    expect(error).not.toHaveProperty('details');
    expect(vendor.calls.length - before).toBe(1);
  });

  it('is told, as by Expo, of more messages than one call may hold', async () => {
    const error: unknown = await expo.sendPushNotificationsAsync([{ to: Array.from({ length: 101 }, () => ann), body: 'hi' }]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'PUSH_TOO_MANY_NOTIFICATIONS', statusCode: 400 });
  });
});

describe('a receipt', () => {
  const body = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const call = (path: string, value: unknown) => ({
    kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'exp.host', port: 443 }, path, query: null, version: '1.1', headers: [['Content-Type', 'application/json']], trailers: [], body: body(value),
  } as const);

  it('turns into the error of one device when an event says so, and back', async () => {
    const kept = memory();
    const request = call('/--/api/v2/push/send', [{ to: [ann, bob], body: 'hi' }]);
    const decoded = provider.decode(request);
    const { reply, remember } = await provider.simulate(request, decoded, kept.context());
    kept.keep(remember ?? []);
    const ids = (JSON.parse(Buffer.from(reply.body).toString()) as { data: { id: string }[] }).data.map(({ id }) => id);
    const asked = call('/--/api/v2/push/getReceipts', { ids });
    const receipts = async (): Promise<unknown> => JSON.parse(Buffer.from((await provider.simulate(asked, provider.decode(asked), kept.context({ call: 2 }))).reply.body).toString());
    const happen = async (name: string): Promise<readonly CallbackDraft[] | undefined> => {
      const { remember: changed, callbacks } = await provider.later({ name, recipient: bob, detail: null }, { request, decoded, reply }, kept.context({ call: 3 }));
      kept.keep(changed ?? []);
      return callbacks;
    };
    expect(await happen('DeviceNotRegistered')).toBeUndefined();
    expect(await receipts()).toEqual({ data: { [ids[0]!]: { status: 'ok' }, [ids[1]!]: { status: 'error', message: `"${bob}" is not a registered push notification recipient`, details: { error: 'DeviceNotRegistered' } } } });
    await happen('ok');
    expect(await receipts()).toEqual({ data: Object.fromEntries(ids.map((id) => [id, { status: 'ok' }])) });
  });
});
