import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { basicKey } from '../wire/sandbox-credential.ts';
import { accountOf, livenessOf } from './credential.ts';
import { customerRoutes } from './customers.ts';
import { declines } from './declines.ts';
import { errorReply, faultOf } from './errors.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { orderRoutes } from './orders.ts';
import { linkRoutes } from './payment-links.ts';
import { paymentRoutes } from './payments.ts';
import { recalled } from './recalled.ts';
import { refundRoutes } from './refunds.ts';
import { seed } from './seed.ts';
import { sign } from './webhook.ts';

const routes = [...orderRoutes, ...paymentRoutes, ...refundRoutes, ...customerRoutes, ...linkRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Razorpay', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Razorpay, API v1. One host: the key says whether it is for tests. https://razorpay.com/docs/api */
export const razorpay = {
  name: 'razorpay',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'orders, payments, captures, refunds, customers and payment links are simulated with memory and told by signed webhooks; a payment comes about on the page that short_url, next or (for an order) the answer\'s header X-Fourthwall-Page names, by an event made to happen to the order or link, or by create/recurring (which takes any token); the razorpay_signature that the payer brings back is true: it is made from the secret in the call that created the order or link, and kept instead of it (none for OAuth tokens and seeds); a payment is captured at once only where its order says so, whatever the dashboard is set to; refunds are processed at once, fees are only like Razorpay\'s, partial payments are not offered; items, invoices, subscriptions, tokens, Route transfers, QR codes, virtual accounts, settlements, disputes, OTP calls and payouts are not simulated',
    verified: { sdk: 'razorpay', version: '2.9.8', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.razorpay.com' }],
  account: accountOf,

  decode,

  recalled: (request, decoded, context) => recalled(request, decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Razorpay', routes, request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(400, faultOf('The requested URL was not found on the server.')) };
  },

  /** The SDK tries nothing again; it throws { statusCode, error } with the fault as it came. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, faultOf(`${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, { source: 'gateway', reason: 'refused' }));
  },

  events: laterEvents,
  later,
  sign,
  declines,
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['x-razorpay-account'], present: basicKey }),
} as const satisfies HttpProvider;
