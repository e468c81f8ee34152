import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { customerRoutes } from './customers.ts';
import { errorReply } from './errors.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { linkRoutes } from './links.ts';
import { locationRoutes } from './locations.ts';
import { orderRoutes } from './orders.ts';
import { paymentRoutes } from './payments.ts';
import { hosts, livenessOf } from './place.ts';
import { refundRoutes } from './refunds.ts';
import { seed } from './seed.ts';
import { declineCodes } from './sources.ts';
import { sign } from './webhook.ts';

const routes = [...paymentRoutes, ...refundRoutes, ...customerRoutes, ...orderRoutes, ...linkRoutes, ...locationRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Square', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Square's API v2. The host says whether it is the sandbox. https://developer.squareup.com/reference/square */
export const square = {
  name: 'square',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'payments, refunds, customers, orders and payment links (paid on a page of ours) are simulated with memory and told by signed webhooks, with the sandbox\'s failing tokens; every other token pays with one test card, any location and customer id is taken, fees are not told, and no order is made behind a payment that names none; orders with taxes, discounts or catalogue items, updating a payment, refunds to another destination, cards on file, OAuth, changing payment links, invoices, subscriptions, disputes and terminals are not simulated',
    verified: { sdk: 'square', version: '46.0.0', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: (request) => bearer(request.headers),

  decode,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Square', routes, request);
    if (found.kind === 'routed') return found.route.answer({ ...found.call, context });
    return { reply: errorReply(404, { category: 'INVALID_REQUEST_ERROR', code: 'NOT_FOUND', detail: 'Resource not found.' }) };
  },

  /** 403: no SDK tries it again. Its SquareError shows the whole body in its message. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, { category: 'AUTHENTICATION_ERROR', code: 'FORBIDDEN', detail: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})` });
  },

  events: laterEvents,
  later,
  sign,
  declines: declineCodes,
  adopts: ['customer'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['square-version', 'idempotency-key'], present: bearerKey }),
} as const satisfies HttpProvider;
