import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { bearerKey } from '../wire/sandbox-credential.ts';
import { customerRoutes } from './customers.ts';
import { declines } from './declines.ts';
import { errorReply } from './errors.ts';
import { hosted } from './hosted.ts';
import { instrumentRoutes } from './instruments.ts';
import { later, laterEvents } from './later.ts';
import { accountOf, tokenRoute } from './oauth.ts';
import { pageRoutes } from './pages.ts';
import { paymentRoutes } from './payments.ts';
import { hosts, isAccess, livenessOf } from './place.ts';
import { recalled } from './recalled.ts';
import { seed } from './seed.ts';
import { sign } from './webhook.ts';

const api = [...paymentRoutes, ...pageRoutes, ...customerRoutes, ...instrumentRoutes];

/** Tokens are had at one host, everything else at another. */
const routesOf = ({ authority }: HttpRequest): readonly JsonRoute[] => isAccess(authority.host) ? [tokenRoute] : api;

function decode(request: HttpRequest): Decoded {
  const decoded = decodeCall('Checkout.com', routesOf(request), request);
  return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
}

/** Checkout.com's unified API, both platforms. Host and key say whether it is the sandbox. https://api-reference.checkout.com */
export const checkout = {
  name: 'checkout',
  channels: ['payment'],
  about: {
    operations: [...api, tokenRoute].map(({ operation }) => operation),
    fidelity: 'payments by card, token, kept source and redirect, captures, refunds, voids, actions, hosted pages, payment links, Flow sessions (paid on the page that the header X-Fourthwall-Page of the answer names), customers, card instruments, card tokens and OAuth are simulated with memory and told by signed webhooks, with the test cards that decline, and the amounts on the previous platform\'s sandbox; a token of the real card form tells nothing of its card and pays as 4242; what is captured is told at once, and some error codes are ours; the fields fees, AVS and risk are only like Checkout.com\'s; payouts, increments, reversals, searches, sessions of their own, bank accounts, disputes, workflows, issuing and platforms are not simulated',
    verified: { sdk: 'checkout-sdk-node', version: '5.2.1', date: '2026-11-21' },
  },
  hosts,
  account: accountOf,

  decode,

  recalled: (request, decoded, context) => recalled(request, decoded, context),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Checkout.com', routesOf(request), request);
    return found.kind === 'routed' ? found.route.answer({ ...found.call, context }) : { reply: errorReply(404, context.capture, []) };
  },

  /** 403: ActionNotAllowed, whose body shows the codes; of a token the SDK throws the whole answer. Nothing is tried again. */
  reject(request, { rule, reason, capture }) {
    const message = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return isAccess(request.authority.host) ? jsonReply(403, { error: 'access_denied', error_description: message }) : jsonReply(403, { request_id: capture, error_type: 'request_refused', error_codes: [message] });
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['customer', 'instrument'],
  seed,
  hosted,
  ...toSandbox(decode, { keep: ['cko-idempotency-key', 'cko-version'], present: bearerKey }),
} as const satisfies HttpProvider;
