import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';

const live = 'api.gocardless.com';
const sandbox = 'api-sandbox.gocardless.com';
export const hosts = [live, sandbox] as const;

/** The host decides; a sandbox that is asked with a live token is a mistake of somebody's, and nobody knows which. */
export function livenessOf({ authority, headers }: Pick<HttpRequest, 'authority' | 'headers'>): Liveness {
  if (authority.host === live) return 'live';
  return authority.host === sandbox && !(bearer(headers) ?? '').startsWith('live_') ? 'test' : 'unknown';
}

/** Each place refuses the tokens of the other. Older tokens have no prefix. */
export function isOfThisPlace({ authority, headers }: Pick<HttpRequest, 'authority' | 'headers'>): boolean {
  const prefix = /^(live|sandbox)_/.exec(bearer(headers) ?? '')?.[1];
  return prefix === undefined || prefix === (authority.host === live ? 'live' : 'sandbox');
}
