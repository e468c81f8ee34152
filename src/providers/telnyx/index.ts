import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { accountRoutes } from './account.ts';
import { callRoutes } from './calls.ts';
import { errorReply, notFound } from './error.ts';
import { events, later, sign } from './events.ts';
import { messageRoutes } from './messages.ts';
import { verifyRoutes } from './verify.ts';

const routes = [...messageRoutes, ...callRoutes, ...verifyRoutes, ...accountRoutes];

/** Telnyx, API v2. A key does not say whether it is one for tests. https://developers.telnyx.com/api */
export const telnyx = {
  name: 'telnyx',
  channels: ['sms', 'voice', 'verification'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'messages, calls and verifications are remembered and read back, with signed webhooks; commands on a call are answered and change nothing; RCS, TeXML, faxes, conferences, numbers and profiles are not simulated',
    verified: { sdk: 'telnyx', version: '7.24.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.telnyx.com' }],
  account: ({ headers }) => bearer(headers),

  decode: (request) => decodeCall('Telnyx', routes, request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Telnyx', routes, request);
    return found.kind === 'unreadable' ? { reply: notFound() } : found.route.answer({ ...found.call, context });
  },

  /** 403, which the SDK does not try again as it does 5xx, 408, 409 and 429. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, '10010', 'Authorization failed', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
