import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { basic, bearer } from '../wire/credential.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { callerOf, readGrant } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';
import { oauthError } from './errors.ts';
import { livenessOf } from './place.ts';

const lifetime = 31_668;
const ours = 'A21AAfourthwall_';

/** Every call but this one carries the token that it answers. It says whose it is, so that a client's tokens open the same objects. */
export const tokenRoute: JsonRoute = {
  method: 'POST', path: /^\/v1\/oauth2\/token$/, operation: 'oauth2.token',
  read: (request) => {
    const grant = readGrant(request, ['client_credentials', 'authorization_code', 'refresh_token']);
    return 'kind' in grant ? grant : { kind: 'content', body: null, query: [] };
  },
  answer: async ({ request, context }) => {
    const client = basic(request.headers);
    if (client === null || client.user === '' || client.password === '') return { reply: oauthError(401, 'invalid_client', 'Client Authentication failed') };
    const issued = new Date(context.now).toISOString().replace(/\.[0-9]{3}Z$/, 'Z');
    const reply: HttpResponse = jsonReply(200, {
      scope: 'https://uri.paypal.com/services/payments/payment/authcapture https://uri.paypal.com/services/payments/refund https://uri.paypal.com/services/payments/realtimepayment https://uri.paypal.com/payments/payouts https://uri.paypal.com/services/applications/webhooks openid',
      access_token: `${ours}${callerOf(client.user)}_${context.id('', { length: 32 })}`,
      token_type: 'Bearer', app_id: 'APP-80W284485P519543T', expires_in: lifetime, nonce: `${issued}${context.id('', { length: 43 })}`,
    });
    return { reply };
  },
};

/** The client of a call, and the place: what was made in the sandbox is not there in production. */
export function accountOf(request: HttpRequest): string | null {
  const token = bearer(request.headers);
  const client = basic(request.headers)?.user;
  if (token === null && client === undefined) return null;
  const whose = token === null ? callerOf(client!) : token.startsWith(ours) ? token.slice(ours.length).split('_')[0]! : token;
  return `${livenessOf(request)}/${whose}`;
}
