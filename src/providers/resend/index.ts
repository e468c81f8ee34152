import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { audienceRoutes } from './audiences.ts';
import { emailRoutes } from './emails.ts';
import { errorReply, notFound } from './errors.ts';
import { events, later, sign } from './events.ts';
import { storedRoutes } from './stored.ts';

const routes = [...emailRoutes, ...audienceRoutes, ...storedRoutes];

/** Resend. https://resend.com/docs/api-reference. A key does not say whether it is one for tests, so liveness is unknown. */
export const resend = {
  name: 'resend',
  channels: ['email'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'mails, batches, scheduling, idempotency keys and webhooks in full; contacts, segments, broadcasts and templates are remembered, but no broadcast and no template is rendered; domains, keys and inboxes cannot be changed',
    verified: { sdk: 'resend', version: '6.38.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.resend.com' }],
  account: ({ headers }) => bearer(headers),

  decode: (request) => decodeCall('Resend', routes, request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Resend', routes, request);
    return found.kind === 'unreadable' ? { reply: notFound('The requested endpoint') } : found.route.answer({ ...found.call, context });
  },

  /** 403 validation_error is what Resend says of an address that this account may not write to. */
  reject(_request, { rule, reason, capture }) {
    return errorReply({ statusCode: 403, name: 'validation_error', message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})` });
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
