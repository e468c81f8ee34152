import type { Finding } from '../model/capture.ts';
import type { Request } from '../model/exchange.ts';
import { placesOf } from './call-texts.ts';
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
  ['Mollie', '(?<!cs_)live_[0-9A-Za-z]{25}'],
  ['GoCardless or Adyen', '(?<!cs_)live_(?=[\\w-]{0,60}[0-9])(?=[\\w-]{0,60}[A-Z])[0-9A-Za-z][\\w-]{29}'],
  ['Plaid', 'access-production-[0-9a-f]{8}'],
  ['Braintree', 'access_token\\$production\\$[0-9A-Za-z]{6}'],
];
/** each vendor is one group, so the match tells whose it is */
const key = new RegExp(`(?<![0-9A-Za-z])(?:${live.map(([, look]) => `(${look})`).join('|')})`);

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
