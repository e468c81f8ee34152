import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import { claimsOf } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';
import { accountRoutes, insightRoutes } from './account.ts';
import { callRoutes } from './calls.ts';
import { notFound, problem, smsFailure } from './error.ts';
import { hosts, productOf } from './hosts.ts';
import type { Product } from './hosts.ts';
import { events, later } from './later.ts';
import { messageOperations } from './message.ts';
import { messageRoutes } from './messages.ts';
import { sign } from './sign.ts';
import { apiKeyOf, smsRoutes } from './sms.ts';
import { verifyRoutes } from './verify.ts';
import { verify2Routes } from './verify2.ts';

const routes: Readonly<Record<Product, readonly JsonRoute[]>> = {
  rest: [...smsRoutes, ...accountRoutes],
  api: [...messageRoutes, ...callRoutes, ...verifyRoutes, ...verify2Routes, ...insightRoutes],
  sandbox: messageRoutes,
  video: [],
};
const routesOf = ({ authority }: HttpRequest): readonly JsonRoute[] => routes[productOf(authority.host)];

/**
 * Vonage, once Nexmo. Nothing in a credential says that it is one for tests, and the Messages sandbox does deliver, to whoever joined it:
 * liveness is unknown everywhere.
 */
export const vonage = {
  name: 'vonage',
  channels: ['sms', 'email', 'voice', 'verification'],
  about: {
    operations: [...new Set([...routes.rest, ...routes.api].map(({ operation }) => operation).filter((operation) => operation !== 'messages.send')), ...messageOperations],
    fidelity: 'SMS, Messages v1, calls and both versions of Verify with signed webhooks, number insight and account reads; verifications never expire and send no webhooks, XML, Messages v0.1, reports, video and everything that changes the account is not simulated',
    verified: { sdk: '@vonage/server-sdk', version: '3.27.0', date: '2026-11-21' },
  },
  hosts,

  /** An application's token names the application instead of the account's key. */
  account(request) {
    const token = bearer(request.headers);
    return (token === null ? null : asString(field(claimsOf(token), 'application_id'))) ?? apiKeyOf(request);
  },

  decode: (request) => decodeCall('Vonage', routesOf(request), request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Vonage', routesOf(request), request);
    return found.kind === 'unreadable' ? { reply: notFound('The requested resource does not exist', context.uuid()) } : found.route.answer({ ...found.call, context });
  },

  /**
   * The SMS API and Verify v1 refuse with a 200 and a status: 29 is what Vonage says of a number that an account in demo mode may not reach.
   * The SDK throws for a failed SMS and gives the status of a verification back.
   */
  reject(request, { rule, reason, capture }) {
    const why = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    if (request.path === '/sms/json') return smsFailure('29', `Non-Whitelisted Destination: ${why}`, null);
    if (request.path.startsWith('/verify/')) return jsonReply(200, { request_id: '', status: '29', error_text: `Non-Permitted Destination: ${why}` });
    return problem(403, { type: '#forbidden', title: 'Forbidden', detail: why, instance: capture });
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
