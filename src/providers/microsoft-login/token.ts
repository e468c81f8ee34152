import type { HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { asString, field } from '../wire/json.ts';
import { callerOf, claimsOf, unsignedToken } from '../wire/oauth.ts';
import type { Grant } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';

export const grants = ['client_credentials', 'refresh_token', 'authorization_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'password'];
const lifetime = 3599;

/** Claims as in a token of Microsoft's, so that an application that looks inside finds them; the issuer says whose it is. */
export function microsoftToken(grant: Grant, tenant: string, context: Pick<SimulationContext, 'now' | 'uuid'>): HttpResponse {
  const app = grant.get('client_id') ?? '';
  const type = grant.get('grant_type');
  const scope = grant.get('scope') ?? '';
  const caller = callerOf(tenant, app, ...['refresh_token', 'code', 'assertion', 'username'].map((name) => grant.get(name) ?? ''));
  // The same caller comes back with the refresh token it was given.
  const person = /^fourthwall-([0-9a-f]{32})$/.exec(grant.get('refresh_token') ?? '')?.[1] ?? caller;
  const iat = Math.floor(context.now / 1000);
  const common = { iss: 'https://fourthwall.invalid/', tid: tenant, iat, nbf: iat, exp: iat + lifetime, ver: '2.0' };
  const reply = { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime };
  const aud = grant.get('resource') ?? (/^(https:\/\/[^/ ]+)\//.exec(scope)?.[1] ?? 'https://graph.microsoft.com');
  if (type === 'client_credentials') {
    return jsonReply(200, { ...reply, access_token: unsignedToken({ ...common, aud, appid: app, azp: app, idtyp: 'app', oid: uuidOf(callerOf(tenant, app)), roles: ['Mail.Send', 'Mail.ReadWrite'], uti: context.uuid() }) });
  }
  const oid = uuidOf(person);
  return jsonReply(200, {
    ...reply, scope: scope === '' ? 'Mail.Send Mail.ReadWrite' : scope,
    access_token: unsignedToken({ ...common, aud, appid: app, azp: app, idtyp: 'user', oid, scp: 'Mail.Send Mail.ReadWrite', upn: 'staging@example.com', uti: context.uuid() }),
    refresh_token: `fourthwall-${person}`,
    id_token: unsignedToken({ ...common, aud: app, oid, sub: oid, name: 'Staging', preferred_username: 'staging@example.com' }),
    client_info: Buffer.from(JSON.stringify({ uid: oid, utid: tenant })).toString('base64url'),
  });
}

export function loginError(status: number, error: string, description: string): HttpResponse {
  return jsonReply(status, { error, error_description: description });
}

/** Whose objects a token opens: the application's, and the person's it acts for, in their tenant. Any token of theirs will do. */
export function accountOf(token: string): string {
  const claims = claimsOf(token);
  const [tenant, app, person] = ['tid', 'appid', 'oid'].map((name) => asString(field(claims, name)));
  return tenant === null || tenant === undefined ? token : `${tenant} ${app ?? ''} ${person ?? ''}`;
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
