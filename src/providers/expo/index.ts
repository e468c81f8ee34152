import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { withoutKnownQuery } from '../wire/known-query.ts';
import { jsonReply } from '../wire/reply.ts';
import { readMessages, tokensIn } from './messages.ts';
import { later, mostIds, readIds, receiptEvents } from './receipts.ts';
import type { Kept } from './receipts.ts';

const mostMessages = 100;

/** Behind /--/api/v2 on exp.host, /v2 on api.expo.dev. */
const routes: readonly JsonRoute[] = [
  {
    method: 'POST', path: /^\/(?:--\/api\/)?v2\/push\/send$/, operation: 'push.send',
    effects: (call) => {
      const read = readMessages(call);
      return read.kind === 'unreadable' ? read : read.pushes;
    },
    answer: async (call): Promise<Simulation<HttpResponse>> => {
      const read = readMessages(call);
      if (read.kind === 'unreadable') return { reply: failure(400, 'VALIDATION_ERROR', read.why) };
      const tokens = tokensIn(read.pushes);
      if (tokens.length > mostMessages) return { reply: failure(400, 'PUSH_TOO_MANY_NOTIFICATIONS', `You are trying to send more than ${mostMessages} push notifications in one request`) };
      const tickets = tokens.map(() => ({ status: 'ok', id: call.context.uuid() }));
      const [first] = tickets;
      return {
        reply: jsonReply(200, { data: read.single ? first : tickets }),
        remember: tickets.map(({ id }, index) => ({ kind: 'receipt', id, expectVersion: 0, value: { device: tokens[index]!, receipt: { status: 'ok' } } satisfies Kept })),
      };
    },
  },
  {
    method: 'POST', path: /^\/(?:--\/api\/)?v2\/push\/getReceipts$/, operation: 'push.getReceipts',
    answer: async (call) => {
      const ids = readIds(call);
      if ('kind' in ids) return { reply: failure(400, 'VALIDATION_ERROR', ids.why) };
      if (ids.length > mostIds) return { reply: failure(400, 'PUSH_TOO_MANY_RECEIPTS', `You are trying to get more than ${mostIds} push receipts in one request`) };
      const found = await Promise.all([...new Set(ids)].map(async (id) => [id, (await call.context.recall('receipt', id))?.value as Kept | undefined] as const));
      return { reply: jsonReply(200, { data: Object.fromEntries(found.flatMap(([id, kept]) => kept === undefined ? [] : [[id, kept.receipt]])) }) };
    },
  },
];

/** Expo's push service. https://docs.expo.dev/push-notifications/sending-notifications/. There is no sandbox and no token for tests, so liveness is unknown. */
export const expo = {
  name: 'expo',
  channels: ['push'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'messages, tickets and receipts, which are there at once and not after minutes; an event turns a receipt into an error, for the application to find when it asks; no tokens are checked, so that none is lost; Expo calls nobody back',
    verified: { sdk: 'expo-server-sdk', version: '6.1.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'exp.host' }, { host: 'api.expo.dev' }],
  account: ({ headers }) => bearer(headers),

  decode(request): Decoded {
    const found = understood(request);
    if (found.kind === 'routed' && found.route.effects === undefined) {
      const ids = readIds(found.call);
      if ('kind' in ids) return { kind: 'unrecognized', why: `Expo ${found.route.operation}: ${ids.why}` };
    }
    return decodeCall('Expo', routesOf(request), plain(request));
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = understood(request);
    return found.kind === 'unreadable' ? { reply: failure(404, 'NOT_FOUND', found.why) } : found.route.answer({ ...found.call, context });
  },

  /** An error of the whole request: a ticket with an error may have the application delete its token. */
  reject(_request, { rule, reason, capture }) {
    return failure(403, 'UNAUTHORIZED', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: receiptEvents,
  later,
} as const satisfies HttpProvider;

function understood(request: HttpRequest): ReturnType<typeof routed> {
  return routed('Expo', routesOf(request), plain(request));
}

function routesOf({ path, authority }: HttpRequest): readonly JsonRoute[] {
  return path.startsWith('/--/') === (authority.host === 'exp.host') ? routes : [];
}

/** Which of Google's APIs Expo is to use is no question any more. */
function plain(request: HttpRequest): HttpRequest {
  return request.method === 'POST' ? withoutKnownQuery(request, { useFcmV1: /^(?:true|false)$/ }) : request;
}

function failure(status: number, code: string, message: string): HttpResponse {
  return jsonReply(status, { errors: [{ code, message, isTransient: false }] });
}
