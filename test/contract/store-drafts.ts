import type { CaptureDraft, Enrichment } from '../../src/model/capture.ts';
import type { HttpRequest, HttpResponse, MailTransaction } from '../../src/model/exchange.ts';
import type { Recipient } from '../../src/model/recipient.ts';
import type { Email, Payment, Sms } from '../../src/model/side-effect.ts';
import type { Recording } from '../../src/model/store.ts';

/** Drafts as the gateway hands them over: short to write, whole to store. */
export const day = Date.parse('2026-11-21T10:00:00.000Z');

export function recipient(address: string, more: Partial<Recipient> = {}): Recipient {
  return { address, kind: 'email', role: 'to', standing: 'reserved', why: 'a reserved name', ...more };
}

export function email(more: Partial<Email<Recipient>> = {}): Email<Recipient> {
  return { channel: 'email', provider: 'smtp', operation: 'mail.send', liveness: 'unknown', recipients: [recipient('ann@shop.test')], keys: [],
    from: 'shop@shop.test', subject: 'Your order', text: null, html: null, attachments: [], template: null, ...more };
}

export function sms(more: Partial<Sms<Recipient>> = {}): Sms<Recipient> {
  return { channel: 'sms', provider: 'twilio', operation: 'messages.create', liveness: 'test', recipients: [recipient('+15005550006', { kind: 'phone' })], keys: [],
    from: '+15005550001', text: 'Your code is 1234', media: [], template: null, ...more };
}

export function payment(more: Partial<Payment<Recipient>> = {}): Payment<Recipient> {
  return { channel: 'payment', provider: 'stripe', operation: 'payment_intents.confirm', liveness: 'test', recipients: [], keys: [],
    amount: { minor: '4200', exponent: 2, currency: 'EUR' }, movesMoney: true, customer: 'cus_1', method: 'Visa 4242', object: 'pi_1', description: null, ...more };
}

export function mail(more: Partial<MailTransaction> = {}): MailTransaction {
  return { kind: 'mail', helo: 'app', tls: null, authUser: null, from: { address: 'shop@shop.test', parameters: [] }, to: [{ address: 'ann@shop.test', parameters: [] }],
    message: Buffer.from('From: shop@shop.test\r\nTo: ann@shop.test\r\nSubject: Your order\r\n\r\nThank you.\r\n'), ...more };
}

export function http(more: Partial<HttpRequest> = {}): HttpRequest {
  return { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.vendor.test', port: 443 }, path: '/v1/things', query: null, version: '1.1',
    headers: [['Content-Type', 'application/json']], trailers: [], body: Buffer.from('{"a":1}'), ...more };
}

export function answer(more: Partial<HttpResponse> = {}): HttpResponse {
  return { kind: 'http', status: 200, headers: [['content-type', 'application/json']], trailers: [], body: Buffer.from('{"ok":true}'), ...more };
}

let made = 0;

export function draft(more: Partial<CaptureDraft> = {}): CaptureDraft {
  made += 1;
  return {
    id: `cap_${String(made).padStart(26, '0')}`, at: new Date(day + made).toISOString(), instance: 'one',
    origin: { space: null, service: 'shop', run: null, trace: null, address: '127.0.0.1', via: 'smtp' }, run: null, protocol: 'smtp', direction: 'out', parent: null,
    provider: 'smtp', channels: ['email'], request: mail(), reply: { kind: 'smtp', code: 250, enhanced: '2.0.0', text: 'captured' },
    decoded: { kind: 'effects', effects: [email()] },
    decision: { action: 'capture', reply: null, rule: 'all', reason: 'staging sends nothing', trace: [{ rule: 'all', matched: true, because: 'any' }], reported: [], policy: { sha256: 'f'.repeat(64) }, fault: null },
    outcome: 'captured', keys: [], identities: [], findings: [], redactions: [], enrichment: 'done', account: null, ...more,
  };
}

export function recording(more: Partial<CaptureDraft> = {}, rest: Partial<Omit<Recording, 'draft'>> = {}): Recording {
  return { draft: draft(more), remember: [], callbacks: [], ...rest };
}

export function enrichment(more: Partial<Enrichment> = {}): Enrichment {
  return { state: 'done', subject: null, text: null, html: null, attachments: [], codes: [], links: [], findings: [], keys: [], ...more };
}
