import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { basic } from '../wire/credential.ts';

const regions = ['', '-na', '-oc'];
export const hosts = regions.flatMap((region) => [`api${region}.klarna.com`, `api${region}.playground.klarna.com`]);

/** The playground is another host. */
export function livenessOf({ authority }: Pick<HttpRequest, 'authority'>): Liveness {
  if (!hosts.includes(authority.host)) return 'unknown';
  return authority.host.endsWith('.playground.klarna.com') ? 'test' : 'live';
}

export function apiOf({ authority }: Pick<HttpRequest, 'authority'>): string {
  return `https://${authority.host}`;
}

/** Each region has its own orders. */
export function accountOf(request: HttpRequest): string | null {
  const user = basic(request.headers)?.user;
  return user === undefined ? null : `${request.authority.host}/${user}`;
}
