import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { accountRoutes } from './accounts.ts';
import { balanceRoutes } from './balances.ts';
import { batchRoutes } from './batches.ts';
import { errorReply } from './errors.ts';
import { declines, fundingRoutes } from './funding.ts';
import { later, laterEvents } from './later.ts';
import { loginRoutes } from './login.ts';
import { accountOf, livenessOf, liveHosts, sandboxHosts } from './place.ts';
import { profileRoutes } from './profiles.ts';
import { quoteRoutes } from './quotes.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';
import { simulationRoutes } from './simulation.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { transferRoutes } from './transfers.ts';
import { sign } from './webhook.ts';

const routes = [...loginRoutes, ...profileRoutes, ...quoteRoutes, ...accountRoutes, ...transferRoutes, ...fundingRoutes, ...balanceRoutes, ...batchRoutes, ...subscriptionRoutes, ...simulationRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Wise', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Wise Platform. The host says whether it is the sandbox. https://docs.wise.com/api-reference */
export const wise = {
  name: 'wise',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: "quotes, recipients, transfers, funding, balances and their movements, batch groups, webhook subscriptions and the sandbox's simulation are simulated with memory; there is no official library to try it with, so it was written from Wise's documentation; rates and fees are made up, every profile begins with balances in EUR, GBP and USD, and strong customer authentication is never asked for; webhooks are signed with a key of your own, since Wise's is Wise's alone; statements, cards, users, bank details and third-party transfers are not simulated",
    verified: null,
  },
  hosts: [...liveHosts, ...sandboxHosts].map((host) => ({ host })),
  account: accountOf,

  decode,

  recalled: (_request, decoded, context) => recalled(decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Wise', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'NOT_FOUND', 'No such resource') };
  },

  reject(request, { rule, reason, capture }) {
    const message = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return request.path === '/oauth/token' ? jsonReply(403, { error: 'access_denied', error_description: message }) : errorReply(403, 'FORBIDDEN', message);
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['account'],
  seed,
  ...toSandbox(decode, { keep: ['x-idempotence-uuid'], present: bearerKey }),
} as const satisfies HttpProvider;
