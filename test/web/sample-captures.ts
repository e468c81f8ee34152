import type { CaptureDraft, Enrichment, Finding } from '../../src/model/capture.ts';
import type { Decision, TraceStep } from '../../src/model/decision.ts';
import type { Headers } from '../../src/model/exchange.ts';
import type { Recipient, Standing } from '../../src/model/recipient.ts';
import type { SideEffect } from '../../src/model/side-effect.ts';
import type { Recording } from '../../src/model/store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = 'c0ffee'.repeat(10) + 'abcd';

const reasons: Readonly<Record<Standing, string>> = {
  safe: 'matches qa+*@ourcompany.test in safe.emails',
  reserved: 'example.com is reserved by RFC 2606',
  real: 'on no list and of no reserved name: it may be a real person',
  unknown: 'the audience is not in the request',
  invalid: 'not an address',
};
export const person = (address: string, standing: Standing, kind: Recipient['kind'] = 'email', role = 'to'): Recipient =>
  ({ address, kind, role, standing, why: reasons[standing] });

const steps = (...fared: readonly (readonly [rule: string, matched: boolean, because: string])[]): readonly TraceStep[] =>
  fared.map(([rule, matched, because]) => ({ rule, matched, because }));

const captured: Decision = {
  action: 'capture', rule: 'everything-we-understand', reason: 'staging sends nothing', reply: null, reported: [], policy: { sha256 }, fault: null,
  trace: steps(['our-own-services', false, 'host is none of *.internal.test'], ['stripe-live-to-test', false, 'liveness is test, not live'], ['everything-we-understand', true, 'channel is one of email, sms, payment']),
};
const rejected: Decision = {
  action: 'reject', rule: 'default', reason: 'no rule allows this host, and the default is reject', reported: [], policy: { sha256 }, fault: null,
  trace: steps(['our-own-services', false, 'host is none of *.internal.test'], ['everything-we-understand', false, 'nobody claims analytics.tracker.test']),
};

const recording = (draft: CaptureDraft): Recording => ({ draft, remember: [], callbacks: [] });

