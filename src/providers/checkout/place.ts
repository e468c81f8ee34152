import type { Headers, HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';

/** Each with and without the prefix of one merchant. https://api-reference.checkout.com/#section/Base-URLs */
export const hosts = ['api.checkout.com', 'api.sandbox.checkout.com', 'access.checkout.com', 'access.sandbox.checkout.com'].flatMap((host) => [{ host }, { host: `*.${host}` }]);

/** 'Bearer sk_...', or the key alone as the previous platform wants it. Null where it cannot be told. */
export function keyOf(headers: Headers): string | null {
  const said = headerAll(headers, 'authorization');
  const found = said.length === 1 ? /^(?:Bearer +)?([^\s]+)$/i.exec(said[0]!.trim()) : null;
  return found === null || /^bearer$/i.test(found[1]!) ? null : found[1]!;
}

const testKey = /^[sp]k_(?:sbox_|test_)/;
const liveKey = /^[sp]k_?(?:[a-z2-7]{26}[a-z2-7*#$=]|\w{8}-\w{4}-\w{4}-\w{4}-\w{12})$/;

/** The key says it and the host says it; where they differ it is not known what becomes of the call. */
export function livenessOf({ headers, authority }: Pick<HttpRequest, 'headers' | 'authority'>): Liveness {
  const place = isSandbox(authority.host) ? 'test' : 'live';
  const key = keyOf(headers) ?? '';
  const said = testKey.test(key) ? 'test' : liveKey.test(key) ? 'live' : /^[sp]k_/.test(key) ? 'unknown' : place;
  return said === place && key !== '' ? place : 'unknown';
}

export function isSandbox(host: string): boolean {
  return /(?:^|\.)sandbox\.checkout\.com$/.test(host);
}

/** Whether it is the host that gives tokens for client credentials. */
export function isAccess(host: string): boolean {
  return /(?:^|\.)access\.(?:sandbox\.)?checkout\.com$/.test(host);
}

/** Where the previous platform's keys are for: amounts decide there what the sandbox answers. */
export function isPreviousSandbox({ headers, authority }: Pick<HttpRequest, 'headers' | 'authority'>): boolean {
  return isSandbox(authority.host) && /^sk_test_\w{8}-/.test(keyOf(headers) ?? '');
}
