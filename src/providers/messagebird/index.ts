import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { birdError, birdRoutes } from './bird.ts';
import { conversationRoutes } from './conversations.ts';
import { apiError, notFound } from './error.ts';
import { events, later, sign } from './events.ts';
import { accessKey, livenessOf } from './fields.ts';
import { lookupRoutes } from './lookup.ts';
import { messageRoutes } from './messages.ts';
import { verifyRoutes } from './verify.ts';

const bird = 'api.bird.com';
const routes: Readonly<Record<string, readonly JsonRoute[]>> = {
  'rest.messagebird.com': [...messageRoutes, ...verifyRoutes, ...lookupRoutes],
  'conversations.messagebird.com': conversationRoutes,
  'whatsapp-sandbox.conversations.messagebird.com': conversationRoutes,
  [bird]: birdRoutes,
};
/** Of which nothing is simulated. */
const others = ['voice', 'contacts', 'numbers', 'email', 'integrations', 'partner-accounts', 'content', 'messaging', 'nest'].map((name) => `${name}.messagebird.com`);

const vendorOf = ({ authority }: HttpRequest): string => (authority.host === bird ? 'Bird' : 'MessageBird');
const routesOf = ({ authority }: HttpRequest): readonly JsonRoute[] => routes[authority.host] ?? [];

/** MessageBird, and the API of Bird as far as its messages go. */
export const messagebird = {
  name: 'messagebird',
  channels: ['sms', 'voice', 'verification', 'chat'],
  about: {
    operations: Object.values(routes).flatMap((each) => each.map(({ operation }) => operation)).filter((operation, index, all) => all.indexOf(operation) === index),
    fidelity: 'texts, MMS and spoken messages with status reports, verifications that never expire, HLR, lookups, messages of conversations and single messages of Bird are remembered and read back; groups are not resolved; mails, call flows, contacts and webhooks are not simulated',
    verified: { sdk: 'messagebird', version: '4.0.1', date: '2026-11-21' },
  },
  hosts: [...Object.keys(routes), ...others].map((host) => ({ host })),
  account: accessKey,

  decode(request): Decoded {
    const decoded = decodeCall(vendorOf(request), routesOf(request), request);
    return decoded.kind === 'read' ? { ...decoded, liveness: livenessOf(request) } : decoded;
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(vendorOf(request), routesOf(request), request);
    return found.kind === 'unreadable' ? { reply: notFound('resource', request.path) } : found.route.answer({ ...found.call, context });
  },

  /** The SDK goes by `errors` alone, whatever the status; it never tries again. */
  reject(request, { rule, reason, capture }) {
    const why = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return request.authority.host === bird ? birdError(403, 'Forbidden', why) : apiError(403, 2, `Request not allowed: ${why}`);
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;
