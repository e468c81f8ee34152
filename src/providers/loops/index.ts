import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { callOperations, readCall } from './calls.ts';
import { matchRead, readOperations } from './reads.ts';
import { failure } from './reply.ts';
import { simulateCall } from './simulate.ts';
import { loopsEvents, signWebhook, webhooksOf } from './webhook.ts';

/** Loops, API v1. https://loops.so/docs/api-reference */
export const loops = {
  name: 'loops',
  channels: ['email'],
  about: {
    operations: [...callOperations, ...readOperations],
    fidelity: 'transactional mails, events and contacts in full, but stored mails are not rendered and no workflow runs; campaigns, templates and suppressions cannot be changed',
    verified: { sdk: 'loops', version: '7.3.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'app.loops.so' }],
  account: (request) => bearer(request.headers),

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    const call = readCall(request);
    if (call?.kind === 'unreadable') return unrecognized(call.why);
    if (call !== null) return { kind: 'effects', effects: [call.effect] };
    const read = matchRead(request);
    return read === null ? unrecognized(`${request.method} ${request.path.slice(0, 120)} is not simulated`) : { kind: 'read', operation: read.operation, liveness: 'unknown' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const call = readCall(request);
    if (call?.kind === 'call') return simulateCall(request, call, context);
    return { reply: await matchRead(request)?.answer(context) ?? failure(404, 'Not found') };
  },

  /** 403 rather than the 409 and 429 that callers may try again. */
  reject(_request, { rule, reason, capture }) {
    return failure(403, `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: loopsEvents,

  async later(event, { request }, context) {
    const call = readCall(request);
    return call?.kind === 'call' ? { callbacks: webhooksOf(event, call, context, context.capture, context.now) } : {};
  },

  sign: signWebhook,
} as const satisfies HttpProvider;

const unrecognized = (why: string): Decoded => ({ kind: 'unrecognized', why: `Loops: ${why}` });
