import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { googleAccount } from '../google-oauth/token.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { withoutKnownQuery } from '../wire/known-query.ts';
import { fcmErrorReply } from './error.ts';
import { sendRoute } from './message.ts';
import { topicRoutes } from './topics.ts';

/** Each host has its own paths; the second is the first for callers with a client certificate. */
const routes: Readonly<Record<string, readonly JsonRoute[]>> = { 'fcm.googleapis.com': [sendRoute], 'fcm.mtls.googleapis.com': [sendRoute], 'iid.googleapis.com': topicRoutes };

/** Firebase Cloud Messaging. https://firebase.google.com/docs/reference/fcm/rest. Tokens for it come from google-oauth. */
export const fcm = {
  name: 'fcm',
  channels: ['push'],
  about: {
    operations: [sendRoute, ...topicRoutes].map(({ operation }) => operation),
    fidelity: "messages of the v1 API, dry runs and topic subscriptions; no tokens are checked, so that none is lost; the legacy API, its batches, imports of APNs tokens and Web Push are refused by name; firebase-admin's sendEach() over HTTP/2 needs `fourthwall run`, or its enableLegacyHttpTransport(); FCM tells nobody of deliveries, so there are no events",
    verified: { sdk: 'firebase-admin', version: '13.10.0', date: '2026-11-21' },
  },
  hosts: Object.keys(routes).map((host) => ({ host })),

  account(request) {
    const token = bearer(request.headers);
    return token === null ? null : googleAccount(token);
  },

  decode(request): Decoded {
    const named = refusedByName(request);
    return named === null ? decodeCall('FCM', routesOf(request), plain(request)) : { kind: 'unrecognized', why: `FCM: ${named}` };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('FCM', routesOf(request), plain(request));
    return found.kind === 'unreadable' ? { reply: fcmErrorReply(400, 'INVALID_ARGUMENT', found.why, null) } : found.route.answer({ ...found.call, context });
  },

  /**
   * 403 with no more than UNSPECIFIED_ERROR: applications delete a token on UNREGISTERED, many also on SENDER_ID_MISMATCH (which firebase-admin
   * takes a bare PERMISSION_DENIED for) and INVALID_ARGUMENT; Google's libraries try again after 401.
   */
  reject(_request, { rule, reason, capture }) {
    return fcmErrorReply(403, 'PERMISSION_DENIED', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, 'UNSPECIFIED_ERROR');
  },
} as const satisfies HttpProvider;

function routesOf({ authority }: HttpRequest): readonly JsonRoute[] {
  return routes[authority.host] ?? [];
}

/** Of Google's common parameters those that say how the answer is written, which is JSON anyway. */
function plain(request: HttpRequest): HttpRequest {
  return request.method === 'POST' ? withoutKnownQuery(request, { alt: /^json$/, prettyPrint: /^(?:true|false)$/ }) : request;
}

function refusedByName({ path, authority }: HttpRequest): string | null {
  if (authority.host === 'iid.googleapis.com') return path === '/iid/v1:batchImport' ? 'imports of APNs tokens are not simulated' : null;
  if (path === '/fcm/send' || path.startsWith('/fcm/notification')) return 'the legacy HTTP API was shut down in 2024; send to /v1/projects/PROJECT/messages:send';
  if (path === '/batch') return 'batches of the legacy API were shut down in 2024; send messages one by one';
  return /^\/(?:fcm\/send|wp)\/./.test(path) ? 'Web Push is not simulated: what it says is encrypted for one browser' : null;
}
