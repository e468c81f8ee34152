import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { basicKey } from '../wire/sandbox-credential.ts';
import { clientTokenRoutes } from './client-token.ts';
import { customerRoutes } from './customers.ts';
import { disputeRoutes } from './disputes.ts';
import { errorReply, graphQlErrors } from './errors.ts';
import { graphQlOperations, graphQlRoutesFor } from './graphql/routes.ts';
import { later, laterEvents } from './later.ts';
import { paymentMethodRoutes } from './payment-methods.ts';
import { accountOf, hosts, isGraphQlHost, livenessOf } from './place.ts';
import { recalled } from './recalled.ts';
import { declines } from './responses.ts';
import { searchRoutes } from './search.ts';
import { seed } from './seed.ts';
import { testingRoutes } from './testing.ts';
import { transactionRoutes } from './transactions.ts';
import { sign } from './webhook.ts';

const restRoutes = [...transactionRoutes, ...testingRoutes, ...searchRoutes, ...customerRoutes, ...paymentMethodRoutes, ...clientTokenRoutes, ...disputeRoutes];

/** REST and GraphQL live at hosts of their own: neither knows the other's paths. */
function routesFor(request: HttpRequest): readonly JsonRoute[] {
  return isGraphQlHost(request) ? graphQlRoutesFor(request) : restRoutes;
}

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Braintree', routesFor(request), request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Braintree, REST version 6 and the payment mutations of GraphQL. Live and sandbox are other hosts. https://developer.paypal.com/braintree/docs */
export const braintree = {
  name: 'braintree',
  channels: ['payment'],
  about: {
    operations: [...restRoutes.map(({ operation }) => operation), ...graphQlOperations],
    fidelity: 'transactions, partial settlement, refunds, disputes, customers, payment methods, nonces, searches and client tokens are simulated with memory, JSON and XML alike, and of GraphQL ping, client tokens and the mutations that charge, authorize, capture, refund and reverse; what was submitted is settled a day later or when it is made to happen; an amount is in dollars unless a seed describes its merchant account; a nonce as Braintree\'s scripts make it in a browser counts as a Visa that pays, and the client token opens nothing; subscriptions, plans, addresses, merchant accounts, OAuth, verifications on their own, reports and every other GraphQL call are not simulated',
    verified: { sdk: 'braintree', version: '3.40.0', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: accountOf,

  decode,

  recalled,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Braintree', routesFor(request), request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'Not Found') };
  },

  /** A 422 is a result without success and shows its message; for a read, which knows no such result, the SDK has a fixed text for 403. No status is tried again. */
  reject(request, { rule, reason, capture }) {
    const message = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    if (isGraphQlHost(request)) return jsonReply(200, { data: null, errors: graphQlErrors([{ message, errorClass: 'GATEWAY' }]), extensions: { requestId: capture } });
    return errorReply(['POST', 'PUT'].includes(request.method) ? 422 : 403, message);
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['customer', 'payment_method', 'payment_method_nonce'],
  seed,
  ...toSandbox(decode, { keep: ['x-apiversion', 'braintree-version'], present: basicKey }),
} as const satisfies HttpProvider;
