import type { CaptureDraft } from '../model/capture.ts';
import type { CannedReply, Decision } from '../model/decision.ts';
import type { HttpResponse, Reply } from '../model/exchange.ts';
import type { Answer } from '../model/gateway.ts';
import type { Simulation } from '../model/provider.ts';
import { ObjectConflict, StoreUnavailable, type Scope } from '../model/store.ts';
import type { Liveness } from '../model/side-effect.ts';
import type { Call, House } from './call.ts';
import { record } from './record.ts';
import { refuse, rejectCall } from './reject.ts';
import { simulationContext } from './simulation-context.ts';

type Capturing = Extract<Decision, { action: 'capture' }>;

/** How often a simulation runs again when another call changed an object it had read. */
const attempts = 5;

/**
 * Simulate, then one transaction { capture, reply, remembered objects, callbacks }, then the reply. Reaches nobody.
 */
export async function captureCall<R extends Reply>(house: House, call: Call<R>, draft: CaptureDraft, decision: Capturing): Promise<Answer<R>> {
  const scope: Scope = { provider: draft.provider, account: draft.account ?? '', run: draft.run ?? '' };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    let simulation: Simulation<R>;
    try {
      simulation = await simulated(house, call, draft, decision, scope);
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
      return { reply, capture: draft.id, action: 'capture' };
    } catch (error) {
      if (!(error instanceof ObjectConflict)) throw error;
    }
  }
  return rejectCall(house, call, draft, refuse('conflict', `the objects of this call were changed by other calls ${attempts} times in a row; try again`, {
    sha256: decision.policy.sha256, trace: decision.trace, reported: decision.reported,
  }));
}

async function simulated<R extends Reply>(house: House, call: Call<R>, draft: CaptureDraft, decision: Capturing, scope: Scope): Promise<Simulation<R>> {
  // a rule's own reply is for what nobody understands: a provider's voice is always the better one
  if (call.voice.simulate !== null) {
    return call.voice.simulate(simulationContext({
      store: house.store, scope, capture: draft.id, now: Date.parse(draft.at), run: draft.run, liveness: livenessOf(draft),
    }));
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
