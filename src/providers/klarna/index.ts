import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { basicKey } from '../wire/sandbox-credential.ts';
import { checkoutRoutes } from './checkout.ts';
import { errorReply } from './errors.ts';
import { hosted } from './hosted.ts';
import { hostedRoutes } from './hosted-pages.ts';
import { later, laterEvents } from './later.ts';
import { managementRoutes } from './management.ts';
import { paymentRoutes } from './payments.ts';
import { accountOf, hosts, livenessOf } from './place.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';

const routes = [...paymentRoutes, ...hostedRoutes, ...checkoutRoutes, ...managementRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Klarna', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Klarna: payments v1, checkout v3 and order management v1. The playground is another host. https://docs.klarna.com/api/ */
export const klarna = {
  name: 'klarna',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'sessions, hosted payment pages, checkouts, orders, captures and refunds are simulated with memory, by Klarna\'s documentation and not against a library of Klarna\'s, for there is none; hosted payment pages and the snippet of a checkout lead to a page of ours, client tokens show nothing; there, or by `authorization` or `checkout_complete` made to happen to the capture, the customer says yes, told to merchant_urls.push (an authorization to the webhook `klarna`) unsigned, as Klarna does; sending links to a hosted page, customer tokens, customer details, settlements and the newer payment requests are not simulated',
    verified: null,
  },
  hosts: hosts.map((host) => ({ host })),
  account: accountOf,

  decode,

  recalled,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Klarna', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, 'NOT_FOUND', 'Not found', context.uuid()) };
  },

  reject(_request, { rule, reason, capture }) {
    return errorReply(403, 'NOT_ALLOWED', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, capture);
  },

  events: laterEvents,
  later,
  declines: ['REJECTED'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['klarna-idempotency-key'], present: basicKey }),
} as const satisfies HttpProvider;
