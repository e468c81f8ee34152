import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';

const live = 'api.paddle.com';
const sandbox = 'sandbox-api.paddle.com';
/** Paddle Classic, another product with another API: known by name so that it is refused in words. */
const classic = ['vendors.paddle.com', 'sandbox-vendors.paddle.com'];
export const hosts = [live, sandbox, ...classic] as const;

export function isClassic({ authority }: Pick<HttpRequest, 'authority'>): boolean {
  return classic.includes(authority.host);
}

/** The host decides; a sandbox that is asked with a live key is a mistake of somebody's, and nobody knows which. */
export function livenessOf({ authority, headers }: Pick<HttpRequest, 'authority' | 'headers'>): Liveness {
  if (authority.host === live) return 'live';
  return authority.host === sandbox && !(bearer(headers) ?? '').startsWith('pdl_live_') ? 'test' : 'unknown';
}

/** Each place refuses the keys of the other. Older keys say nothing of their place. */
export function isOfThisPlace({ authority, headers }: Pick<HttpRequest, 'authority' | 'headers'>): boolean {
  const prefix = /^pdl_(live|sdbx)_/.exec(bearer(headers) ?? '')?.[1];
  return prefix === undefined || prefix === (authority.host === live ? 'live' : 'sdbx');
}
