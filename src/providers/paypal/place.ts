import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';

export const hosts = ['api-m.paypal.com', 'api.paypal.com', 'api-m.sandbox.paypal.com', 'api.sandbox.paypal.com'] as const;

/** A client id does not say what it is for: only the host does. */
export function livenessOf({ authority }: Pick<HttpRequest, 'authority'>): Liveness {
  if (authority.host.endsWith('.sandbox.paypal.com')) return 'test';
  return hosts.some((host) => host === authority.host) ? 'live' : 'unknown';
}

/** Where PayPal's own links lead, for the place that was called. Nothing here ever dials them. */
export function apiOf({ authority }: Pick<HttpRequest, 'authority'>): string {
  return `https://${authority.host}`;
}
