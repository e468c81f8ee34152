import type { HttpResponse } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { accountRoutes } from './account.ts';
import { campaignRoutes } from './campaigns.ts';
import { contactRoutes } from './contacts.ts';
import { errorReply, notFound } from './errors.ts';
import { events, later, sign } from './events.ts';
import { messageRoutes } from './messages.ts';

const routes = [...messageRoutes, ...contactRoutes, ...campaignRoutes, ...accountRoutes];

/** Brevo, formerly Sendinblue, API v3. https://developers.brevo.com/reference */
export const brevo = {
  name: 'brevo',
  channels: ['email'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'transactional mail in full but for its idempotency key; contacts, campaigns and templates are remembered, none is rendered; SMS, WhatsApp and everything else is not simulated',
    verified: { sdk: '@getbrevo/brevo', version: '6.0.3', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.brevo.com' }, { host: 'api.sendinblue.com' }],

  account({ headers }) {
    const keys = headerAll(headers, 'api-key');
    return keys.length === 1 ? keys[0]! : bearer(headers);
  },

  decode: (request) => decodeCall('Brevo', routes, request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Brevo', routes, request);
    return found.kind === 'unreadable' ? { reply: notFound('The requested resource') } : found.route.answer({ ...found.call, context });
  },

  /** 403 permission_denied: no SDK of Brevo retries that. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, 'permission_denied', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
