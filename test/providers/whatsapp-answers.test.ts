import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { whatsapp } from '../../src/providers/whatsapp/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** Meta has no official library for Node, so that these are plain calls. */
const path = '/v21.0/100000000000001/messages';
const hello = { messaging_product: 'whatsapp', to: '+1 (415) 555-0100', type: 'text', text: { body: 'Order A-1001 has shipped' }, biz_opaque_callback_data: 'order-1001' };

describe('whatsapp', () => {
  let vendor: VendorServer;
  const call = async (at: string, init: RequestInit = {}): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(`http://127.0.0.1:${vendor.port}${at}`, init);
    return { status: response.status, body: await response.json() as Record<string, unknown> };
  };
  const send = (message: object): ReturnType<typeof call> => call(path, { method: 'POST', headers: { authorization: 'Bearer test', 'content-type': 'application/json' }, body: JSON.stringify(message) });

  beforeAll(async () => { vendor = await serveVendor(whatsapp, 'graph.facebook.com'); });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('answers a message with its id and the number as digits, and tells that it was sent, then delivered', async () => {
    const before = vendor.callbacks.length;
    const { status, body } = await send(hello);
    expect([status, body]).toEqual([200, { messaging_product: 'whatsapp', contacts: [{ input: hello.to, wa_id: '14155550100' }], messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/]+=*$/) }] }]);
    const id = (body['messages'] as { id: string }[])[0]!.id;
    const drafts = vendor.callbacks.slice(before);
    expect(drafts.map(({ target, object, event }) => [target, object, event])).toEqual([['whatsapp', id, 'sent'], ['whatsapp', id, 'delivered']]);
    expect(drafts[0]!.notBeforeMs).toBeLessThan(drafts[1]!.notBeforeMs);
    expect(JSON.parse(drafts[0]!.body)).toMatchObject({
      object: 'whatsapp_business_account',
      entry: [{ changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata: { phone_number_id: '100000000000001' }, statuses: [{ id, status: 'sent', recipient_id: '14155550100', biz_opaque_callback_data: 'order-1001', timestamp: expect.stringMatching(/^\d{10}$/) }] } }] }],
    });
  });

  it('says of a template that it is accepted, and answers a mark as read without a message', async () => {
    expect((await send({ messaging_product: 'whatsapp', to: '14155550100', type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } })).body).toMatchObject({ messages: [{ message_status: 'accepted' }] });
    expect((await send({ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.fake' })).body).toEqual({ success: true });
  });

  it('keeps what is uploaded until it is deleted', async () => {
    const form = new FormData();
    form.append('messaging_product', 'whatsapp');
    form.append('file', new Blob(['a picture'], { type: 'image/png' }), 'a.png');
    const { body } = await call('/v21.0/100000000000001/media', { method: 'POST', body: form });
    const at = `/v21.0/${String(body['id'])}`;
    expect((await call(at)).body).toMatchObject({ id: body['id'], mime_type: 'image/png', file_size: 9, sha256: createHash('sha256').update('a picture').digest('hex') });
    expect((await call(at, { method: 'DELETE' })).body).toEqual({ success: true });
    expect((await call(at, { method: 'DELETE' })).status).toBe(400);
  });

  it.each([
    ['no text', { ...hello, text: { body: '' } }], ['too long a text', { ...hello, text: { body: 'x'.repeat(4097) } }], ['a template without a name', { ...hello, type: 'template', template: {} }],
  ])('refuses %s as Meta does', async (_what, message) => {
    expect(await send(message)).toMatchObject({ status: 400, body: { error: { type: 'OAuthException', code: 100 } } });
  });

  it('refuses with rule and reason in the error that Meta has for a number that may not be written to', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'a real number' });
    expect(await send(hello)).toMatchObject({ status: 400, body: { error: { code: 131030, type: 'OAuthException', message: '(#131030) Recipient phone number not in allowed list: no-real-people: a real number' } } });
  });
});

