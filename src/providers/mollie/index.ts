import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { withoutKnownQuery } from '../wire/known-query.ts';
import { accountOf, livenessOf } from './credential.ts';
import { customerRoutes } from './customers.ts';
import { errorReply } from './errors.ts';
import { declines } from './payment.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { mandateRoutes } from './mandates.ts';
import { paymentRoutes } from './payments.ts';
import { recalled } from './recalled.ts';
import { refundRoutes } from './refunds.ts';
import { seed } from './seed.ts';

const routes = [...paymentRoutes, ...refundRoutes, ...customerRoutes, ...mandateRoutes];

/** What a call that changes something may ask in its query: what more is to be shown. */
const shownToo = { include: /^[A-Za-z.,]{0,100}$/, embed: /^[A-Za-z.,]{0,100}$/ };

function asked(request: HttpRequest): HttpRequest {
  return request.method === 'GET' ? request : withoutKnownQuery(request, shownToo);
}

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Mollie', routes, asked(request));
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Mollie, API v2. One host: the key says whether it is for tests. https://docs.mollie.com/reference/ */
export const mollie = {
  name: 'mollie',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'payments, refunds, customers and mandates are simulated with memory; the checkout link is a page of ours where Mollie\'s own would be; what the customer did there (or payment.paid, failed, canceled, expired ... made to happen to the capture) is told to the webhookUrl with the id alone and unsigned, as Mollie does; include and embed show nothing more; captures, orders, subscriptions, payment links, methods and settlements are not simulated',
    verified: { sdk: '@mollie/api-client', version: '4.6.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.mollie.com' }],
  account: accountOf,

  decode,

  recalled: (_request, decoded, context) => recalled(decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Mollie', routes, asked(request));
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'No such resource.') };
  },

  /** The SDK tries 5xx again, and nothing else; `detail` is its error's message. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: laterEvents,
  later,
  declines,
  adopts: ['customer'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['idempotency-key'], present: bearerKey }),
} as const satisfies HttpProvider;
