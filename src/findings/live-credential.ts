import type { Finding } from '../model/capture.ts';
import type { Headers, Request } from '../model/exchange.ts';
import { excerptOf } from './excerpt.ts';

/**
 * Keys that say by their prefix that they are live, as their vendors document them. Nothing is decoded for it, so it holds for
 * calls to unknown hosts, paths and ports, and for bodies that no provider could read. A key without such a prefix
 * (SendGrid, Twilio) is live or not by what its provider says.
 */
const live: readonly (readonly [vendor: string, look: string])[] = [
  ['Stripe or Paystack', '(?:sk|rk|pk|ek)_(?:org_)?live_[0-9A-Za-z]{6}'],
  ['Razorpay', 'rzp_live_[0-9A-Za-z]{6}'],
  ['Paddle', 'pdl_live_[0-9A-Za-z]{6}'],
  ['Mollie', 'live_[0-9A-Za-z]{25}'],
  ['GoCardless or Adyen', 'live_(?=[\\w-]{0,60}[0-9])(?=[\\w-]{0,60}[A-Z])[0-9A-Za-z][\\w-]{29}'],
  ['Plaid', 'access-production-[0-9a-f]{8}'],
  ['Braintree', 'access_token\\$production\\$[0-9A-Za-z]{6}'],
];
/** each vendor is one group, so the match tells whose it is */
const key = new RegExp(`(?<![0-9A-Za-z])(?:${live.map(([, look]) => `(${look})`).join('|')})`);
/** In larger bodies only what stands there plainly is looked for. */
const unescapedUpTo = 256 * 1024;

/** A live credential anywhere in a call as it was sent: header fields, target, body. The secret itself is not repeated. */
export function liveCredentialIn(request: Request): readonly Finding[] {
  for (const [where, texts] of placesOf(request)) {
    for (const text of texts) {
      const vendor = vendorOf(text);
      if (vendor !== null) return [{ id: 'live-credential', title: 'A live credential was used', where, excerpt: excerptOf(`a live key as of ${vendor}`) }];
    }
  }
  return [];
}

function vendorOf(text: string): string | null {
  if (!/live_|production/.test(text)) return null;
  const found = key.exec(text);
  const at = found === null ? -1 : found.findIndex((group, index) => index > 0 && group !== undefined);
  return live[at - 1]?.[0] ?? null;
}

function* placesOf(request: Request): Generator<readonly [where: string, texts: Iterable<string>]> {
  switch (request.kind) {
    case 'http':
      yield* fields(request.headers);
      yield ['target', readings(`${request.path}?${request.query ?? ''}`)];
      yield* fields(request.trailers);
      return yield ['body', bytes(request.body)];
    case 'connect': return yield* fields(request.headers);
    case 'mail': return yield ['body', bytes(request.message)];
    case 'unreadable': return yield ['body', bytes(request.received)];
  }
}

function* fields(headers: Headers): Generator<readonly [string, Iterable<string>]> {
  for (const [name, value] of headers) yield [`header ${name}`, [...readings(`${name}: ${value}`), ...tokens(value)]];
}

function bytes(body: Uint8Array): readonly string[] {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  return body.length <= unescapedUpTo ? readings(text) : [text];
}

/** As it stands, and with percent and JSON escapes undone once and twice: 'sk%5Flive', 'sk%255Flive'. */
function readings(text: string): readonly string[] {
  const once = unescaped(text);
  return once === text ? [text] : [text, once, unescaped(once)];
}

function unescaped(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi, (_, percent?: string, json?: string) => String.fromCharCode(Number.parseInt(percent ?? json ?? '', 16)));
}

/** What looks like base64, decoded: Basic credentials, and those in cookies. */
function tokens(value: string): readonly string[] {
  return [...value.matchAll(/[0-9A-Za-z+/_-]{12,}/g)].map(([token]) => Buffer.from(token, 'base64').toString('latin1'));
}
