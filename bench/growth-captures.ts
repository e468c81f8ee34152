import { createHash } from 'node:crypto';
import type { Recording } from '../src/model/store.ts';
import { draft, email, http, mail, payment, recipient, recording, sms } from '../test/contract/store-drafts.ts';

/**
 * What a shop's staging records in a week, in order: four captures an order (a mail by SMTP, one by an API, an SMS, a payment), 200,000 customers of whom some order often,
 * 40 to 120 words a mail from a vocabulary of 20,000 in which few are common, a fifth of all in 200 test runs. The same for every engine and every time.
 */
export const vocabulary = Array.from({ length: 20_000 }, (_, at) => wordOf(at));
export const services = ['shop', 'billing', 'crm', 'newsletter', 'legacy'] as const;
export const week = 7 * 86_400_000;
export const began = Date.parse('2026-11-14T00:00:00.000Z');

export function recordingOf(n: number, all: number): Recording {
  const chance = dice(n);
  const order = Math.floor(n / 4);
  const customer = Math.floor(200_000 * dice(order + 7_000_003)(0) ** 2);
  const at = new Date(began + Math.floor(week * n / all)).toISOString();
  const run = chance(1) < 0.2 ? `ci-${Math.floor(200 * n / all)}` : null;
  // a service that stopped long ago, and one that is new: what a list finds only at one end
  const service = n < all * 0.05 && chance(2) < 0.3 ? 'legacy' : n > all * 0.98 && chance(2) < 0.3 ? 'newsletter' : services[Math.floor(3 * chance(3))]!;
  const space = chance(4) < 0.3 ? 'team-b' : null;
  const keys = [{ name: 'order', value: `ORD-${order}` }];
  const words = text(n, 40 + Math.floor(80 * chance(5)));
  const subject = `Order ORD-${order}: ${text(n + 1, 5)}`;
  const address = `customer${customer}@mail${customer % 50}.example`;
  const real = recipient(address, { standing: chance(6) < 0.02 ? 'real' : 'reserved' });
  const rejected = chance(7) < 0.03;
  const shared = {
    id: `cap_${createHash('sha256').update(String(n)).digest('hex').slice(0, 26).toUpperCase()}`, at, run, keys,
    origin: { space, service, run, trace: createHash('sha256').update(`t${order}`).digest('hex').slice(0, 32), address: '127.0.0.1', via: 'proxy' as const },
    identities: [{ kind: 'email' as const, value: address }],
    findings: chance(8) < 0.01 ? [{ id: 'placeholder', title: 'a placeholder was not filled in', where: 'subject', excerpt: 'Hello NULL' }] : [],
    outcome: rejected ? 'rejected' as const : 'captured' as const,
    decision: { ...draft().decision, action: rejected ? 'reject' as const : 'capture' as const, rule: rejected ? 'no-real' : 'everything' },
  };
  switch (n % 4) {
    case 0: return recording({ ...shared, provider: 'smtp', channels: ['email'], protocol: 'smtp',
      request: mail({ to: [{ address, parameters: [] }], message: Buffer.from(`From: shop@shop.example\r\nTo: ${address}\r\nSubject: ${subject}\r\nMessage-ID: <${n}@shop.example>\r\n\r\n${words}\r\n`) }),
      decoded: { kind: 'effects', effects: [email({ recipients: [real], subject, text: words, keys })] } });
    case 1: return recording({ ...shared, provider: 'sendgrid', channels: ['email'], protocol: 'http',
      request: http({ authority: { host: 'api.sendgrid.com', port: 443 }, path: '/v3/mail/send', body: Buffer.from(JSON.stringify({ to: address, subject, text: words })) }), reply: null,
      decoded: { kind: 'effects', effects: [email({ provider: 'sendgrid', recipients: [real], subject, text: words, keys })] } });
    case 2: return recording({ ...shared, provider: 'twilio', channels: ['sms'], protocol: 'http',
      request: http({ authority: { host: 'api.twilio.com', port: 443 }, path: '/2010-04-01/Messages.json', body: Buffer.from(`To=${customer}&Body=${words.slice(0, 120)}`) }), reply: null,
      decoded: { kind: 'effects', effects: [sms({ recipients: [recipient(`+1415555${String(customer % 10_000).padStart(4, '0')}`, { kind: 'phone' })], text: words.slice(0, 120), keys })] } });
    default: return recording({ ...shared, provider: 'stripe', channels: ['payment'], protocol: 'http',
      request: http({ authority: { host: 'api.stripe.com', port: 443 }, path: '/v1/payment_intents', body: Buffer.from(`amount=${n}&currency=eur`) }), reply: null,
      decoded: { kind: 'effects', effects: [payment({ customer: `cus_${customer}`, object: `pi_${n}`, keys, amount: { minor: String(100 + n % 90_000), exponent: 2, currency: 'EUR' } })] } });
  }
}

/** Zipf-like: the nth word about 1/n as often as the first. */
function text(seed: number, words: number): string {
  const chance = dice(seed + 1_000_003);
  return Array.from({ length: words }, (_, at) => vocabulary[Math.floor(vocabulary.length ** chance(at)) - 1] ?? vocabulary[0]).join(' ');
}

function wordOf(at: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ne', 'ru', 'sa', 'ti', 'vo', 'be', 'du'];
  return [...String(at + 100)].map((digit) => syllables[Number(digit)]).join('');
}

/** The same numbers between 0 and 1 for the same seed. */
function dice(seed: number): (nth: number) => number {
  return (nth) => {
    let x = (seed * 2_654_435_761 + nth * 40_503 + 12_345) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}
