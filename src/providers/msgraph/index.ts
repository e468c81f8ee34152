import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { accountOf } from '../microsoft-login/token.ts';
import { chatRoutes } from './chat.ts';
import { draftRoutes } from './drafts.ts';
import { graphError } from './error.ts';
import { mailRoutes } from './mail.ts';
import { readRoutes } from './reads.ts';
import { routed } from './route.ts';
import type { Route } from './route.ts';

const routes: readonly Route[] = [...mailRoutes, ...draftRoutes, ...chatRoutes, ...readRoutes];

/**
 * Microsoft Graph: Outlook mail, and Teams messages on the same host. https://learn.microsoft.com/en-us/graph/api/overview
 * Graph itself takes paths in any case; only the documented one is understood.
 */
export const msgraph = {
  name: 'msgraph',
  channels: ['email', 'chat'],
  about: {
    operations: [...new Set(routes.map(({ operation }) => operation))],
    fidelity: 'sendMail, drafts and Teams messages; no $batch, upload sessions, calendar or subscriptions, reads without $filter and $search; Graph tells nobody of deliveries, so there are no events',
    verified: { sdk: '@microsoft/microsoft-graph-client', version: '3.0.7', date: '2026-11-21' },
  },
  hosts: ['graph.microsoft.com', 'graph.microsoft.us', 'dod-graph.microsoft.us', 'microsoftgraph.chinacloudapi.cn', 'canary.graph.microsoft.com'].map((host) => ({ host })),

  account(request) {
    const token = bearer(request.headers);
    return token === null ? null : accountOf(token);
  },

  decode(request): Decoded {
    const found = understood(request);
    if (found.kind === 'unreadable') return { kind: 'unrecognized', why: `Microsoft Graph: ${found.why}` };
    const { route, parameters } = found;
    if (route.effect === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
    const effect = route.effect(parameters);
    return 'kind' in effect ? { kind: 'unrecognized', why: `Microsoft Graph ${route.operation}: ${effect.why}` } : { kind: 'effects', effects: [effect] };
  },

  async recalled(request, decoded, { recall }): Promise<Decoded> {
    const found = understood(request);
    const effect = decoded.kind !== 'effects' || found.kind === 'unreadable' ? null : await found.route.recalled?.(found.parameters, recall) ?? null;
    return effect === null ? decoded : { kind: 'effects', effects: [effect] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = understood(request);
    if (found.kind === 'unreadable') return { reply: graphError(400, 'BadRequest', found.why) };
    return found.route.answer({ ...found.parameters, request, context });
  },

  /** 403 is what Graph answers to who may not send; its SDK retries 429, 503 and 504 only. */
  reject(_request, { rule, reason, capture }) {
    return graphError(403, 'ErrorAccessDenied', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;

function understood(request: HttpRequest): Exclude<ReturnType<typeof routed>, null> {
  if (asksForAnotherMethod(request.headers)) return { kind: 'unreadable', why: 'a header asks for another method' };
  return routed(routes, request) ?? { kind: 'unreadable', why: unknownCall(request) };
}

/** Calls that are known and not simulated are told by name: a person will look for them. */
const notSimulated: readonly (readonly [RegExp, string])[] = [
  [/^\/[^/]+\/\$batch$/, 'a batch may hold any call'],
  [/\/createUploadSession$/, 'large files are uploaded to another host'],
  [/\/(?:events|calendar|calendars)(?:\/|$)/, 'an event mails its invitations'],
  [/\/subscriptions(?:\/|$)/, 'change notifications are not sent'],
  [/\/create(?:Reply|ReplyAll|Forward)$/, 'a draft made from a received message'],
];

function unknownCall({ method, path }: HttpRequest): string {
  const [, why] = notSimulated.find(([pattern]) => pattern.test(path)) ?? [];
  // only the resource's words: what stands between may be a person's address
  const shape = path.split('/').slice(0, 8).map((part) => /^(?:v1\.0|beta|\$?[a-zA-Z]{1,20})?$/.test(part) ? part : '*').join('/');
  return `${method} ${shape} is not simulated${why === undefined ? '' : `: ${why}`}`;
}
