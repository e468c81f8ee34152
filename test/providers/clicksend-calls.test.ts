import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { clicksend } from '../../src/providers/clicksend/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

// ClickSend has no library of its own that is kept up: applications call it themselves.
let vendor: VendorServer;
beforeAll(async () => { vendor = await serveVendor(clicksend, 'rest.clicksend.com'); });
afterAll(() => vendor.close());
afterEach(() => vendor.refuse(null));

interface Envelope { readonly http_code: number; readonly response_code: string; readonly response_msg: string; readonly data: Readonly<Record<string, unknown>> | null }

async function call(path: string, body?: unknown): Promise<Envelope> {
  const response = await fetch(`http://127.0.0.1:${vendor.port}${path}`, {
    method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Basic ${btoa('shop:not-a-key')}`, ...body === undefined ? {} : { 'content-type': 'application/json' } }, ...body === undefined ? {} : { body: JSON.stringify(body) },
  });
  const envelope = await response.json() as Envelope;
  expect(envelope.http_code).toBe(response.status);
  return envelope;
}

describe('ClickSend', () => {
  it('sends, and tells what became of it by the id', async () => {
    const { data, response_code } = await call('/v3/sms/send', { messages: [{ to: '+61411111111', body: 'Grüße', custom_string: 'order-42' }, { to: '+12', body: 'x' }, { to: '+61422222222', body: '' }] });
    expect(response_code).toBe('SUCCESS');
    expect(data).toMatchObject({ total_count: 3, queued_count: 1, total_price: 0.077, messages: [{ status: 'SUCCESS', message_parts: 1, custom_string: 'order-42' }, { status: 'INVALID_RECIPIENT', message_price: 0 }, { status: 'EMPTY_MESSAGE' }] });
    const { message_id: id } = (data!['messages'] as readonly { readonly message_id: string }[])[0]!;
    expect(id).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[0-9A-F]{4}-[0-9A-F]{12}$/);
    expect((await call(`/v3/sms/receipts/${id}`)).http_code).toBe(404);
    expect((await call('/v3/sms/history')).data).toMatchObject({ total: 1, current_page: 1, last_page: 1, next_page_url: null, data: [{ message_id: id, status: 'Sent' }] });
    vendor.pass(2000);
    expect((await call(`/v3/sms/receipts/${id}`)).data).toMatchObject({ message_id: id, status: 'Delivered', status_code: '201', custom_string: 'order-42', message_type: 'sms' });
    expect((await call('/v3/sms/history')).data).toMatchObject({ data: [{ status: 'Delivered', status_code: '201' }] });
    expect((await call('/v3/voice/history')).data).toMatchObject({ total: 0, data: [] });
  });

  it('prices without sending', async () => {
    const before = vendor.callbacks.length;
    expect((await call('/v3/sms/price', { messages: [{ to: '+61411111111', body: 'x' }] })).data).toMatchObject({ total_price: 0.077, queued_count: 0 });
    expect(vendor.callbacks).toHaveLength(before);
    expect(vendor.calls.at(-1)?.decoded).toEqual({ kind: 'read', operation: 'sms.price', liveness: 'unknown' });
  });

  it('speaks, and mails', async () => {
    expect((await call('/v3/voice/send', { messages: [{ to: '+61411111111', body: 'Hello', voice: 'male', lang: 'en-gb' }] })).data).toMatchObject({ messages: [{ voice: 'male', lang: 'en-gb', status: 'SUCCESS' }] });
    expect((await call('/v3/email/send', { to: [{ email: 'ann@example.test' }], from: { email_address_id: 1 }, subject: 's', body: 'b' })).data).toMatchObject({ to: [{ email: 'ann@example.test' }], message_id: expect.any(String), from_email_address_id: '1' });
  });

  it('refuses in its own envelope, with rule and reason', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a <real> person' });
    expect(await call('/v3/sms/send', { messages: [{ to: '+61411111111', body: 'x' }] })).toMatchObject({ http_code: 403, response_code: 'FORBIDDEN', response_msg: expect.stringContaining('no-real-people: ann is a <real> person'), data: null });
  });
});

function post(path: string, body: unknown, host = 'rest.clicksend.com'): HttpRequest {
  return parseHttpFile(Buffer.from([`POST ${path} HTTP/1.1`, `Host: ${host}`, 'Content-Type: application/json', '', JSON.stringify(body)].join('\r\n')));
}
const message = { to: '+61411111111', body: 'x' };

describe('a call that is not certain', () => {
  it.each([
    ['a number in a list', post('/v3/sms/send', { messages: [{ ...message, to: ['+61411111111'] }] })], ['a list that is an object', post('/v3/sms/send', { messages: [{ ...message, list_id: { id: 1 } }] })],
    ['another spelling of it', post('/v3/sms/send', { messages: [{ ...message, listId: 428 }] })], ['nobody', post('/v3/sms/send', { messages: [{ body: 'x' }] })], ['no messages', post('/v3/sms/send', { messages: [] })],
    ['a query', { ...post('/v3/sms/send', { messages: [message] }), query: 'to=%2B61422222222' }], ['a campaign to no list', post('/v3/sms-campaigns/send', { to: '+61411111111', body: 'x' })],
    ['a copy to nobody readable', post('/v3/email/send', { to: [{ email: 'ann@example.test' }], cc: [{ Email: 'bob@example.test' }], body: 'x' })],
    ['a mail to words', post('/v3/email/send', { to: 'ann@example.test', body: 'x' })], ['a fax', post('/v3/fax/send', { messages: [message] })], ['an older host', post('/v3/sms/send', { messages: [message] }, 'api-mapper.clicksend.com')],
    ['a price of nothing', post('/v3/sms/price', { message: {} })],
    ['another path', post('/v3/sms//send', { messages: [message] })],
  ])('is not recognised with %s', (_what, request) => {
    expect(clicksend.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('ClickSend') });
  });

  it('to a number and a list reaches both', () => {
    expect(clicksend.decode(post('/v3/sms/send', { messages: [{ ...message, list_id: 428 }] }))).toMatchObject({ effects: [{ recipients: [{ address: '+61411111111', kind: 'phone' }, { address: 'list 428', kind: 'audience' }] }] });
  });
});

describe('a receipt', () => {
  const form = (body: string): Readonly<Record<string, string>> => Object.fromEntries(new URLSearchParams(body));

  it('is posted two seconds after a message is sent, when it is scheduled after its time', async () => {
    const at = Math.floor(fixedNow / 1000) + 3600;
    const request = post('/v3/sms/send', { messages: [{ ...message, custom_string: 'order-42' }, { ...message, schedule: at }] });
    const { callbacks = [] } = await clicksend.simulate(request, clicksend.decode(request), memory().context());
    expect(callbacks.map(({ target, event, notBeforeMs, contentType }) => [target, event, notBeforeMs, contentType])).toEqual([fixedNow + 2000, at * 1000 + 2000].map((due) => ['clicksend', 'Delivered', due, 'application/x-www-form-urlencoded']));
    expect(form(callbacks[0]!.body)).toMatchObject({ message_id: callbacks[0]!.object, status: 'Delivered', status_code: '201', custom_string: 'order-42', message_type: 'sms', error_code: '' });
  });

  it.each([[null, { status: 'Undelivered', status_code: '301', error_code: '' }], ['404', { error_code: '404', error_text: '' }], ['no such number', { error_code: '', error_text: 'no such number' }]])('says what went wrong (%s), to the one it happened to', async (detail, expected) => {
    const kept = memory();
    const request = post('/v3/sms/send', { messages: [message, { ...message, to: '+61422222222' }] });
    const decoded = clicksend.decode(request);
    const { reply, remember } = await clicksend.simulate(request, decoded, kept.context());
    kept.keep(remember ?? []);
    const { callbacks = [], remember: after = [] } = await clicksend.later({ name: 'Undelivered', recipient: '+61422222222', detail }, { request, decoded, reply }, kept.context({ call: 2 }));
    expect(callbacks).toHaveLength(1);
    expect(form(callbacks[0]!.body)).toMatchObject(expected);
    expect(after).toMatchObject([{ id: callbacks[0]!.object, value: { end: { name: 'Undelivered' } } }]);
  });
});
