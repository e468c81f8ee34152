import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import Telnyx from 'telnyx';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallbackDraft, Delivery } from '../../src/model/provider.ts';
import { telnyx } from '../../src/providers/telnyx/index.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const sms = { from: '+14155550100', to: '+14155550101', text: 'Order A-1001 has shipped', webhook_url: 'https://app.example.test/telnyx' };

function told(drafts: readonly CallbackDraft[]): readonly unknown[] {
  return drafts.map(({ target, event, body }) => {
    const { data } = JSON.parse(body) as { data: { event_type: string; payload: { to: { status: string }[] | string; errors?: unknown } } };
    return [target, event, data.event_type, Array.isArray(data.payload.to) ? data.payload.to.map(({ status }) => status).join() : data.payload.to];
  });
}

describe('telnyx', () => {
  let vendor: VendorServer;
  let client: Telnyx;

  beforeAll(async () => {
    vendor = await serveVendor(telnyx, 'api.telnyx.com');
    client = new Telnyx({ apiKey: 'KEYtest', baseURL: `http://127.0.0.1:${vendor.port}/v2` });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves a message, reads it back as it makes its way, and drafts its webhooks in order', async () => {
    const before = vendor.callbacks.length;
    const { data } = await client.messages.send(sms);
    expect(data).toMatchObject({ record_type: 'message', direction: 'outbound', type: 'SMS', text: sms.text, encoding: 'GSM-7', parts: 1, to: [{ phone_number: sms.to, status: 'queued' }], from: { phone_number: sms.from } });
    const read = async (): Promise<unknown> => (await client.messages.retrieve(data!.id!)).data;
    expect(await read()).toMatchObject({ to: [{ status: 'queued' }] });
    vendor.pass(1000);
    expect(await read()).toMatchObject({ to: [{ status: 'sent' }], completed_at: null });
    vendor.pass(1000);
    expect(await read()).toMatchObject({ to: [{ status: 'delivered' }], completed_at: expect.any(String) });
    expect(told(vendor.callbacks.slice(before))).toEqual([[sms.webhook_url, 'sent', 'message.sent', 'sent'], [sms.webhook_url, 'delivered', 'message.finalized', 'delivered']]);
  });

  it('counts the parts of a text in the alphabet it needs or is asked for', async () => {
    const parts = async (text: string, encoding?: 'ucs2'): Promise<unknown> => {
      const { data } = await client.messages.send({ ...sms, text, ...(encoding === undefined ? {} : { encoding }) });
      return [data!.encoding, data!.parts];
    };
    expect([await parts('a'.repeat(160)), await parts('a'.repeat(161)), await parts('ż'.repeat(71)), await parts('a'.repeat(71), 'ucs2')]).toEqual([['GSM-7', 1], ['GSM-7', 2], ['UCS-2', 2], ['UCS-2', 2]]);
  });

  it('sends to a group, from a pool, by name and by WhatsApp', async () => {
    const group = await client.messages.sendGroupMms({ from: sms.from, to: [sms.to, '+14155550102'], text: 'hi' });
    expect(group.data).toMatchObject({ type: 'MMS', to: [{ phone_number: sms.to }, { phone_number: '+14155550102' }] });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ recipients: [{ address: sms.to }, { address: '+14155550102' }] }] });
    expect((await client.messages.sendNumberPool({ messaging_profile_id: 'p', to: sms.to, text: 'hi' })).data).toMatchObject({ messaging_profile_id: 'p' });
    expect((await client.messages.sendWithAlphanumericSender({ messaging_profile_id: 'p', from: 'OURSHOP', to: sms.to, text: 'hi' })).data).toMatchObject({ from: { phone_number: 'OURSHOP' } });
  });

  it('cancels a scheduled message, but not one that has left, and tells no webhook of it', async () => {
    const before = vendor.callbacks.length;
    const { data } = await client.messages.schedule({ ...sms, send_at: '2030-01-01T00:00:00Z' });
    expect(data).toMatchObject({ to: [{ status: 'scheduled' }] });
    expect(await client.messages.cancelScheduled(data!.id!)).toMatchObject({ to: [{ status: 'cancelled' }] });
    expect(vendor.callbacks.length).toBe(before);
    await expect(client.messages.cancelScheduled(data!.id!)).rejects.toMatchObject({ status: 400 });
    const sent = await client.messages.send(sms);
    await expect(client.messages.cancelScheduled(sent.data!.id!)).rejects.toMatchObject({ status: 400 });
  });

  it('places a call, tells how it goes, and does not know a call that nobody made', async () => {
    const before = vendor.callbacks.length;
    const { data } = await client.calls.dial({ connection_id: '7267', to: sms.to, from: sms.from, webhook_url: 'https://app.example.test/voice' });
    expect(data).toMatchObject({ record_type: 'call', is_alive: false, call_control_id: expect.stringMatching(/^v3:/) });
    expect((await client.calls.retrieveStatus(data!.call_control_id)).data).toMatchObject({ is_alive: true });
    vendor.pass(4000);
    expect((await client.calls.retrieveStatus(data!.call_control_id)).data).toMatchObject({ is_alive: false, call_duration: 4 });
    expect(told(vendor.callbacks.slice(before)).map((each) => (each as unknown[])[1])).toEqual(['call.initiated', 'call.answered', 'call.hangup']);
    expect((await client.calls.actions.speak(data!.call_control_id, { payload: 'Hello', voice: 'female' })).data).toEqual({ result: 'ok' });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ channel: 'voice', script: 'Hello', recipients: [{ kind: 'audience', address: `call ${data!.call_control_id}` }] }] });
    await expect(client.calls.retrieveStatus('v3:unknown')).rejects.toBeInstanceOf(Telnyx.NotFoundError);
  });

  it('approves the code that the capture shows, once, and no other', async () => {
    const started = await client.verifications.triggerSMS({ phone_number: sms.to, verify_profile_id: 'profile' });
    expect(started.data).toMatchObject({ type: 'sms', status: 'pending', phone_number: sms.to });
    const { decoded } = vendor.calls.at(-1)!;
    const code = decoded.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code ?? '' : '';
    expect(code).toMatch(/^[0-9]{5}$/);
    const check = async (given: string): Promise<unknown> => (await client.verifications.byPhoneNumber.actions.verify(sms.to, { code: given, verify_profile_id: 'profile' })).data;
    expect(await check('wrong')).toEqual({ phone_number: sms.to, response_code: 'rejected' });
    expect(await check(code)).toEqual({ phone_number: sms.to, response_code: 'accepted' });
    expect(await check(code)).toMatchObject({ response_code: 'rejected' });
    expect((await client.verifications.retrieve(started.data.id!)).data).toMatchObject({ status: 'accepted' });
  });

  it('answers what an application asks at its start', async () => {
    expect((await client.balance.retrieve()).data).toMatchObject({ record_type: 'balance', currency: 'USD' });
    expect((await client.messagingProfiles.list()).data).toEqual([]);
  });

  it('rejects with its own PermissionDeniedError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'a real number' });
    const before = vendor.calls.length;
    const error: unknown = await client.messages.send(sms).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Telnyx.PermissionDeniedError);
    expect((error as Error).message).toContain('no-real-people: a real number');
    expect(vendor.calls.length - before).toBe(1);
  });
});

