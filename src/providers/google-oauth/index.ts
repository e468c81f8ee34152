import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { isBodiless } from '../wire/body.ts';
import { parseQuery } from '../wire/form.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { jsonReply } from '../wire/reply.ts';
import { googleToken, oauthError, readGoogleGrant } from './token.ts';

/**
 * Google's token endpoints. Libraries ask here before they call any other API of Google's; nobody is reached. Of
 * accounts.google.com only the old token endpoint: the rest of it is where people sign in.
 * https://developers.google.com/identity/protocols/oauth2
 */
export const googleOauth = {
  name: 'google-oauth',
  channels: [],
  about: {
    operations: ['token.create', 'tokeninfo.get'],
    fidelity: 'tokens for service accounts, refresh tokens and authorization codes, signed by nobody and taken by no service but this one; nobody signs in here, and nothing is revoked',
    verified: { sdk: 'google-auth-library', version: '10.9.1', date: '2026-11-21' },
  },
  hosts: [{ host: 'oauth2.googleapis.com' }, { host: 'accounts.google.com' }],
  account: () => null,

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    if (isTokenInfo(request)) return { kind: 'read', operation: 'tokeninfo.get', liveness: 'unknown' };
    if (!isToken(request)) return unrecognized(`${request.method} on ${request.authority.host} is not simulated: of this host only the token endpoint is`);
    const grant = readGoogleGrant(request);
    return 'kind' in grant ? unrecognized(`token.create: ${grant.why}`) : { kind: 'read', operation: 'token.create', liveness: 'unknown' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    if (isTokenInfo(request)) return { reply: jsonReply(200, { azp: 'staging', aud: 'staging', scope: 'https://mail.google.com/', expires_in: 3599, access_type: 'offline' }) };
    const grant = readGoogleGrant(request);
    return { reply: 'kind' in grant ? oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grant.why}`) : googleToken(grant, context) };
  },

  /** Not 'invalid_grant': applications forget a refresh token on that. */
  reject(_request, { rule, reason, capture }) {
    return oauthError(403, 'access_denied', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;

function isToken({ method, path, authority }: HttpRequest): boolean {
  return method === 'POST' && path === (authority.host === 'accounts.google.com' ? '/o/oauth2/token' : '/token');
}

/** The token is asked about in the query, or with a header. */
function isTokenInfo(request: HttpRequest): boolean {
  const { method, path, authority } = request;
  if (authority.host !== 'oauth2.googleapis.com' || path !== '/tokeninfo' || !isBodiless(request)) return false;
  const query = parseQuery(request.query);
  const asked = query.kind === 'form' && query.fields.length === 1 && /^(?:access_token|id_token)$/.test(query.fields[0]![0]);
  return (method === 'GET' && asked) || (method === 'POST' && request.query === null && header(request.headers, 'authorization') !== null);
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Google OAuth: ${why}` };
}
