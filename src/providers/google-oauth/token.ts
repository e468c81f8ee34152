import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { asString, field } from '../wire/json.ts';
import { callerOf, claimsOf, readGrant, unsignedToken } from '../wire/oauth.ts';
import type { Grant } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';
import type { Unread } from '../wire/unread.ts';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** A token request of Google's, at whichever of its hosts. */
export function readGoogleGrant(request: HttpRequest): Grant | Unread {
  return readGrant(request, [jwtBearer, 'refresh_token', 'authorization_code']);
}

/** The same caller gets tokens of one family (see `googleAccount`), so that what it stored with an older one is found again. */
export function googleToken(grant: Grant, context: Pick<SimulationContext, 'id' | 'now'>): HttpResponse {
  const type = grant.get('grant_type');
  const assertion = claimsOf(grant.get('assertion') ?? '');
  if (type === jwtBearer && assertion === null) return oauthError(400, 'invalid_grant', 'Invalid JWT: it is not well-formed.');
  const [iss, sub, scope] = ['iss', 'sub', 'scope'].map((name) => asString(field(assertion, name)) ?? '');
  const caller = type === jwtBearer ? callerOf(iss!, sub!) : callerOf(grant.get('client_id') ?? '', grant.get('refresh_token') ?? grant.get('code') ?? '');
  const audience = asString(field(assertion, 'target_audience'));
  const identity = (aud: string): string => unsignedToken({ iss: 'https://fourthwall.invalid/', aud, sub: caller, iat: seconds(context), exp: seconds(context) + lifetime });
  if (audience !== null) return jsonReply(200, { id_token: identity(audience) });
  return jsonReply(200, {
    access_token: [ours, caller, context.id('', { length: 24 })].join('.'), expires_in: lifetime, token_type: 'Bearer',
    ...(type === jwtBearer ? {} : { scope: grant.get('scope') ?? 'https://mail.google.com/' }),
    ...(scope === '' && type === 'authorization_code' ? { refresh_token: ['1', '', `fourthwall-${caller}`].join('/'), id_token: identity(grant.get('client_id') ?? '') } : {}),
  });
}

export function oauthError(status: number, error: string, description: string): HttpResponse {
  return jsonReply(status, { error, error_description: description });
}

const lifetime = 3599;
const ours = ['ya29', 'fourthwall'].join('.');

/** Whose objects a token of Google's opens: any of one caller's tokens from here, or the token itself where it is not ours. */
export function googleAccount(token: string): string {
  return token.startsWith(`${ours}.`) ? token.split('.').slice(0, 3).join('.') : token;
}

function seconds({ now }: Pick<SimulationContext, 'now'>): number {
  return Math.floor(now / 1000);
}
