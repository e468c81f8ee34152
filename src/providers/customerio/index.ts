import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { readTrigger, triggerOperations } from './audiences.ts';
import { matchRead, missing, readOperations } from './reads.ts';
import { messageKinds, readMessage } from './send.ts';
import { failure, simulateMessage, simulateTrigger } from './simulate.ts';
import { customerioEvents, reportsOf, signReport } from './webhook.ts';

/** Customer.io: App API (/v1), Track API (/api/v1, /api/v2). https://docs.customer.io/integrations/api/ */
export const customerio = {
  name: 'customerio',
  channels: ['email', 'push', 'sms'],
  about: {
    operations: [...messageKinds.map((kind) => `send.${kind}`), ...triggerOperations, ...readOperations],
    fidelity: 'transactional messages in full, but stored ones are not rendered; broadcasts and the Track API are answered, no campaign runs and people are not remembered; the Pipelines API is not simulated',
    verified: { sdk: 'customerio-node', version: '4.4.0', date: '2026-11-21' },
  },
  hosts: [
    { host: 'api.customer.io' }, { host: 'api-eu.customer.io' }, { host: 'track.customer.io' }, { host: 'track-eu.customer.io' },
    // claimed to be refused by name
    { host: 'cdp.customer.io' }, { host: 'cdp-eu.customer.io' },
  ],
  account: ({ headers }) => {
    const pair = basic(headers);
    return bearer(headers) ?? (pair === null ? null : `${pair.user} ${pair.password}`);
  },

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    if (request.authority.host.startsWith('cdp')) return unrecognized('the Pipelines API is not simulated');
    const call = readMessage(request) ?? readTrigger(request);
    if (call?.kind === 'unreadable') return unrecognized(call.why);
    if (call !== null) return { kind: 'effects', effects: [call.effect] };
    const read = matchRead(request);
    return read === null ? unrecognized(`${request.method} ${request.path.slice(0, 120)} is not simulated`) : { kind: 'read', operation: read.operation, liveness: 'unknown' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const call = readMessage(request) ?? readTrigger(request);
    if (call?.kind === 'message') return simulateMessage(call, context);
    if (call?.kind === 'trigger') return simulateTrigger(call, context);
    return { reply: await matchRead(request)?.answer(context) ?? missing() };
  },

  /** 403, as in a workspace that is set not to send; clients retry none but 429 and 5xx. */
  reject(_request, { rule, reason, capture }) {
    return failure(403, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: customerioEvents,

  async later(event, { request, reply }, context) {
    const call = readMessage(request);
    const json = parseJson(reply.body);
    const delivery = json.kind === 'json' ? asString(field(asObject(json.value), 'delivery_id')) : null;
    return call?.kind === 'message' && delivery !== null ? { callbacks: reportsOf(event, call, delivery, context, context.now) } : {};
  },

  sign: signReport,
} as const satisfies HttpProvider;

const unrecognized = (why: string): Decoded => ({ kind: 'unrecognized', why: `Customer.io: ${why}` });
