import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { billingRequestRoutes } from './billing-requests.ts';
import { sign } from './books.ts';
import { bankAccountRoutes, customerRoutes } from './customers.ts';
import { errorReply, misuse } from './errors.ts';
import { flowRoutes } from './flows.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { mandateRoutes } from './mandates.ts';
import { causes } from './payment.ts';
import { paymentRoutes } from './payments.ts';
import { payoutRoutes } from './payouts.ts';
import { hosts, livenessOf } from './place.ts';
import { recalled } from './recalled.ts';
import { refundRoutes } from './refunds.ts';
import { seed } from './seed.ts';
import { simulatorRoutes } from './simulators.ts';

const routes = [...customerRoutes, ...bankAccountRoutes, ...mandateRoutes, ...paymentRoutes, ...refundRoutes, ...payoutRoutes, ...billingRequestRoutes, ...flowRoutes, ...simulatorRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('GoCardless', routes, request);
  // a collection's name is no address, and its underscores are no reason to hide it
  const collection = /^\/([a-z_]{1,40})(?:\/|$)/.exec(request.path)?.[1];
  if (decoded.kind === 'unrecognized' && collection !== undefined) return { ...decoded, why: decoded.why.replace(' /* ', ` /${collection} `).replace(' /*/', ` /${collection}/`) };
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** GoCardless's API of 2015-07-06. The host says whether it is the sandbox. https://developer.gocardless.com/api-reference/ */
export const gocardless = {
  name: 'gocardless',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'customers, bank accounts, mandates, payments, refunds, payouts, billing requests, redirect flows and events are simulated with memory and told by signed webhooks; the payer authorises at a page of ours; what banks take days for (submitted, confirmed, paid out, failed, charged back) is made to happen to the capture or by the sandbox\'s scenario simulators, bank details are checked for their form alone, each payment is paid out by itself, and working days know no holidays; subscriptions, instalment schedules, outbound payments, mandate imports, blocks, institutions, removal of customers and PDFs are not simulated',
    verified: { sdk: 'gocardless-nodejs', version: '10.1.2', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: (request) => bearer(request.headers),

  decode,

  recalled,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('GoCardless', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(misuse(404, 'path_not_found', 'Path not found'), context.uuid()) };
  },

  /** The SDK tries neither a POST nor a 403 again; `message` is its error's. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(misuse(403, 'forbidden', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`), capture);
  },

  events: laterEvents,
  later,
  sign,
  declines: Object.keys(causes),
  adopts: ['customer', 'mandate'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['gocardless-version', 'idempotency-key', 'gocardless-client-version', 'gocardless-client-library'], present: bearerKey }),
} as const satisfies HttpProvider;
