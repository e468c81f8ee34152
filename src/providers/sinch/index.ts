import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { readGrant, unsignedToken } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';
import { batchRoutes } from './batches.ts';
import { errorReply, notFound } from './error.ts';
import { events, later, sign } from './events.ts';
import { groupRoutes } from './groups.ts';

/** Tokens live on a host of their own, and taking one tells nobody anything. */
const tokenRoutes: readonly JsonRoute[] = [{
  method: 'POST', path: /^\/oauth2\/token$/, operation: 'oauth2.token',
  read: (request) => {
    const grant = readGrant(request, ['client_credentials']);
    return 'kind' in grant ? grant : { kind: 'content', body: {}, query: [] };
  },
  answer: async ({ context }) => ({ reply: jsonReply(200, { access_token: unsignedToken({ iss: 'staging', iat: Math.floor(context.now / 1000) }), expires_in: 3599, scope: '', token_type: 'bearer' }) }),
}];
const smsRoutes = [...batchRoutes, ...groupRoutes];

function routesOf(host: string): readonly JsonRoute[] {
  return host === 'auth.sinch.com' ? tokenRoutes : smsRoutes;
}

/** Sinch's SMS API (XMS). No credential of it says test. https://developers.sinch.com/docs/sms/api-reference */
export const sinch = {
  name: 'sinch',
  channels: ['sms'],
  about: {
    operations: [...smsRoutes, ...tokenRoutes].map(({ operation }) => operation),
    fidelity: 'batches, dry runs, groups and delivery reports are remembered and read back, with their callbacks; groups do not grow by keyword, nobody answers; Conversation, Verification, Voice, Numbers and Fax are not simulated. Its library was not at hand: answers follow calls recorded from version 1.4',
    verified: null,
  },
  hosts: [{ host: '*.sms.api.sinch.com' }, { host: 'zt.*.sms.api.sinch.com' }, { host: 'auth.sinch.com' }],

  /** The service plan or project stands in the path, whichever token is used. */
  account({ path, headers }) {
    return /^\/xms\/v1\/([A-Za-z0-9-]{1,64})\//.exec(path)?.[1] ?? basic(headers)?.user ?? bearer(headers);
  },

  decode: (request): Decoded => decodeCall('Sinch', routesOf(request.authority.host), request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Sinch', routesOf(request.authority.host), request);
    return found.kind === 'unreadable' ? { reply: notFound() } : found.route.answer({ ...found.call, context });
  },

  /** 403 with a code is what Sinch answers where it was not able to fulfil a request; its library raises it at once. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, 'forbidden_number', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
