import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basicAuthorization } from '../wire/basic-authorization.ts';
import { basic, bearer } from '../wire/credential.ts';
import { events, laterEvent } from './event.ts';
import { mailjetReply, restError } from './reply.ts';
import { restRoutes } from './rest.ts';
import { routed } from './route.ts';
import { sendRoutes } from './send.ts';
import { smsRoutes } from './sms.ts';

const routes = [...sendRoutes, ...smsRoutes, ...restRoutes];

/** Mailjet: Send API v3.1 and v3, SMS, and what is asked beside. https://dev.mailjet.com/email/reference/ */
export const mailjet = {
  name: 'mailjet',
  channels: ['email', 'sms'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'sends are remembered and read back, with plain variables filled in; campaigns and list members are answered but not remembered; templates, senders and webhooks cannot be changed',
    verified: { sdk: 'node-mailjet', version: '6.0.11', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.mailjet.com' }, { host: 'api.us.mailjet.com' }],

  account: (request) => basic(request.headers)?.user ?? bearer(request.headers),

  decode(request): Decoded {
    const found = routed(routes, request);
    if (found.kind === 'unreadable') return { kind: 'unrecognized', why: found.why };
    const { route, parameters } = found;
    if (route.effects === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
    const effects = route.effects(parameters);
    return 'kind' in effects ? { kind: 'unrecognized', why: `Mailjet ${route.operation}: ${effects.why}` } : { kind: 'effects', effects };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(routes, request);
    return found.kind === 'unreadable' ? { reply: restError(404, 'Object not found') } : found.route.answer({ ...found.parameters, query: found.query, context });
  },

  /** The one shape that every version of the Node library turns into its error's message; 403 is never retried. */
  reject(request, { rule, reason, capture }) {
    const message = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return /^\/v(?:3\.1|4)\//.test(request.path) ? mailjetReply(403, { ErrorIdentifier: capture, ErrorCode: 'send-0008', StatusCode: 403, ErrorMessage: message, ErrorRelatedTo: ['From'] }) : restError(403, message);
  },

  events,
  later: laterEvent,
  sign: basicAuthorization('Mailjet'),
} as const satisfies HttpProvider;
