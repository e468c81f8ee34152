import { createHmac } from 'node:crypto';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { APIClient, SendEmailRequest, SendInboxMessageRequest, SendPushRequest, SendSMSRequest, TrackClient } from 'customerio-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { customerio } from '../../src/providers/customerio/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

interface Report { readonly object_type: string; readonly metric: string; readonly timestamp: number; readonly data: Record<string, unknown> }

describe('customerio-node', () => {
  let vendor: VendorServer;
  let api: APIClient;
  let track: TrackClient;

  beforeAll(async () => {
    vendor = await serveVendor(customerio, 'api.customer.io');
    // The SDK speaks https alone: its requests are put on a plain connection to the server.
    const agent = new Agent();
    Object.assign(agent, { createConnection: () => connect(vendor.port, '127.0.0.1') });
    const defaults = { agent } as unknown as ConstructorParameters<typeof APIClient>[1];
    api = new APIClient('app-key-of-a-test', defaults);
    track = new TrackClient('site-id-of-a-test', 'track-key', defaults);
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  const mail = (): SendEmailRequest => new SendEmailRequest({ to: 'Ann <ann@example.test>', transactional_message_id: '44', identifiers: { id: 'u-1' }, message_data: { order: 42 } });
  const reports = (from: number): readonly Report[] => vendor.callbacks.slice(from).map(({ body }) => JSON.parse(body) as Report);

  it('resolves with a delivery id under which the message is read back, sent and delivered', async () => {
    const before = vendor.callbacks.length;
    const sent = await api.sendEmail(mail()) as { delivery_id: string; queued_at: number };
    expect(sent).toEqual({ delivery_id: expect.stringMatching(/^[A-Za-z0-9]{28}$/), queued_at: 1795251600 });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ operation: 'send.email', recipients: [{ address: 'ann@example.test', kind: 'email', role: 'to' }], keys: [{ name: 'customer_id', value: 'u-1' }], template: { id: '44', data: { order: 42 } } }] });
    expect(reports(before)).toMatchObject(['sent', 'delivered'].map((metric) => ({ object_type: 'email', metric, data: { delivery_id: sent.delivery_id, recipient: 'ann@example.test', customer_id: 'u-1', transactional_message_id: 44 } })));
    const read = await (api as unknown as { request: { get(url: string): Promise<unknown> } }).request.get(`https://api.customer.io/v1/messages/${sent.delivery_id}`);
    expect(read).toMatchObject({ message: { id: sent.delivery_id, type: 'email', recipient: 'ann@example.test' } });
  });

  it('reports a scheduled message when it is due, and a queued draft as no more than that', async () => {
    const before = vendor.callbacks.length;
    await api.sendEmail(new SendEmailRequest({ ...mail().message as { to: string; identifiers: { id: string } }, transactional_message_id: '44', send_at: 1_893_456_000 }));
    expect(reports(before).map(({ metric, timestamp }) => [metric, timestamp])).toEqual([['sent', 1_893_456_000], ['delivered', 1_893_456_001]]);
    const drafted = vendor.callbacks.length;
    await api.sendEmail(new SendEmailRequest({ ...mail().message as { to: string; identifiers: { id: string } }, transactional_message_id: '44', queue_draft: true }));
    expect(reports(drafted).map(({ metric }) => metric)).toEqual(['drafted']);
  });

  it('takes pushes, texts and inbox messages for people whose devices only Customer.io knows', async () => {
    const about = { identifiers: { id: 'u-1' }, transactional_message_id: '5' };
    for (const sent of [await api.sendPush(new SendPushRequest(about)), await api.sendSMS(new SendSMSRequest(about)), await api.sendInboxMessage(new SendInboxMessageRequest(about))]) {
      expect(sent).toMatchObject({ delivery_id: expect.any(String) });
    }
    expect(vendor.calls.slice(-3).map(({ decoded }) => decoded)).toMatchObject(['push', 'sms', 'push'].map((channel) => ({ effects: [{ channel, recipients: [{ address: 'u-1', kind: 'customer' }] }] })));
  });

  it('says of broadcasts and of news of people that they may reach an audience', async () => {
    expect(await api.triggerBroadcast(7, { headline: 'Sale' }, { segment: { id: 3 } })).toMatchObject({ id: expect.any(Number) });
    expect(await track.identify('ann@example.test', { plan: 'pro' })).toEqual({});
    expect(await track.track('u-1', { name: 'signed up', data: {} })).toEqual({});
    expect(await track.addDevice('u-1', 'device-1', 'ios')).toEqual({});
    expect(await track.suppress('u-1')).toEqual({});
    expect(await track.destroy('u-1')).toEqual({});
    const people = vendor.calls.slice(-6).map(({ decoded }) => decoded.kind === 'effects' ? decoded.effects[0]!.recipients.map(({ kind, address }) => `${kind} ${address}`) : [decoded.kind]);
    expect(people).toEqual([
      ['audience recipients of broadcast 7: {"segment":{"id":3}}'],
      ['audience campaigns started by attributes of customer ann@example.test', 'email ann@example.test'],
      ['audience campaigns started by event signed up of customer u-1'],
      ['audience campaigns started by a new device of customer u-1'],
      ['audience campaigns started by suppression of customer u-1'],
      ['audience campaigns started by deletion of customer u-1'],
    ]);
  });

  it('rejects a mail without template and content with its own CustomerIORequestError', async () => {
    const request = mail();
    request.message.transactional_message_id = '';
    await expect(api.sendEmail(request)).rejects.toMatchObject({ name: 'CustomerIORequestError', statusCode: 400, message: expect.stringContaining('from, subject, body') });
  });

  it('rejects with its own error, holding rule and reason, after exactly one attempt, in both APIs', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    for (const call of [() => api.sendEmail(mail()), () => track.track('u-1', { name: 'x' })]) {
      const before = vendor.calls.length;
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'CustomerIORequestError', statusCode: 403, message: expect.stringContaining('no-real-people: ann is a real person') });
      expect(vendor.calls.length - before).toBe(1);
    }
  });

  it('signs v0, timestamp and body with the key of the webhook', () => {
    const delivery = { method: 'POST', url: 'http://app.test/hook', headers: [], contentType: 'application/json', body: '{"metric":"sent"}' };
    const headers = new Map(customerio.sign(delivery, 'signing-key', 1_700_000_000_999).headers);
    expect(headers.get('X-CIO-Timestamp')).toBe('1700000000');
    expect(headers.get('X-CIO-Signature')).toBe(createHmac('sha256', 'signing-key').update('v0:1700000000:{"metric":"sent"}').digest('hex'));
    expect(() => customerio.sign(delivery, '', 0)).toThrow(/signing key/);
  });
});