/** Drafts as the gateway makes them; `minute` counts back from `now`. */
export function sampleCaptures(now: number): readonly { readonly recording: Recording; readonly enrichment: Enrichment | null }[] {
  let number = 0;
  const draft = (fields: Partial<CaptureDraft> & Pick<CaptureDraft, 'request' | 'provider' | 'channels' | 'decoded'>, minutes: number): CaptureDraft => {
    number += 1;
    return {
      id: `cap_01JD${String(number).padStart(22, '0')}`, at: new Date(now - minutes * 60_000).toISOString(), instance: 'gw-1',
      origin: { space: null, service: 'shop', run: 'checkout-7', trace: '4bf92f3577b34da6a3ce929d0e0e4736', address: '127.0.0.1', via: 'proxy' },
      run: 'checkout-7', protocol: 'http', direction: 'out', parent: null, reply: null, decision: captured, outcome: 'captured',
      keys: [{ name: 'order', value: 'A-1042' }], identities: [], findings: [], redactions: [], enrichment: 'done', account: null, ...fields,
    };
  };

  const http = (method: string, host: string, path: string, headers: Headers, body: string): CaptureDraft['request'] =>
    ({ kind: 'http', method, scheme: 'https', authority: { host, port: 443 }, path, query: null, version: '1.1', headers: [['host', host], ...headers], trailers: [], body: bytes(body) });
  const answer = (status: number, body: string): CaptureDraft['reply'] =>
    ({ kind: 'http', status, headers: [['content-type', 'application/json'], ['x-fourthwall-action', 'capture']], trailers: [], body: bytes(body) });

  const mail = (subject: string, to: readonly Recipient[], options: { readonly html: string; readonly text: string; readonly minutes: number; readonly findings?: readonly Finding[]; readonly codes?: readonly string[]; readonly links?: readonly string[]; readonly attachments?: Enrichment['attachments'] }): { readonly recording: Recording; readonly enrichment: Enrichment } => {
    const headers = `From: Northwind <orders@northwind.example>\r\nTo: ${to.map((one) => one.address).join(', ')}\r\nSubject: ${subject}\r\nMessage-ID: <${number}@northwind.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n`;
    const effect: SideEffect<Recipient> = {
      channel: 'email', provider: 'smtp', operation: 'message', liveness: 'unknown', recipients: to, keys: [], from: 'orders@northwind.example', subject, text: null, html: null, attachments: [], template: null,
    };
    return {
      recording: recording(draft({
        protocol: 'smtp', provider: 'smtp', channels: ['email'], decoded: { kind: 'effects', effects: [effect] }, enrichment: 'pending', findings: options.findings ?? [],
        identities: to.map((one) => ({ kind: 'email', value: one.address })),
        request: {
          kind: 'mail', helo: 'shop-1', tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }, authUser: 'shop+checkout-7',
          from: { address: 'orders@northwind.example', parameters: [['SIZE', '2048']] }, to: to.map((one) => ({ address: one.address, parameters: [] })), message: bytes(`${headers}\r\n${options.html}`),
        },
        reply: { kind: 'smtp', code: 250, enhanced: '2.0.0', text: 'captured' },
      }, options.minutes)),
      enrichment: {
        state: 'done', subject, text: options.text, html: options.html, attachments: options.attachments ?? [], codes: options.codes ?? [], links: options.links ?? [], findings: [], keys: [],
      },
    };
  };

  const payment = (operation: string, path: string, body: string, minutes: number, fields: Partial<Extract<SideEffect<Recipient>, { channel: 'payment' }>>, reply: string): { readonly recording: Recording; readonly enrichment: null } => ({
    recording: recording(draft({
      provider: 'stripe', channels: ['payment'],
      request: http('POST', 'api.stripe.com', path, [['content-type', 'application/x-www-form-urlencoded'], ['stripe-version', '2026-10-28'], ['idempotency-key', 'order-A-1042']], body),
      reply: answer(200, reply), identities: [{ kind: 'customer', value: 'cus_Nwind1042' }, { kind: 'email', value: 'anna.schmidt@gmail.com' }],
      keys: [{ name: 'order', value: 'A-1042' }, { name: 'object', value: 'pi_3Q1042' }],
      decoded: { kind: 'effects', effects: [{
        channel: 'payment', provider: 'stripe', operation, liveness: 'test', recipients: [person('cus_Nwind1042', 'reserved', 'customer', 'customer')], keys: [],
        amount: { minor: '4200', exponent: 2, currency: 'EUR' }, movesMoney: false, customer: 'cus_Nwind1042', method: 'Visa 4242', object: 'pi_3Q1042', description: 'Order A-1042', ...fields,
      }] },
      redactions: [{ where: 'request.headers.authorization', offset: 7, length: 32, kind: 'credential', hint: 'sk_test', fingerprint: '0a1b2c3d4e5f' }],
    }, minutes)),
    enrichment: null,
  });

  const sms = (to: Recipient, text: string, minutes: number): { readonly recording: Recording; readonly enrichment: null } => ({
    recording: recording(draft({
      provider: 'twilio', channels: ['sms'],
      request: http('POST', 'api.twilio.com', '/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json', [['content-type', 'application/x-www-form-urlencoded']], new URLSearchParams({ To: to.address, From: '+15005550006', Body: text }).toString()),
      reply: answer(201, JSON.stringify({ sid: 'SM00000000000000000000000000000001', status: 'queued' })), identities: [{ kind: 'phone', value: to.address }, { kind: 'email', value: 'anna.schmidt@gmail.com' }],
      decoded: { kind: 'effects', effects: [{ channel: 'sms', provider: 'twilio', operation: 'messages.create', liveness: 'test', recipients: [to], keys: [], from: '+15005550006', text, media: [], template: null }] },
    }, minutes)),
    enrichment: null,
  });

  return [
    mail('Your weekly digest', [person('qa+digest@ourcompany.test', 'safe')], { html: '<p>Three new articles.</p>', text: 'Three new articles.', minutes: 190 }),
    payment('payment_intents.create', '/v1/payment_intents', 'amount=4200&currency=eur&customer=cus_Nwind1042&metadata[order]=A-1042', 12, {}, '{"id":"pi_3Q1042","object":"payment_intent","status":"requires_confirmation","amount":4200}'),
    payment('payment_intents.confirm', '/v1/payment_intents/pi_3Q1042/confirm', 'payment_method=pm_card_visa', 11.95, { movesMoney: true }, '{"id":"pi_3Q1042","object":"payment_intent","status":"succeeded","amount":4200}'),
    mail('Order A-1042 confirmed: thank you, Anna', [person('anna.schmidt@gmail.com', 'real'), person('archive@ourcompany.test', 'safe', 'email', 'bcc')], {
      minutes: 11.9, text: 'Hello Anna,\n\nyour order A-1042 over EUR 42.00 is confirmed.\nYour pickup code is 481920.\n',
      findings: [{ id: 'real-recipient', title: 'A real recipient', where: 'recipient anna.schmidt@gmail.com', excerpt: 'anna.schmidt@gmail.com' }],
      html: orderMail, codes: ['481920'], links: ['https://shop.northwind.example/orders/A-1042', 'https://shop.northwind.example/unsubscribe?u=77'],
      attachments: [
        { filename: 'invoice-A-1042.pdf', contentType: 'application/pdf', contentId: null, content: bytes('%PDF-1.4 invoice') },
        { filename: 'logo.png', contentType: 'image/png', contentId: 'logo@northwind', content: Buffer.from(pixel, 'base64') },
      ],
    }),
    sms(person('+14155552671', 'real', 'phone'), 'Northwind: your order A-1042 is ready. Pickup code 481920. Track: https://nw.example/t/A1042', 11.8),
    sms(person('+15005550006', 'safe', 'phone'), 'Ihre Bestellung ist unterwegs 🚚 – Lieferung morgen zwischen 9 und 12 Uhr. Bitte halten Sie den Code 481920 bereit.', 11),
    { recording: recording(draft({
      provider: 'unknown', channels: [], keys: [], run: null, decision: rejected, outcome: 'rejected', origin: { space: null, service: 'recommender', run: null, trace: null, address: '127.0.0.1', via: 'connect' },
      request: http('POST', 'analytics.tracker.test', '/v2/collect', [['content-type', 'application/json'], ['x-note', "it's $(here)"]], '{"event":"purchase","value":42,"nested":{"items":[1,2,3]}}'),
      reply: { kind: 'http', status: 403, headers: [['content-type', 'application/problem+json']], trailers: [], body: bytes('{"title":"Refused","rule":"default","reason":"no rule allows this host"}') },
      decoded: { kind: 'unrecognized', why: 'no provider claims analytics.tracker.test' },
      findings: [{ id: 'unknown-host', title: 'An unknown host', where: 'host', excerpt: 'analytics.tracker.test' }],
    }, 4)), enrichment: null },
    mail('Hello {{first_name}}, we miss you', [person('qa+winback@ourcompany.test', 'safe')], {
      minutes: 1.5, html: '<p>Hello {{first_name}}</p>', text: 'Hello {{first_name}}',
      findings: [{ id: 'unrendered-template', title: 'A template was not filled in', where: 'subject', excerpt: '{{first_name}}' }],
    }),
  ];
}

