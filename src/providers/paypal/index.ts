import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { declines, errorReply, oauthError } from './errors.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { notificationRoutes } from './notifications.ts';
import { orderRoutes } from './orders.ts';
import { paymentRoutes } from './payments.ts';
import { payoutRoutes } from './payouts.ts';
import { hosts, livenessOf } from './place.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';
import { tokenKey } from './sandbox-credential.ts';
import { accountOf, tokenRoute } from './token.ts';
import { sign } from './webhook.ts';

const routes = [tokenRoute, ...orderRoutes, ...paymentRoutes, ...payoutRoutes, ...notificationRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('PayPal', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** PayPal's REST API: orders and payments v2, payouts v1. The host says whether it is the sandbox. https://developer.paypal.com/api/rest/ */
export const paypal = {
  name: 'paypal',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'orders, authorizations, captures, refunds and payouts are simulated with memory and told by webhooks; the approve link is a page of ours where PayPal\'s own would be (or CHECKOUT.ORDER.APPROVED made to happen to the capture is the payer\'s yes); PayPal\'s certificate cannot sign here, so deliveries are taken by the simulated verify-webhook-signature and by no offline verifier; fees are only like PayPal\'s; subscriptions, invoices, vault, disputes, reauthorizing, NVP and SOAP are not simulated',
    verified: { sdk: '@paypal/paypal-server-sdk', version: '2.5.0', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: accountOf,

  decode,

  recalled: (_request, decoded, context) => recalled(decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('PayPal', routes, request);
    if (found.kind === 'routed') return found.route.answer({ ...found.call, context });
    return { reply: errorReply(404, { name: 'RESOURCE_NOT_FOUND', message: 'The specified resource does not exist.' }, context.id('', { length: 13, alphabet: 'hex' })) };
  },

  /** 403: no SDK tries it again; on 401 the older ones get a new token and do. The SDK shows `message` and `error_description` only in the body. */
  reject(request, { rule, reason, capture }) {
    const message = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    if (request.path === '/v1/oauth2/token') return oauthError(403, 'access_denied', message);
    return errorReply(403, { name: 'NOT_AUTHORIZED', message, details: [{ issue: 'PERMISSION_DENIED', description: message }] }, capture.slice(-13).toLowerCase());
  },

  events: laterEvents,
  later,
  sign,
  declines,
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['paypal-request-id', 'prefer', 'paypal-partner-attribution-id', 'paypal-client-metadata-id'], present: tokenKey }),
} as const satisfies HttpProvider;