describe("telnyx's webhooks", () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const rawPublic = (key: ReturnType<typeof createPublicKey>): string => Buffer.from(key.export({ type: 'spki', format: 'der' }).subarray(-32)).toString('base64');
  const delivery: Delivery = { method: 'POST', url: 'https://app.example.test/', headers: [], contentType: 'application/json', body: '{"data":{"event_type":"message.sent","payload":{"text":"ü"}}}' };
  const seed = Buffer.alloc(32, 9);

  it.each([
    ['a PEM', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), rawPublic(publicKey)],
    ['32 bytes in base64', seed.toString('base64'), rawPublic(createPublicKey(createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' })))],
  ])("are taken by the SDK's own verifier when signed with %s, and not when touched", async (_what, secret, key) => {
    const client = new Telnyx({ apiKey: 'KEYtest' });
    const { headers, body } = telnyx.sign(delivery, secret, Date.now());
    expect(await client.webhooks.unwrap(body, { headers: Object.fromEntries(headers), key })).toEqual(JSON.parse(delivery.body));
    await expect(client.webhooks.unwrap(`${body} `, { headers: Object.fromEntries(headers), key })).rejects.toThrow();
  });

  it('are not signed with a key of another kind', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const secret of [ec, 'a secret', Buffer.alloc(31).toString('base64')]) expect(() => telnyx.sign(delivery, secret, 0)).toThrow('Ed25519');
  });

  it('say what became of one recipient, with a code of the vendor, to the profile where the call named no address', async () => {
    const kept = memory();
    const body = Buffer.from(JSON.stringify({ from: sms.from, to: [sms.to, '+14155550102'], text: 'hi' }));
    const request = { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.telnyx.com', port: 443 }, path: '/v2/messages/group_mms', query: null, version: '1.1', headers: [['Content-Type', 'application/json']], trailers: [], body } as const;
    const decoded = telnyx.decode(request);
    const { reply, remember } = await telnyx.simulate(request, decoded, kept.context());
    kept.keep(remember!);
    const happen = async (recipient: string | null, detail: string | null): Promise<readonly CallbackDraft[]> => {
      const consequences = await telnyx.later({ name: 'delivery_failed', recipient, detail }, { request, decoded, reply }, kept.context({ call: 2 }));
      kept.keep(consequences.remember ?? []);
      return consequences.callbacks ?? [];
    };
    const drafts = await happen(sms.to, '40001');
    expect(told(drafts)).toEqual([['telnyx', 'delivery_failed', 'message.finalized', 'delivery_failed,queued']]);
    expect(JSON.parse(drafts[0]!.body)).toMatchObject({ data: { payload: { errors: [{ code: '40001' }] } } });
    const [known] = (await kept.context().list('message')).items;
    const path = `/v2/messages/${known!.id}`;
    const read = { ...request, method: 'GET', path, headers: [], body: new Uint8Array() };
    const { reply: later } = await telnyx.simulate(read, telnyx.decode(read), kept.context({ now: Date.UTC(2026, 10, 22) }));
    expect(JSON.parse(Buffer.from(later.body).toString())).toMatchObject({ data: { to: [{ status: 'delivery_failed' }, { status: 'delivered' }] } });
    expect(JSON.parse((await happen(null, 'no such phone'))[0]!.body)).toMatchObject({ data: { payload: { errors: [{ code: '40008', detail: 'no such phone' }] } } });
    expect(await happen('+14155550109', null)).toEqual([]);
  });
});