/** one pixel, PNG */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

const orderMail = `<!doctype html><html><head><meta charset="utf-8"><style>
body{margin:0;background:#eef1f4;font:16px/1.5 Helvetica,Arial,sans-serif;color:#1c2733}
.card{max-width:560px;margin:24px auto;background:#fff;border-radius:10px;overflow:hidden}
.bar{background:#14532d;color:#fff;padding:20px 28px;font-size:20px}.in{padding:24px 28px}
.code{font-size:30px;letter-spacing:6px;font-weight:bold;background:#f0f7f2;padding:12px;text-align:center;border-radius:8px}
.btn{display:inline-block;background:#14532d;color:#fff;padding:11px 22px;border-radius:6px;text-decoration:none}
@media (prefers-color-scheme: dark){body{background:#0d1117;color:#dde3ea}.card{background:#161b22}.code{background:#1d2a22}}
</style></head><body><div class="card"><div class="bar"><img src="cid:logo@northwind" width="18" height="18" alt="logo"> Northwind</div><div class="in">
<h2>Thank you, Anna</h2><p>Your order <b>A-1042</b> over <b>EUR 42.00</b> is confirmed. Show this code at the counter:</p>
<p class="code">481920</p><p><a class="btn" href="https://shop.northwind.example/orders/A-1042">Track your order</a></p>
<p style="color:#68737f;font-size:13px">Northwind Traders, 1 Harbour Road</p></div></div></body></html>`;

/** One captured mail with this HTML, for tests that need their own. */
export function mailRecording(options: { readonly id: string; readonly subject: string; readonly html: string; readonly attachments?: Enrichment['attachments'] }): { readonly recording: Recording; readonly enrichment: Enrichment } {
  const to = person('qa+one@ourcompany.test', 'safe');
  return {
    recording: recording({
      id: options.id, at: new Date().toISOString(), instance: 'gw-1', origin: { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'smtp' },
      run: null, protocol: 'smtp', direction: 'out', parent: null, provider: 'smtp', channels: ['email'],
      request: { kind: 'mail', helo: 'shop-1', tls: null, authUser: null, from: { address: 'orders@northwind.example', parameters: [] }, to: [{ address: to.address, parameters: [] }], message: bytes(`Subject: ${options.subject}\r\n\r\n${options.html}`) },
      reply: { kind: 'smtp', code: 250, enhanced: '2.0.0', text: 'captured' },
      decoded: { kind: 'effects', effects: [{ channel: 'email', provider: 'smtp', operation: 'message', liveness: 'unknown', recipients: [to], keys: [], from: 'orders@northwind.example', subject: options.subject, text: null, html: null, attachments: [], template: null }] },
      decision: captured, outcome: 'captured', keys: [], identities: [], findings: [], redactions: [], enrichment: 'pending', account: null,
    }),
    enrichment: { state: 'done', subject: options.subject, text: null, html: options.html, attachments: options.attachments ?? [], codes: [], links: [], findings: [], keys: [] },
  };
}
