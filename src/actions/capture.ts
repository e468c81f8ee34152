import { setTimeout as wait } from 'node:timers/promises';
import type { CaptureDraft } from '../model/capture.ts';
import type { CannedReply, Decision } from '../model/decision.ts';
import type { HttpResponse, Reply } from '../model/exchange.ts';
import type { Answer } from '../model/gateway.ts';
import type { Simulation } from '../model/provider.ts';
import { ObjectConflict, StoreUnavailable, type Scope } from '../model/store.ts';
import type { Liveness } from '../model/side-effect.ts';
import type { Call, House } from './call.ts';
import { failedReply, laterEvents } from './failures.ts';
import type { Failures } from './failures.ts';
import { record } from './record.ts';
import { refuse, rejectCall } from './reject.ts';
import { simulationContext } from './simulation-context.ts';

type Capturing = Extract<Decision, { action: 'capture' }>;

/** How often a simulation runs again when another call changed an object it had read. */
const attempts = 5;

/**
 * Simulate, then one transaction { capture, reply, remembered objects, callbacks }, then the reply. Reaches nobody. Failure rules
 * change what is answered and told, never where the call goes.
 */
export async function captureCall<R extends Reply>(house: House, call: Call<R>, captured: CaptureDraft, decision: Capturing): Promise<Answer<R>> {
  const failures = await house.failures({
    stage: 'whole', origin: call.origin, run: captured.run, target: call.target, provider: call.provider, decoded: captured.decoded, findings: [], facts: { tripped: null },
  });
  const draft = { ...captured, decision: { ...decision, trace: [...decision.trace, ...failures.told] } };
  if (failures.instead !== null) return failCall(house, call, draft, failures, failures.instead);
  const scope: Scope = { provider: draft.provider, account: draft.account ?? '', run: draft.run ?? '' };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    let simulation: Simulation<R>;
    try {
      simulation = await simulated(house, call, draft, decision, { scope, failures });
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      house.logger.error({ err: error, provider: draft.provider, capture: draft.id }, 'a simulation failed');
      return rejectCall(house, call, draft, refuse('simulation', `the simulation of ${draft.provider} failed; this is a fault of the gateway, nothing was sent`, {
        sha256: decision.policy.sha256, trace: decision.trace, reported: decision.reported, fault: String(error),
      }));
    }
    const { reply, remember = [], callbacks = [] } = simulation;
    try {
      await record(house, { ...draft, reply, outcome: 'captured' }, { scope, remember, callbacks });
      if (failures.delayMs > 0) await wait(failures.delayMs);
      return { reply, capture: draft.id, action: 'capture' };
    } catch (error) {
      if (!(error instanceof ObjectConflict)) throw error;
    }
  }
  return rejectCall(house, call, draft, refuse('conflict', `the objects of this call were changed by other calls ${attempts} times in a row; try again`, {
    sha256: decision.policy.sha256, trace: decision.trace, reported: decision.reported,
  }));
}

/** The vendor fails, as a rule of gateway.yaml says: it keeps and tells nothing. */
async function failCall<R extends Reply>(house: House, call: Call<R>, draft: CaptureDraft, { delayMs }: Failures, { id, failing }: NonNullable<Failures['instead']>): Promise<Answer<R>> {
  const reply = failedReply(call.voice.refuse({ rule: `failure:${id}`, reason: 'a failure rule of gateway.yaml makes this call fail', capture: draft.id }), failing);
  const dropped = failing.kind === 'drop';
  await record(house, { ...draft, reply: dropped ? null : reply, outcome: 'captured' });
  if (delayMs > 0) await wait(delayMs);
  return { reply, capture: draft.id, action: 'capture', ...(dropped ? { dropped } : {}) };
}

async function simulated<R extends Reply>(
  house: House, call: Call<R>, draft: CaptureDraft, decision: Capturing, { scope, failures }: { readonly scope: Scope; readonly failures: Failures },
): Promise<Simulation<R>> {
  // a rule's own reply is for what nobody understands: a provider's voice is always the better one
  if (call.voice.simulate !== null) {
    const facts = { store: house.store, scope, capture: draft.id, now: Date.parse(draft.at), run: draft.run, liveness: livenessOf(draft), declined: failures.declined, unknownIds: house.unknownIds(scope.provider), page: house.pages(scope, draft.id) };
    const simulation = await call.voice.simulate(simulationContext(facts));
    const { voice } = call;
    if (voice.later === undefined || failures.events.length === 0) return simulation;
    const told = await laterEvents(failures.events, (event, context) => voice.later!(event, simulation.reply, context), {
      context: (afterMs, seed) => simulationContext({ ...facts, now: facts.now + afterMs, seed: `${draft.id} ${seed}` }), remembered: simulation.remember ?? [],
    });
    return { ...simulation, remember: [...simulation.remember ?? [], ...told.remember], callbacks: [...simulation.callbacks ?? [], ...told.callbacks] };
  }
  if (decision.reply !== null && call.protocol === 'http') return { reply: canned(decision.reply) as R };
  return { reply: call.voice.unsimulated({ rule: decision.rule, reason: unsimulatedReason(draft), capture: draft.id }) };
}

function unsimulatedReason({ decoded, provider }: CaptureDraft): string {
  const why = decoded.kind === 'unrecognized' ? decoded.why : `${provider} has no answer to it`;
  return `captured and not sent, but there is no answer to give: ${why}. A rule can give one: then: { capture: { reply: { status, headers, body } } }`;
}

function canned({ status, headers, body }: CannedReply): HttpResponse {
  return { kind: 'http', status, headers, trailers: [], body: Buffer.from(body) };
}

function livenessOf({ decoded }: CaptureDraft): Liveness {
  switch (decoded.kind) {
    case 'read': return decoded.liveness;
    case 'unrecognized': return 'unknown';
    case 'effects':
      if (decoded.effects.some(({ liveness }) => liveness === 'live')) return 'live';
      return decoded.effects.every(({ liveness }) => liveness === 'test') ? 'test' : 'unknown';
  }
}
