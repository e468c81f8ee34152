import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { clientSecret } from './sandbox-credential.ts';
import { accountRoutes } from './accounts.ts';
import { authorizationRoutes, declines } from './authorization.ts';
import { errorReply } from './errors.ts';
import { eventRoutes } from './events.ts';
import { hosted } from './hosted.ts';
import { intentRoutes } from './intent.ts';
import { itemRoutes } from './items.ts';
import { later, laterEvents } from './later.ts';
import { ledgerRoutes } from './ledger.ts';
import { linkRoutes } from './link.ts';
import { paymentRoutes } from './payments.ts';
import { accountOf, environmentOf } from './place.ts';
import { recalled } from './recalled.ts';
import { recurringRoutes } from './recurring.ts';
import { refundRoutes } from './refunds.ts';
import { sandboxRoutes } from './sandbox.ts';
import { seed } from './seed.ts';
import { transferRoutes } from './transfers.ts';
import { sign, webhookRoutes } from './webhook.ts';

const routes = [
  ...linkRoutes, ...itemRoutes, ...accountRoutes, ...authorizationRoutes, ...transferRoutes, ...refundRoutes, ...eventRoutes, ...ledgerRoutes, ...recurringRoutes, ...intentRoutes, ...paymentRoutes, ...webhookRoutes, ...sandboxRoutes,
];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Plaid', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: environmentOf(request) === 'sandbox' ? 'test' : 'live' } : decoded;
}

/** Plaid, version 2020-09-14. The host says which environment it is; everything is a POST. https://plaid.com/docs/api/ */
export const plaid = {
  name: 'plaid',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: "Link tokens, items with two made-up accounts, transfers with authorizations, refunds, events, ledger, sweeps, recurring transfers (their first transfer alone) and intents, European payments, and the sandbox's helpers are simulated with memory; hosted Link is a page of the gateway; webhooks are signed with a key of your own, which /webhook_verification_key/get answers; transactions, income, assets, signal, wallets, consents, test clocks, originators and processors are not simulated",
    verified: { sdk: 'plaid', version: '47.0.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'production.plaid.com' }, { host: 'sandbox.plaid.com' }],
  account: accountOf,

  decode,

  recalled: (_request, decoded, context) => recalled(decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Plaid', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context })
      : { reply: errorReply({ type: 'INVALID_REQUEST', code: 'NOT_FOUND', message: 'the requested endpoint was not found', status: 404, requestId: context.id('', { length: 15 }) }) };
  },

  /** The SDK tries nothing again; error_message stands in the error's response. */
  reject(_request, { rule, reason, capture }) {
    return errorReply({ type: 'INVALID_INPUT', code: 'UNAUTHORIZED_ROUTE_ACCESS', message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, requestId: 'fourthwall' });
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['item'],
  hosted,
  seed,
  ...toSandbox(decode, { keep: ['plaid-version', 'plaid-client-id', 'plaid-secret'], present: clientSecret }),
} as const satisfies HttpProvider;
