import { describe, expect, it } from 'vitest';
import twilioSdk from 'twilio';
import type { CallbackDraft, Delivery } from '../../src/model/provider.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { twilio } from '../../src/providers/twilio/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory, type Memory } from '../support/simulation-context.ts';

const status = 'https://app.example.test/status';

function post(resource: string, fields: Readonly<Record<string, string>>): HttpRequest {
  return parseHttpFile(Buffer.from(`POST /2010-04-01/Accounts/ACtest/${resource}.json HTTP/1.1\nHost: api.twilio.com\nContent-Type: application/x-www-form-urlencoded\n\n${new URLSearchParams(fields).toString()}`));
}
const sms = { To: '+15005550006', From: '+15005550001', Body: 'a', StatusCallback: status };
const ring = { To: '+15005550006', From: '+15005550001', Twiml: '<Response/>', StatusCallback: status };

async function sent(request: HttpRequest, kept: Memory): Promise<readonly CallbackDraft[]> {
  const { remember, callbacks } = await twilio.simulate(request, twilio.decode(request), kept.context());
  kept.keep(remember ?? []);
  return callbacks ?? [];
}
async function later(request: HttpRequest, kept: Memory, name: string, detail: string | null = null): Promise<readonly Record<string, string>[]> {
  const decoded = twilio.decode(request);
  const { reply } = await twilio.simulate(request, decoded, memory().context());
  const { remember, callbacks } = await twilio.later({ name, recipient: null, detail }, { request, decoded, reply }, kept.context({ call: 2, now: fixedNow + 60_000 }));
  kept.keep(remember ?? []);
  return (callbacks ?? []).map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
}
const readBack = async (kept: Memory, kind: string): Promise<unknown> => (await kept.context().list(kind)).items[0]!.value;

describe('what happens to a message', () => {
  it.each([
    ['undelivered', null, { MessageStatus: 'undelivered', SmsStatus: 'undelivered', ErrorCode: '30003' }],
    ['undelivered', '30005', { ErrorCode: '30005' }],
    ['failed', 'the carrier is gone', { MessageStatus: 'failed', ErrorCode: '30008', ErrorMessage: 'the carrier is gone' }],
    ['read', null, { MessageStatus: 'read' }],
  ])('%s with %s is told as Twilio tells it, and read back', async (name, detail, fields) => {
    const kept = memory();
    await sent(post('Messages', sms), kept);
    const [told] = await later(post('Messages', sms), kept, name, detail);
    expect(told).toMatchObject({ ...fields, To: sms.To, From: sms.From, AccountSid: 'ACtest', ApiVersion: '2010-04-01' });
    expect(await readBack(kept, 'message')).toMatchObject({ message: { status: name, error_code: name === 'read' ? null : Number(told!['ErrorCode']) } });
  });

  it('is told nobody where nobody asked, and cannot be what happens to a call', async () => {
    const kept = memory();
    const { StatusCallback: _, ...quiet } = sms;
    await sent(post('Messages', quiet), kept);
    expect(await later(post('Messages', quiet), kept, 'failed')).toEqual([]);
    expect(await readBack(kept, 'message')).toMatchObject({ message: { status: 'failed' } });
    expect(await later(post('Messages', quiet), kept, 'busy')).toEqual([]);
  });

  it('is queued, sent and delivered by itself when a service sends it', async () => {
    const { From: _, ...rest } = sms;
    const drafts = await sent(post('Messages', { ...rest, MessagingServiceSid: 'MG1' }), memory());
    expect(drafts.map(({ event }) => event)).toEqual(['queued', 'sent', 'delivered']);
    expect(drafts.map(({ notBeforeMs }) => notBeforeMs).toSorted()).toEqual(drafts.map(({ notBeforeMs }) => notBeforeMs));
  });
});

describe('what happens to a call', () => {
  it.each([
    ['only its end', {}, ['completed']],
    ['what it asked for', { StatusCallbackEvent: 'ringing completed' }, ['ringing', 'completed']],
  ])('by itself is told: %s', async (_what, fields, events) => {
    const drafts = await sent(post('Calls', { ...ring, ...fields as Record<string, string> }), memory());
    expect(drafts.map(({ event }) => event)).toEqual(events);
    expect(drafts.map(({ body }) => new URLSearchParams(body).get('SequenceNumber'))).toEqual(events.map((_, index) => String(index)));
  });

  it('busy is one of its ends, and read back', async () => {
    const kept = memory();
    await sent(post('Calls', ring), kept);
    expect(await later(post('Calls', ring), kept, 'busy')).toMatchObject([{ CallStatus: 'busy' }]);
    expect(await readBack(kept, 'call')).toMatchObject({ call: { status: 'busy', duration: '0' } });
    expect(await later(post('Calls', ring), kept, 'ringing')).toEqual([]);
  });

  it.each([['get', 'GET'], ['GET', 'GET'], ['CONNECT', 'POST'], ['', 'POST']])('is told by %s as %s', async (asked, method) => {
    expect((await sent(post('Calls', { ...ring, StatusCallbackMethod: asked }), memory())).map((draft) => draft.method)).toEqual([method]);
  });
});

describe('the signature', () => {
  const delivery: Delivery = { method: 'POST', url: 'https://mycompany.com/myapp.php?foo=1&bar=2', headers: [], contentType: 'application/x-www-form-urlencoded',
    body: 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212' };
  const signature = (signed: Delivery): string => signed.headers.find(([name]) => name === 'X-Twilio-Signature')![1];

  it("is the one of Twilio's own example", () => {
    expect(signature(twilio.sign(delivery, '12345'))).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  });

  it.each([
    ['a form', delivery],
    ['a GET, whose parameters are in its address', { ...delivery, method: 'GET', body: '', url: 'https://shop.test/x?a=1&To=%2B1' }],
    ['what needs escapes', { ...delivery, body: new URLSearchParams({ Body: 'Grüße & mehr=%', Z: '', a: '1', A: '2' }).toString() }],
  ])("of %s is valid to Twilio's own library", (_what, one: Delivery) => {
    const parameters = Object.fromEntries(new URLSearchParams(one.body));
    const by = signature(twilio.sign(one, 'token'));
    expect(twilioSdk.validateRequest('token', by, one.url, parameters)).toBe(true);
    expect(twilioSdk.validateRequest('another', by, one.url, parameters)).toBe(false);
    expect(twilioSdk.validateRequest('token', by, one.url, { ...parameters, more: '1' })).toBe(false);
  });

  it.each(['', `AC${'0'.repeat(32)}`, `SK${'0'.repeat(32)}`])('is not made with %j, which is no auth token', (secret) => {
    expect(() => twilio.sign(delivery, secret)).toThrow(/auth token/);
  });
});
