import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { googleAccount, googleToken, readGoogleGrant } from '../google-oauth/token.ts';
import { bearer } from '../wire/credential.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { googleError } from './error.ts';
import { mailRoutes } from './mail.ts';
import { readRoutes } from './reads.ts';
import { routed } from './route.ts';
import type { Route, Routed } from './route.ts';

const routes: readonly Route[] = [...mailRoutes, ...readRoutes];

/**
 * Gmail. https://developers.google.com/workspace/gmail/api/reference/rest
 * www.googleapis.com is shared by most of Google's older APIs: of it only /gmail, /upload/gmail and the token endpoint that
 * older libraries ask (google-oauth has the others) are understood.
 */
export const gmail = {
  name: 'gmail',
  channels: ['email'],
  about: {
    operations: [...routes.map(({ operation }) => operation), 'token.create'],
    fidelity: 'sending and drafts, also by media and multipart upload; no batches, resumable uploads, searches, labels or threads; Gmail tells nobody of deliveries, so there are no events',
    verified: { sdk: '@googleapis/gmail', version: '18.0.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'gmail.googleapis.com' }, { host: 'www.googleapis.com' }],

  account(request) {
    const token = bearer(request.headers);
    return token === null ? null : googleAccount(token);
  },

  decode(request): Decoded {
    if (isToken(request)) {
      const grant = asksForAnotherMethod(request.headers) ? unreadable('a header asks for another method') : readGoogleGrant(request);
      return 'kind' in grant ? unrecognized(`token.create: ${grant.why}`) : { kind: 'read', operation: 'token.create', liveness: 'unknown' };
    }
    const found = understood(request);
    if (found.kind === 'unreadable') return unrecognized(found.why);
    const { route, parameters } = found;
    if (route.effect === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
    const effect = route.effect(parameters);
    return 'kind' in effect ? unrecognized(`${route.operation}: ${effect.why}`) : { kind: 'effects', effects: [effect] };
  },

  async recalled(request, decoded, { recall }): Promise<Decoded> {
    const found = understood(request);
    const effect = decoded.kind !== 'effects' || found.kind === 'unreadable' ? null : await found.route.recalled?.(found.parameters, recall) ?? null;
    return effect === null ? decoded : { kind: 'effects', effects: [effect] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    if (isToken(request)) {
      const grant = readGoogleGrant(request);
      return { reply: 'kind' in grant ? badRequest(grant.why) : googleToken(grant, context) };
    }
    const found = understood(request);
    return found.kind === 'unreadable' ? { reply: badRequest(found.why) } : found.route.answer({ ...found.parameters, context });
  },

  /** Not 403: on that its library fetches a new token and tries again. */
  reject(_request, { rule, reason, capture }) {
    return googleError(400, 'FAILED_PRECONDITION', 'failedPrecondition', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;

function isToken({ method, path, authority }: HttpRequest): boolean {
  return authority.host === 'www.googleapis.com' && method === 'POST' && path === '/oauth2/v4/token';
}

function understood(request: HttpRequest): Routed | Unread {
  if (asksForAnotherMethod(request.headers)) return unreadable('a header asks for another method');
  return routed(routes, request) ?? unreadable(unknownCall(request));
}

const notSimulated: readonly (readonly [RegExp, string])[] = [
  [/^\/batch(?:\/|$)/, 'a batch may hold any call'],
  [/\/(?:watch|stop)$/, 'mailbox changes are not published'],
  [/\/messages(?:\/import)?$/, 'mail put into the mailbox is not kept'],
];

function unknownCall({ method, path }: HttpRequest): string {
  const [, why] = notSimulated.find(([pattern]) => pattern.test(path)) ?? [];
  // only the resource's words: what stands between may be a person's address
  const shape = path.split('/').slice(0, 8).map((part) => /^(?:v1|[a-zA-Z]{1,20})?$/.test(part) ? part : '*').join('/');
  return `${method} ${shape} is not simulated${why === undefined ? '' : `: ${why}`}`;
}

function badRequest(why: string): HttpResponse {
  return googleError(400, 'INVALID_ARGUMENT', 'invalidArgument', why);
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Gmail: ${why}` };
}
