import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { adjustmentRoutes } from './adjustments.ts';
import { sign } from './books.ts';
import { catalogRoutes } from './catalog.ts';
import { customerRoutes } from './customers.ts';
import { errorReply, PaddleFailure } from './errors.ts';
import { declines, hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { hosts, isClassic, livenessOf } from './place.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { transactionRoutes } from './transactions.ts';

const routes = [...customerRoutes, ...catalogRoutes, ...transactionRoutes, ...subscriptionRoutes, ...adjustmentRoutes];

function decode(request: HttpRequest): Decoded {
  if (isClassic(request)) return { kind: 'unrecognized', why: `Paddle Classic (${request.authority.host}) is not simulated: Paddle Billing is, at api.paddle.com` };
  const decoded = decodeCall('Paddle', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Paddle Billing, API version 1. The host says whether it is the sandbox. https://developer.paddle.com/api-reference/overview */
export const paddle = {
  name: 'paddle',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'customers, addresses, products, prices, transactions, subscriptions and adjustments are simulated with memory and told by signed webhooks; the payer pays at a page of ours in place of the seller\'s own page with Paddle\'s checkout, and stays there; no tax is added, currencies are not converted, unit_price_overrides are not used, a cheaper plan gives no credit, refunds wait until adjustment.updated is made to happen, and bills come due with subscription.updated; discounts, businesses, previews, invoices as PDF, credit notes, portal sessions, payment methods, notifications, reports, simulations and Paddle Classic are not simulated',
    verified: { sdk: '@paddle/paddle-node-sdk', version: '3.10.0', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: (request) => bearer(request.headers),

  decode,

  recalled,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Paddle', routes, request);
    return found.kind === 'routed' && !isClassic(request) ? found.route.answer({ ...found.call, context }) : { reply: errorReply(new PaddleFailure(404, 'invalid_url', 'The URL you have called is invalid'), context.uuid()) };
  },

  /** The SDK tries nothing again; `detail` is its error's message. Classic answered in another form. */
  reject(request, { rule, reason, capture }) {
    const says = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return isClassic(request) ? jsonReply(403, { success: false, error: { code: 102, message: says } }) : errorReply(new PaddleFailure(403, 'forbidden', says), capture);
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['customer', 'address', 'product', 'price'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['paddle-version', 'x-transaction-id'], present: bearerKey }),
} as const satisfies HttpProvider;
