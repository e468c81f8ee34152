import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { livenessOf } from './credential.ts';
import { customerRoutes } from './customers.ts';
import { errorReply } from './errors.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { recalled } from './recalled.ts';
import { recipientRoutes } from './recipients.ts';
import { refundRoutes } from './refunds.ts';
import { seed } from './seed.ts';
import { declines } from './transaction.ts';
import { transactionRoutes } from './transactions.ts';
import { transferRoutes } from './transfers.ts';
import { sign } from './webhook.ts';

const routes = [...transactionRoutes, ...refundRoutes, ...customerRoutes, ...recipientRoutes, ...transferRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Paystack', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Paystack. One host: the key says whether it is for tests. https://paystack.com/docs/api */
export const paystack = {
  name: 'paystack',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'made from Paystack\'s documentation and its OpenAPI description, tried with no SDK: there is no official one for Node; transactions, charges by authorization or card, refunds, customers, transfers and their recipients are simulated with memory and told by signed webhooks, a transaction is paid on the page that authorization_url names; a charge never asks for PIN or OTP, transfers and refunds are through at once (the call says pending, the webhook follows), fees are only like Paystack\'s and some refusals are in our words; plans, subscriptions, splits, partial debits, bulk charges, payment requests, virtual accounts, disputes and charges by bank, USSD or mobile money are not simulated',
    verified: null,
  },
  hosts: [{ host: 'api.paystack.co' }],
  account: (request) => bearer(request.headers),

  decode,

  recalled: (request, decoded, context) => recalled(request, decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Paystack', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'Endpoint not found', 'route_not_found', 'Ensure that the endpoint you\'re calling exists') };
  },

  reject(_request, { rule, reason, capture }) {
    return errorReply(403, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, 'forbidden', 'Change the policy of the staging gateway, or the call');
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['authorization', 'recipient'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: [], present: bearerKey }),
} as const satisfies HttpProvider;
