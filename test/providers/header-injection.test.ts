import { expect, it } from 'vitest';
import { httpCall } from '../../src/actions/understand.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { httpProviders } from '../../src/providers/index.ts';
import { createClaims } from '../../src/providers/claims.ts';

const claims = createClaims(httpProviders);
const house = { claims, logger: { error: () => undefined } } as unknown as Parameters<typeof httpCall>[0];
const origin = { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'connect' } as const;

function post(host: string, path: string, body: unknown): HttpRequest {
  const form = typeof body === 'string';
  return {
    kind: 'http', method: 'POST', scheme: 'https', authority: { host, port: 443 }, path, query: null, version: '1.1', trailers: [],
    headers: [['Content-Type', form ? 'application/x-www-form-urlencoded' : 'application/json'], ['X-Postmark-Server-Token', 'a-server']], body: Buffer.from(form ? body : JSON.stringify(body)),
  };
}

type Mail = (header: readonly [name: string, value: string], subject: string) => HttpRequest;
const [from, to] = ['shop@shop.test', 'qa@example.test'];
/** The same mail with one header more, as each vendor is given it. */
const vendors: Readonly<Record<string, Mail>> = {
  mailgun: ([name, value], subject) => post('api.mailgun.net', '/v3/shop.test/messages', new URLSearchParams([['from', from], ['to', to], ['subject', subject], ['text', 'hi'], [`h:${name}`, value]]).toString()),
  mailjet: ([name, value], Subject) => post('api.mailjet.com', '/v3.1/send', { Messages: [{ From: { Email: from }, To: [{ Email: to }], Subject, TextPart: 'hi', Headers: { [name]: value } }] }),
  'mailjet v3': ([name, value], Subject) => post('api.mailjet.com', '/v3/send', { FromEmail: from, Recipients: [{ Email: to }], Subject, 'Text-part': 'hi', Headers: { [name]: value } }),
  postmark: ([Name, Value], Subject) => post('api.postmarkapp.com', '/email', { From: from, To: to, Subject, TextBody: 'hi', Headers: [{ Name, Value }] }),
  resend: ([name, value], subject) => post('api.resend.com', '/emails', { from, to, subject, text: 'hi', headers: { [name]: value } }),
  mailersend: ([name, value], subject) => post('api.mailersend.com', '/v1/email', { from: { email: from }, to: [{ email: to }], subject, text: 'hi', headers: [{ name, value }] }),
  sparkpost: ([name, value], subject) => post('api.sparkpost.com', '/api/v1/transmissions', { recipients: [{ address: to }], content: { from, subject, text: 'hi', headers: { [name]: value } } }),
  mandrill: ([name, value], subject) => post('mandrillapp.com', '/api/1.0/messages/send.json', { message: { from_email: from, to: [{ email: to }], subject, text: 'hi', headers: { [name]: value } } }),
  brevo: ([name, value], subject) => post('api.brevo.com', '/v3/smtp/email', { sender: { email: from }, to: [{ email: to }], subject, textContent: 'hi', headers: { [name]: value } }),
  sendgrid: ([name, value], subject) => post('api.sendgrid.com', '/v3/mail/send', { from: { email: from }, personalizations: [{ to: [{ email: to }] }], subject, content: [{ type: 'text/plain', value: 'hi' }], headers: { [name]: value } }),
  customerio: ([name, value], subject) => post('api.customer.io', '/v1/send/email', { to, from, subject, body: 'hi', identifiers: { id: '1' }, headers: { [name]: value } }),
  msgraph: ([name, value], subject) => post('graph.microsoft.com', '/v1.0/me/sendMail', { message: { subject, toRecipients: [{ emailAddress: { address: to } }], internetMessageHeaders: [{ name, value }] } }),
};

const understood = (request: HttpRequest): string => httpCall(house, request, origin).decoded.kind;

it.each(Object.entries(vendors))('%s is not guessed at where a header or the subject goes on as another header', (_vendor, mail) => {
  expect(understood(mail(['X-Order', '42'], 'Your order'))).toBe('effects');
  expect(understood(mail(['X-Order', 'a long one\r\n that is folded'], 'Your order: 42'))).toBe('effects');
  for (const value of ['42\r\nBcc: ann@customer.test', '42\nBcc: ann@customer.test', '42\rBcc: ann@customer.test', '42\r\n \r\nBcc: ann@customer.test']) {
    expect(understood(mail(['X-Order', value], 'Your order')), JSON.stringify(value)).toBe('unrecognized');
  }
  expect(understood(mail(['X-Order: 42\r\nBcc', 'ann@customer.test'], 'Your order'))).toBe('unrecognized');
  expect(understood(mail(['X-Order', '42'], 'Your order\r\nBcc: ann@customer.test'))).toBe('unrecognized');
});

it('a test mode is believed only where nothing beside it says otherwise', () => {
  const liveness = (request: HttpRequest): unknown => {
    const { decoded } = httpCall(house, request, origin);
    return decoded.kind === 'effects' ? decoded.effects[0]?.liveness : decoded;
  };
  const form = (more: string): HttpRequest => post('api.mailgun.net', '/v3/shop.test/messages', `from=${from}&to=${to}&text=hi&o:testmode=yes${more}`);
  expect([liveness(form('')), liveness(form('&o:testmode[]=no'))]).toEqual(['test', 'unknown']);
  const message = { From: { Email: from }, To: [{ Email: to }], Subject: 'x' };
  const sandbox = (more: object): HttpRequest => post('api.mailjet.com', '/v3.1/send', { SandboxMode: true, Messages: [{ ...message, ...more }] });
  expect([liveness(sandbox({})), liveness(sandbox({ SandboxMode: false }))]).toEqual(['test', 'unknown']);
  const dropped = (more: object): HttpRequest => post('api.brevo.com', '/v3/smtp/email', { sender: { email: from }, to: [{ email: to }], subject: 'x', textContent: 'hi', headers: { 'X-Sib-Sandbox': 'drop', ...more } });
  expect([liveness(dropped({})), liveness(dropped({ 'x-sib-sandbox ': 'no' }))]).toEqual(['test', 'unknown']);
});
