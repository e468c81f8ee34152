import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { notFound } from './errors.ts';
import { events, later, sign } from './events.ts';
import { messageRoutes } from './messages.ts';
import { storedRoutes } from './stored.ts';

const routes = [...messageRoutes, ...storedRoutes];

/** MailerSend, API v1. https://developers.mailersend.com. A token does not say whether it is one for tests, so liveness is unknown. */
export const mailersend = {
  name: 'mailersend',
  channels: ['email'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'single and bulk mail, schedules and version 1 of the webhooks; templates and variables are not rendered, nobody is ever suppressed; SMS, WhatsApp, domains, users and everything else that changes the account is not simulated',
    verified: { sdk: 'mailersend', version: '3.4.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.mailersend.com' }],
  account: ({ headers }) => bearer(headers),

  decode: (request) => decodeCall('MailerSend', routes, request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('MailerSend', routes, request);
    return found.kind === 'unreadable' ? { reply: notFound() } : found.route.answer({ ...found.call, context });
  },

  /** The SDK throws `{ statusCode, body }` for it, which is no Error, and never tries again. */
  reject(_request, { rule, reason, capture }) {
    return jsonReply(403, { message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})` });
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