describe("whatsapp's calls", () => {
  const decode = (line: string, type: string, body: string): string => whatsapp.decode(parseHttpFile(Buffer.from(`${line} HTTP/1.1\nHost: graph.facebook.com\n${type === '' ? '' : `Content-Type: ${type}\n`}\n${body}`))).kind;
  const json = (body: object): string => decode(`POST ${path}`, 'application/json', JSON.stringify(body));
  const upload = (parts: readonly string[], query = ''): string => decode(`POST /v21.0/100000000000001/media${query}`, 'multipart/form-data; boundary=b', `${parts.map((part) => `--b\r\nContent-Disposition: form-data; name=${part}\r\n`).join('')}--b--\r\n`);
  const product = '"messaging_product"\r\n\r\nwhatsapp';
  const file = '"file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx';

  it('are understood where they are whole', () => {
    expect([json(hello), upload([product, file]), decode('GET /v21.0/1234567890?fields=url', '', '')]).toEqual(['effects', 'effects', 'read']);
  });

  it.each([
    ['a message of no product', () => json({ ...hello, messaging_product: undefined })], ['a message of another product', () => json({ ...hello, messaging_product: 'messenger' })],
    ['another spelling of a recipient', () => json({ ...hello, to_: '14155550101' })], ['a body that asks for another method', () => json({ ...hello, method: 'delete' })],
    ['a mark as read that names somebody', () => json({ ...hello, status: 'read', message_id: 'wamid.fake' })], ['a recipient of an unknown type', () => json({ ...hello, recipient_type: 'channel' })],
    ['a question with more in it', () => decode('GET /v21.0/1234567890?to=14155550100', '', '')],
    ['an upload with a query', () => upload([product, file], '?to=14155550100')], ['an upload of two files', () => upload([product, file, file])],
    ['an upload of two products', () => upload([product, product, file])], ['an upload with a recipient', () => upload([product, file, '"to"\r\n\r\n14155550100'])], ['an upload of no product', () => upload([file])],
  ])('are not understood: %s', (_what, decoded) => {
    expect(decoded()).toBe('unrecognized');
  });
});

describe("whatsapp's statuses", () => {
  const request: HttpRequest = parseHttpFile(Buffer.from(`POST ${path} HTTP/1.1\nHost: graph.facebook.com\nContent-Type: application/json\n\n${JSON.stringify({ ...hello, to: '14155550100' })}`));
  const happen = async (name: string, recipient: string | null, detail: string | null = null): Promise<readonly Record<string, unknown>[]> => {
    const kept = memory();
    const decoded = whatsapp.decode(request);
    const { reply, remember } = await whatsapp.simulate(request, decoded, kept.context());
    kept.keep(remember!);
    const { callbacks = [] } = await whatsapp.later({ name, recipient, detail }, { request, decoded, reply }, kept.context({ call: 2, now: fixedNow }));
    return callbacks.map(({ body }) => (JSON.parse(body) as { entry: { changes: { value: { statuses: Record<string, unknown>[] } }[] }[] }).entry[0]!.changes[0]!.value.statuses[0]!);
  };

  it('tell of the recipient as decoded, and of nobody else', async () => {
    expect(await happen('read', '+14155550100')).toMatchObject([{ status: 'read', recipient_id: '14155550100', timestamp: String(Math.floor(fixedNow / 1000)) }]);
    expect(await happen('read', '+14155550101')).toEqual([]);
  });

  it("say why a message failed, with the vendor's code or in words", async () => {
    expect(await happen('failed', null)).toMatchObject([{ status: 'failed', errors: [{ code: 131026, title: 'Message undeliverable' }] }]);
    expect(await happen('failed', null, '131047')).toMatchObject([{ errors: [{ code: 131047 }] }]);
    expect(await happen('failed', null, 'has no WhatsApp')).toMatchObject([{ errors: [{ code: 131026, error_data: { details: 'has no WhatsApp' } }] }]);
  });

  it('are signed over the bytes of the body with the secret of the app', () => {
    const delivery = { method: 'POST', url: 'https://app.example.test/', headers: [['X-Hub-Signature-256', 'sha256=old']] as const, contentType: 'application/json', body: '{"text":"ü"}' };
    const { headers } = whatsapp.sign(delivery, 'app-secret');
    expect(headers).toEqual([['X-Hub-Signature-256', `sha256=${createHmac('sha256', Buffer.from('app-secret')).update(Buffer.from(delivery.body)).digest('hex')}`]]);
    expect(() => whatsapp.sign(delivery, `EAA${'x'.repeat(20)}`)).toThrow("the app's secret");
  });
});
