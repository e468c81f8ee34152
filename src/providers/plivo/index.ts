import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, HttpProvider, LaterEvent, PastCall, Simulation, SimulationContext } from '../../model/provider.ts';
import { basic } from '../wire/credential.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { asArray, asObject, field, parseJson } from '../wire/json.ts';
import { accountRoutes, lookupRoutes } from './account.ts';
import { callCallback, callRoutes, callStatuses } from './calls.ts';
import type { StoredCall } from './calls.ts';
import { plivoError } from './error.ts';
import { digitsOf } from './fields.ts';
import { errorOf, messageCallback, messageStates } from './message.ts';
import type { StoredMessage } from './message.ts';
import { messageRoutes } from './messages.ts';
import { sign } from './sign.ts';
import { verifyRoutes } from './verify.ts';

const routes: Readonly<Record<string, readonly JsonRoute[]>> = {
  'api.plivo.com': [...messageRoutes, ...callRoutes, ...verifyRoutes, ...accountRoutes],
  'lookup.plivo.com': lookupRoutes,
  // Flows and insights: nothing of them is simulated.
  'phlorunner.plivo.com': [],
  'stats.plivo.com': [],
};
const routesOf = ({ authority }: HttpRequest): readonly JsonRoute[] => routes[authority.host] ?? [];

/** Plivo, API v1. https://www.plivo.com/docs. Nothing in a credential says that it is one for tests: liveness is unknown. */
export const plivo = {
  name: 'plivo',
  channels: ['sms', 'voice', 'verification'],
  about: {
    operations: Object.values(routes).flatMap((each) => each.map(({ operation }) => operation)),
    fidelity: 'messages, calls and verify sessions are remembered and read back, messages and calls with signed callbacks; sessions never expire and send no callbacks; answer URLs are never fetched; flows, conferences, transfers, powerpacks, numbers and uploads are not simulated',
    verified: { sdk: 'plivo', version: '4.79.0', date: '2026-11-21' },
  },
  hosts: Object.keys(routes).map((host) => ({ host })),
  account: (request) => /^\/v1\/Account\/([A-Za-z0-9]+)\//.exec(request.path)?.[1] ?? basic(request.headers)?.user ?? null,

  decode: (request) => decodeCall('Plivo', routesOf(request), request),

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Plivo', routesOf(request), request);
    return found.kind === 'unreadable' ? { reply: plivoError(404, 'not found', context.uuid()) } : found.route.answer({ ...found.call, context });
  },

  /** 400 becomes InvalidRequestError with this text for every call; 403 does so only for some. */
  reject(_request, { rule, reason, capture }) {
    return plivoError(400, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`, capture);
  },

  events: [...messageStates, ...callStatuses.filter((status) => !(messageStates as readonly string[]).includes(status))],
  later,
  sign,
} as const satisfies HttpProvider;

/** Each number of a bulk has a message or a call of its own. */
async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const operation = decoded.kind === 'effects' ? decoded.effects[0]?.operation : undefined;
  const kind = operation === 'messages.create' && (messageStates as readonly string[]).includes(name) ? 'message' : operation === 'calls.create' && (callStatuses as readonly string[]).includes(name) ? 'call' : null;
  const json = parseJson(reply.body);
  const made = json.kind === 'json' ? field(asObject(json.value), kind === 'call' ? 'request_uuid' : 'message_uuid') : undefined;
  const found = kind === null ? [] : await Promise.all((asArray(made) ?? [made]).flatMap((id) => (typeof id === 'string' ? [context.recall(kind, id)] : [])));
  const hit = found.flatMap((each) => (each === null || each.value === null || !(recipient === null || digitsOf(recipient) === digitsOf((each.value as { readonly to: string }).to)) ? [] : [each]));
  const told = hit.map(({ id, version, value }) => {
    if (kind === 'call') return { remember: { kind, id, expectVersion: version, value: { ...(value as StoredCall), status: name } satisfies StoredCall }, callbacks: callCallback(value as StoredCall, name, context.now) };
    const error = errorOf(name, detail);
    const stored: StoredMessage = { ...(value as StoredMessage), state: { name, at: context.now }, error };
    return { remember: { kind: 'message', id, expectVersion: version, value: stored }, callbacks: messageCallback(stored, name, context.now, error) };
  });
  return { remember: told.map(({ remember }) => remember), callbacks: told.flatMap(({ callbacks }) => callbacks) };
}
