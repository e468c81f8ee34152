import twilioSdk from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { twilio } from '../../src/providers/twilio/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const account = `AC${'0'.repeat(27)}fa0e0`;
const sms = { to: '+15005550006', from: '+15005550007', body: 'Your order is on its way' };

/** The SDK has no base URL: its request client is the place to point it elsewhere. */
class LoopbackClient extends twilioSdk.RequestClient {
  readonly port: number;
  constructor(port: number) { super(); this.port = port; }
  override request<T>(options: Parameters<typeof twilioSdk.RequestClient.prototype.request<T>>[0]): ReturnType<typeof twilioSdk.RequestClient.prototype.request<T>> {
    const uri = new URL(options.uri);
    return super.request<T>({ ...options, uri: `http://127.0.0.1:${this.port}${uri.pathname}${uri.search}` });
  }
}

describe('twilio', () => {
  let vendor: VendorServer;
  let client: ReturnType<typeof twilioSdk>;

  beforeAll(async () => {
    vendor = await serveVendor(twilio, 'api.twilio.com');
    client = twilioSdk(account, 'f'.repeat(32), { httpClient: new LoopbackClient(vendor.port) });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves a captured message and reads it back as it makes its way', async () => {
    const message = await client.messages.create(sms);
    expect(message).toMatchObject({ status: 'queued', numSegments: '1', numMedia: '0', direction: 'outbound-api', to: sms.to, from: sms.from, body: sms.body, errorCode: null });
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect((await client.messages(message.sid).fetch()).status).toBe('queued');
    vendor.pass(1000);
    expect((await client.messages(message.sid).fetch()).status).toBe('sent');
    vendor.pass(1000);
    const delivered = await client.messages(message.sid).fetch();
    expect(delivered.status).toBe('delivered');
    expect(delivered.dateSent).toEqual(new Date(message.dateCreated.getTime() + 1000));
  });

  it('lists over page ends, newest first, by recipient', async () => {
    const sids: string[] = [];
    for (const body of ['one', 'two', 'three', 'four', 'five']) sids.unshift((await client.messages.create({ ...sms, to: '+15005550010', body })).sid);
    const listed = await client.messages.list({ to: '+15005550010', pageSize: 2 });
    expect(listed.map(({ sid }) => sid)).toEqual(sids);
    expect((await client.messages.list({ to: '+15005550010', limit: 3 })).map(({ body }) => body)).toEqual(['five', 'four', 'three']);
  });

  it('cancels a scheduled message, but not one that has left', async () => {
    const scheduled = await client.messages.create({ to: sms.to, body: 'later', messagingServiceSid: `MG${'0'.repeat(32)}`, scheduleType: 'fixed', sendAt: new Date('2030-01-01T00:00:00Z') });
    expect(scheduled.status).toBe('scheduled');
    expect((await client.messages(scheduled.sid).update({ status: 'canceled' })).status).toBe('canceled');
    const sent = await client.messages.create(sms);
    await expect(client.messages(sent.sid).update({ status: 'canceled' })).rejects.toMatchObject({ status: 400, code: 30409 });
  });

  it('redacts and deletes', async () => {
    const { sid } = await client.messages.create(sms);
    expect((await client.messages(sid).update({ body: '' })).body).toBe('');
    expect(await client.messages(sid).remove()).toBe(true);
    await expect(client.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('drafts a status callback for sent, then delivered', async () => {
    const before = vendor.callbacks.length;
    const { sid } = await client.messages.create({ ...sms, statusCallback: 'https://app.example.test/status' });
    const drafts = vendor.callbacks.slice(before);
    expect(drafts.map(({ body }) => new URLSearchParams(body).get('MessageStatus'))).toEqual(['sent', 'delivered']);
    expect(drafts.map(({ target, object, method }) => [target, object, method])).toEqual(Array.from({ length: 2 }, () => ['https://app.example.test/status', sid, 'POST']));
    expect(drafts[0]!.notBeforeMs).toBeLessThan(drafts[1]!.notBeforeMs);
  });

  it('places a call and asks how it went', async () => {
    const call = await client.calls.create({ to: sms.to, from: sms.from, twiml: '<Response><Say>Hello</Say></Response>' });
    expect(call.status).toBe('queued');
    vendor.pass(4000);
    expect(await client.calls(call.sid).fetch()).toMatchObject({ status: 'completed', duration: '2' });
  });

  it('rejects with its own RestException, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'a real number' });
    const before = vendor.calls.length;
    const error: unknown = await client.messages.create(sms).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(twilioSdk.RestException);
    expect(error).toMatchObject({ status: 400, code: 21608, message: expect.stringContaining('no-real-people: a real number') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("rejects with Twilio's own words on a message without a body", async () => {
    await expect(client.messages.create({ to: sms.to, from: sms.from })).rejects.toMatchObject({ status: 400, code: 21602 });
  });
});

describe('twilio Verify', () => {
  it('approves the code that the capture shows, and no other', async () => {
    const vendor = await serveVendor(twilio, 'verify.twilio.com');
    try {
      const service = twilioSdk(account, 'f'.repeat(32), { httpClient: new LoopbackClient(vendor.port) }).verify.v2.services(`VA${'0'.repeat(32)}`);
      const started = await service.verifications.create({ to: '+15005550006', channel: 'sms' });
      expect(started.status).toBe('pending');
      const decoded = vendor.calls[0]!.decoded;
      const code = decoded.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code ?? '' : '';
      expect((await service.verificationChecks.create({ to: '+15005550006', code: 'wrong' })).status).toBe('pending');
      expect((await service.verificationChecks.create({ to: '+15005550006', code })).status).toBe('approved');
      await expect(service.verificationChecks.create({ to: '+15005550006', code })).rejects.toMatchObject({ status: 404, code: 20404 });
    } finally {
      await vendor.close();
    }
  });
});

/** A client whose every product is one vendor on loopback. */
async function withProduct(host: string, use: (client: ReturnType<typeof twilioSdk>, vendor: VendorServer) => Promise<void>): Promise<void> {
  const vendor = await serveVendor(twilio, host);
  try {
    await use(twilioSdk(account, 'f'.repeat(32), { httpClient: new LoopbackClient(vendor.port) }), vendor);
  } finally {
    await vendor.close();
  }
}

describe('what an application sets up at twilio', () => {
  it('is a messaging service, changed, listed over page ends and deleted', () => withProduct('messaging.twilio.com', async ({ messaging: { v1: { services } } }) => {
    const sids: string[] = [];
    for (const friendlyName of ['one', 'two', 'three']) sids.unshift((await services.create({ friendlyName, stickySender: false, validityPeriod: 60 })).sid);
    expect((await services.list({ pageSize: 2 })).map(({ sid }) => sid)).toEqual(sids);
    const [sid = ''] = sids;
    expect(await services(sid).fetch()).toMatchObject({ friendlyName: 'three', stickySender: false, validityPeriod: 60, smartEncoding: true, accountSid: account });
    expect(await services(sid).update({ friendlyName: 'third' })).toMatchObject({ sid, friendlyName: 'third', validityPeriod: 60 });
    expect(await services(sid).remove()).toBe(true);
    await expect(services(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  }));

  it('is a verify service', () => withProduct('verify.twilio.com', async ({ verify: { v2: { services } } }) => {
    const { sid } = await services.create({ friendlyName: 'Shop', codeLength: 4 });
    expect(sid).toMatch(/^VA[0-9a-f]{32}$/);
    expect(await services(sid).fetch()).toMatchObject({ friendlyName: 'Shop', codeLength: 4, lookupEnabled: false });
  }));

  it('is a content template', () => withProduct('content.twilio.com', async ({ content: { v1: { contents } } }) => {
    // The SDK's own classes for it send names that Twilio does not have (docs/discoveries/twilio.md).
    const created = await contents.create({ friendly_name: 'hello', language: 'en', variables: { 1: 'Ann' }, types: { 'twilio/text': { body: 'Hi {{1}}' } } } as never);
    expect(created.sid).toMatch(/^HX[0-9a-f]{32}$/);
    expect(await contents(created.sid).fetch()).toMatchObject({ friendlyName: 'hello', types: { 'twilio/text': { body: 'Hi {{1}}' } } });
    expect((await contents.list()).map(({ sid }) => sid)).toEqual([created.sid]);
    expect((await contents(created.sid).approvalFetch().fetch()).whatsapp).toMatchObject({ status: 'unsubmitted' });
  }));
});

describe('a lookup at twilio', () => {
  it('tells of a number what follows from it, in either version', () => withProduct('lookups.twilio.com', async ({ lookups }) => {
    expect(await lookups.v2.phoneNumbers('+14155552671').fetch({ fields: 'line_type_intelligence' })).toMatchObject({ valid: true, countryCode: 'US', callingCountryCode: '1', nationalFormat: '(415) 555-2671', lineTypeIntelligence: { type: 'mobile' } });
    expect(await lookups.v2.phoneNumbers('4155552671').fetch({ countryCode: 'US' })).toMatchObject({ valid: true, phoneNumber: '+14155552671', lineTypeIntelligence: null });
    expect(await lookups.v2.phoneNumbers('+1415').fetch()).toMatchObject({ valid: false, validationErrors: ['TOO_SHORT'] });
    expect(await lookups.v1.phoneNumbers('+14155552671').fetch({ type: ['carrier'] })).toMatchObject({ countryCode: 'US', carrier: { type: 'mobile' }, callerName: null });
    await expect(lookups.v1.phoneNumbers('+1415').fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  }));
});
