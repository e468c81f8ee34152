import { header } from '../../model/exchange.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';

export type Environment = 'sandbox' | 'production';

export function environmentOf({ authority }: HttpRequest): Environment {
  return authority.host === 'sandbox.plaid.com' ? 'sandbox' : 'production';
}

/** The host says it: what is sandbox's moves nothing. A production token that goes there by mistake makes it doubtful again. */
export function livenessOf(request: HttpRequest, body: JsonObject): Liveness {
  if (environmentOf(request) === 'production') return 'live';
  return Object.values(body).some((value) => typeof value === 'string' && /^(?:access|public|link|processor)-production-/.test(value)) ? 'unknown' : 'test';
}

/** In headers or in the body: both do; two that differ do not. */
export function credentialOf(request: HttpRequest, body: JsonObject | null): { readonly id: string; readonly secret: string } | null {
  const id = one(header(request.headers, 'plaid-client-id'), asString(field(body, 'client_id')));
  const secret = one(header(request.headers, 'plaid-secret'), asString(field(body, 'secret')));
  return id === null || secret === null ? null : { id, secret };
}

function one(inHeader: string | null, inBody: string | null): string | null {
  if (inHeader !== null && inBody !== null && inHeader !== inBody) return null;
  return inHeader || inBody || null;
}

/** The client id is the same in both environments; their objects are not. */
export function accountOf(request: HttpRequest): string | null {
  const body = isBodiless(request) ? null : jsonBody(request);
  const credential = credentialOf(request, body?.kind === 'json' ? asObject(body.value) : null);
  return credential === null ? null : `${environmentOf(request)}/${credential.id}`;
}
