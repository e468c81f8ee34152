import type { HttpRequest } from '../../model/exchange.ts';
import { basic } from '../wire/credential.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { callerOf, readGrant } from '../wire/oauth.ts';
import type { Grant } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';
import { isSandbox, keyOf } from './place.ts';

const ours = 'fourthwall.';

/** Client credentials, in the form or as Basic. The token says whose it is, so that a client's tokens open the same objects. */
export const tokenRoute: JsonRoute = {
  method: 'POST', path: /^\/connect\/token$/, operation: 'oauth.token',
  read: (request) => {
    const grant = readGrant(request, ['client_credentials']);
    return 'kind' in grant ? grant : { kind: 'content', body: null, query: [] };
  },
  answer: async ({ request, context }) => {
    const grant = readGrant(request, ['client_credentials']) as Grant;
    const client = basic(request.headers) ?? { user: grant.get('client_id') ?? '', password: grant.get('client_secret') ?? '' };
    if (client.user === '' || client.password === '') return { reply: jsonReply(400, { error: 'invalid_client' }) };
    return { reply: jsonReply(200, { access_token: `${ours}${callerOf(client.user)}.${context.id('', { length: 32 })}`, expires_in: 3600, token_type: 'Bearer', scope: grant.get('scope') ?? 'gateway' }) };
  },
};

/** The key or the client, and the place: what was made in the sandbox is not there in production. */
export function accountOf(request: Pick<HttpRequest, 'headers' | 'authority'>): string | null {
  const key = keyOf(request.headers);
  if (key === null) return null;
  return `${isSandbox(request.authority.host) ? 'sandbox' : 'live'}/${key.startsWith(ours) ? key.split('.')[1]! : key}`;
}
