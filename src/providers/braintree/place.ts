import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';

/** Keys say nothing of what they are for: the host does. */
const places: Readonly<Record<string, Liveness>> = {
  'api.braintreegateway.com': 'live', 'payments.braintree-api.com': 'live',
  'api.sandbox.braintreegateway.com': 'test', 'payments.sandbox.braintree-api.com': 'test',
};

export const hosts: readonly string[] = Object.keys(places);

export function livenessOf({ authority }: HttpRequest): Liveness {
  return places[authority.host] ?? 'unknown';
}

export function isGraphQlHost({ authority }: HttpRequest): boolean {
  return authority.host.endsWith('.braintree-api.com');
}

/** The public key, or an access token: a merchant's objects are seen by REST and GraphQL alike. */
export function accountOf(request: HttpRequest): string | null {
  const who = bearer(request.headers) ?? basic(request.headers)?.user ?? null;
  return who === null || who === '' ? null : `${livenessOf(request)}/${who}`;
}

/** The merchant of a REST call, which stands in every path. */
export function merchantOf({ path }: HttpRequest): string {
  return /^\/merchants\/([A-Za-z0-9_-]{1,64})\//.exec(path)?.[1] ?? 'merchant';
}

/** `/merchants/{id}` and the rest, in which an id has no character that could hide another path. */
export function under(rest: string): RegExp {
  return new RegExp(`^/merchants/[A-Za-z0-9_-]{1,64}/${rest.replaceAll('{id}', '([A-Za-z0-9_-]{1,255})')}$`);
}
