import type { HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic } from '../wire/credential.ts';
import { jsonReply } from '../wire/reply.ts';
import { events } from './event.ts';
import { eventRoutes } from './event-log.ts';
import { laterEvent } from './happen.ts';
import { readRoutes } from './reads.ts';
import { failure, routed } from './route.ts';
import { recalledResend, sendRoutes } from './send.ts';
import { suppressionRoutes } from './suppressions.ts';
import { signWebhook } from './webhook.ts';

const routes = [...sendRoutes, ...eventRoutes, ...suppressionRoutes, ...readRoutes];

/** Mailgun, US and EU. https://documentation.mailgun.com/docs/mailgun/api-reference */
export const mailgun = {
  name: 'mailgun',
  channels: ['email'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'messages, their events, stored messages and suppressions are remembered and read back, but suppress nothing; templates, lists, routes, webhooks and domains cannot be changed; no analytics',
    verified: { sdk: 'mailgun.js', version: '14.0.1', date: '2026-11-21' },
  },
  hosts: [
    { host: 'api.mailgun.net' }, { host: 'api.eu.mailgun.net' },
    ...['us-east4', 'us-west1', 'europe-west1'].map((region) => ({ host: `storage-${region}.api.mailgun.net` })),
  ],

  /** The user is 'api' for everybody; the key tells accounts apart. */
  account(request) {
    const key = basic(request.headers)?.password ?? null;
    const subaccount = header(request.headers, 'x-mailgun-on-behalf-of');
    return key === null || subaccount === null ? key : `${key} ${subaccount}`;
  },

  decode(request): Decoded {
    const found = routed(routes, request);
    if (found.kind === 'unreadable') return { kind: 'unrecognized', why: found.why };
    const { route, ids } = found;
    if (route.effects === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
    const effects = route.effects({ request, ids });
    return 'kind' in effects ? { kind: 'unrecognized', why: `Mailgun ${route.operation}: ${effects.why}` } : { kind: 'effects', effects };
  },

  async recalled(request, decoded, context) {
    const found = routed(routes, request);
    return found.kind === 'routed' && found.route.operation === 'messages.resend' ? recalledResend(decoded, found.ids[1] ?? '', context) : decoded;
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(routes, request);
    return found.kind === 'unreadable' ? failure(404, 'Not Found') : found.route.answer({ request, ids: found.ids, query: found.query, context });
  },

  /** 403 is what Mailgun answers to a domain that may not send. mailgun.js shows `error` as the message and `message` as details. */
  reject(_request, { rule, reason, capture }) {
    const message = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return jsonReply(403, { message, error: message });
  },

  events,
  later: laterEvent,
  sign: signWebhook,
} as const satisfies HttpProvider;
