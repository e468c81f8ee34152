import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { headerKey } from '../wire/sandbox-credential.ts';
import { checkoutRoutes } from './checkout.ts';
import { errorReply } from './errors.ts';
import { hosted } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { linkRoutes } from './links.ts';
import { modificationRoutes } from './modifications.ts';
import { declines } from './payment.ts';
import { accountOf, hosts, livenessOf, sandboxPath } from './place.ts';
import { seed } from './seed.ts';
import { sign } from './webhook.ts';

const routes = [...checkoutRoutes, ...linkRoutes, ...modificationRoutes];

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Adyen', routes, request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Adyen's Checkout API. The host says whether it is the test platform. https://docs.adyen.com/api-explorer/Checkout/latest/overview */
export const adyen = {
  name: 'adyen',
  channels: ['payment'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'sessions, payment links, payments, captures, refunds, cancels and reversals are simulated with memory and told by signed webhooks, refusals by the test platform\'s holder names and response codes; a card pays without 3-D Secure unless the call asks for it; hosted sessions, payment links and redirects lead to pages of ours, an embedded session is paid by AUTHORISATION made to happen to its capture; changing payment links, orders, amount updates, donations, stored methods, payouts, the classic pal API and everything around it are not simulated',
    verified: { sdk: '@adyen/api-library', version: '32.1.0', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: accountOf,

  decode,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Adyen', routes, request);
    if (found.kind === 'routed') return found.route.answer({ ...found.call, context });
    return { reply: errorReply(404, { errorCode: '000', message: 'HTTP Status Response - Not Found', errorType: 'internal' }) };
  },

  /** 403 and errorCode 010, as for a key without permission: the SDK makes an HttpClientException of it, with the message. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, { errorCode: '010', message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, errorType: 'security' });
  },

  events: laterEvents,
  later,
  sign,
  declines,
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['idempotency-key', 'x-api-key', 'adyen-library-name', 'adyen-library-version'], present: headerKey('X-API-Key'), path: sandboxPath }),
} as const satisfies HttpProvider;
