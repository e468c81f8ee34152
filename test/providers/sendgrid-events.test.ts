import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import type { CallbackDraft } from '../../src/model/provider.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { header } from '../../src/model/exchange.ts';
import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

function post(body: object): HttpRequest {
  return parseHttpFile(Buffer.from(`POST /v3/mail/send HTTP/1.1\nHost: api.sendgrid.com\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
}
const mail = {
  from: { email: 'shop@ourcompany.test' }, subject: 'Order', content: [{ type: 'text/html', value: '<a href="https://shop.test/o/1">your order</a>' }],
  categories: ['orders'], custom_args: { order: 'A-1', event: 'mine', token_of: 'all' },
  personalizations: [{ to: [{ email: 'ann@example.test' }], cc: [{ email: 'bob@example.test' }], custom_args: { order: 'A-2' } }, { to: [{ email: 'eve@example.test' }] }],
};
type Events = readonly Record<string, unknown>[];
const read = (drafts: readonly CallbackDraft[]): readonly Events[] => drafts.map(({ body }) => JSON.parse(body) as Events);

async function later(request: HttpRequest, name: string, more: { readonly recipient?: string; readonly detail?: string } = {}): Promise<readonly Events[]> {
  const decoded = sendgrid.decode(request);
  const { reply } = await sendgrid.simulate(request, decoded, memory().context());
  const { callbacks } = await sendgrid.later({ name, recipient: more.recipient ?? null, detail: more.detail ?? null }, { request, decoded, reply }, memory().context({ call: 2 }));
  return read(callbacks ?? []);
}

it('a mail that was taken is processed and delivered, in one list for each, with the caller’s own arguments', async () => {
  const request = post(mail);
  const { reply, callbacks } = await sendgrid.simulate(request, sendgrid.decode(request), memory().context());
  const id = header(reply.headers, 'x-message-id');
  expect(callbacks!.map(({ target, object, event, notBeforeMs, contentType }) => [target, object, event, notBeforeMs, contentType])).toEqual([
    ['sendgrid', id, 'processed', fixedNow, 'application/json'], ['sendgrid', id, 'delivered', fixedNow + 1_000, 'application/json']]);
  expect(callbacks!.every(({ body }) => body.endsWith(']\r\n'))).toBe(true);
  const [processed, delivered] = read(callbacks!);
  expect(processed!.map(({ email, order, event, category }) => [email, order, event, category])).toEqual([
    ['ann@example.test', 'A-2', 'processed', ['orders']], ['bob@example.test', 'A-2', 'processed', ['orders']], ['eve@example.test', 'A-1', 'processed', ['orders']]]);
  expect(delivered![0]).toMatchObject({ event: 'delivered', response: '250 2.0.0 OK', timestamp: Math.floor((fixedNow + 1_000) / 1_000), sg_event_id: expect.stringMatching(/^[\w-]{22}$/), sg_message_id: expect.stringContaining(`${id}.`) });
  expect(new Set([...processed!, ...delivered!].map(({ sg_event_id }) => sg_event_id)).size).toBe(6);
});

it('a mail in sandbox mode, and one that SendGrid would refuse, tell nothing', async () => {
  for (const body of [{ ...mail, mail_settings: { sandbox_mode: { enable: true } } }, { ...mail, from: undefined }]) {
    const request = post(body);
    expect((await sendgrid.simulate(request, sendgrid.decode(request), memory().context())).callbacks ?? []).toEqual([]);
    expect(await later(request, 'bounce')).toEqual([]);
  }
});

it.each([
  ['bounce', {}, { reason: expect.stringContaining('550 5.1.1'), status: '5.1.1', type: 'bounce' }],
  ['bounce', { detail: '552 5.2.2 mailbox full' }, { reason: '552 5.2.2 mailbox full', status: '5.2.2' }],
  ['dropped', {}, { reason: 'Bounced Address' }],
  ['deferred', { detail: '421 slow down' }, { response: '421 slow down' }],
  ['open', { detail: 'Firefox' }, { useragent: 'Firefox', sg_machine_open: false }],
  ['click', {}, { url: 'https://shop.test/o/1' }],
  ['spamreport', {}, {}],
  ['unsubscribe', {}, {}],
])('%s of one recipient, %j', async (event, more, fields) => {
  const told = await later(post(mail), event, { ...more, recipient: 'bob@example.test' });
  expect(told).toHaveLength(1);
  expect(told[0]).toHaveLength(1);
  expect(told[0]![0]).toMatchObject({ event, email: 'bob@example.test', order: 'A-2', ...fields });
});

it('the signature is one of ECDSA over timestamp and body, as SendGrid’s helper verifies it', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const delivery = { method: 'POST', url: 'https://app.example.test/events', headers: [], contentType: 'application/json', body: '[{"a":"ü"}]\r\n' };
  for (const secret of [pem, pem.replaceAll('\n', '\\n'), privateKey.export({ type: 'sec1', format: 'pem' }).toString()]) {
    const signed = sendgrid.sign(delivery, secret, fixedNow);
    const [[, signature], [, time]] = signed.headers.slice(-2) as unknown as [[string, string], [string, string]];
    expect(time).toBe(String(Math.floor(fixedNow / 1_000)));
    expect(verify('sha256', Buffer.from(time + delivery.body), publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  }
});

it('another key is refused with what is right, and never shown', () => {
  const delivery = { method: 'POST', url: 'https://app.example.test/events', headers: [], contentType: 'application/json', body: '[]' };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const secret of ['', 'a-webhook-secret', rsa]) {
    expect(() => sendgrid.sign(delivery, secret, fixedNow)).toThrow(/EC P-256 private key in PEM/);
    expect(() => sendgrid.sign(delivery, secret, fixedNow)).not.toThrow(/a-webhook-secret|BEGIN/);
  }
});
