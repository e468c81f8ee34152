/**
 * The life of a call, on one page:
 *
 *   arrives -> understand -> decide -> act ( record ) -> reply          ... and enrich, after the acknowledgement
 *
 * Every doubt falls to the closed side: what cannot be decoded is 'unrecognized', what cannot be decided is rejected,
 * what cannot be recorded is answered 503 / 451 and goes nowhere.
 */
import { captureCall } from './actions/capture.ts';
import { forwardCall } from './actions/forward.ts';
import { mayPass } from './actions/may-pass.ts';
import { passCall } from './actions/pass.ts';
import { tellable } from './actions/refusal.ts';
import { refuse, rejectCall } from './actions/reject.ts';
import type { Counted } from './actions/breaker.ts';
import type { Call, House } from './actions/call.ts';
import { counted } from './actions/counted.ts';
import { recalled } from './actions/recalled.ts';
import { stamped } from './actions/stamp.ts';
import { connectCall, httpCall, mailCall, unreadableCall } from './actions/understand.ts';
import { draftOf } from './actions/draft.ts';
import { burst } from './findings/burst.ts';
import { findingsOfCall } from './findings/from-call.ts';
import type { Finding } from './model/capture.ts';
import type { Decision } from './model/decision.ts';
import type { Reply } from './model/exchange.ts';
import type { Answer, Gateway, PassingRequest } from './model/gateway.ts';
import type { Origin } from './model/origin.ts';
import { newCaptureId } from './model/capture-id.ts';
import { decide } from './policy/decide.ts';
import type { DecisionInput } from './policy/input.ts';
import type { Policy } from './policy/policy.ts';
import { judgeDecoded } from './policy/judge-decoded.ts';

export function createGateway(house: House): Gateway {
  async function live<R extends Reply>(call: Call<R>): Promise<Answer<R>> {
    const at = house.now();
    try {
      // one policy for the whole of a call, whatever is loaded meanwhile
      const policy = house.policy();
      const said = judgeDecoded(policy.safe, call.decoded);
      const run = await house.runs.attribute({ origin: call.origin, decoded: said });
      const decoded = judgeDecoded(policy.safe, await recalled(house, call, run));
      const odd = [
        ...findingsOfCall(decoded, call.request), ...house.sameMessage({ service: call.origin.service, decoded, at }),
        ...policy.usesFindings && call.fault === null ? await house.readContent({ request: call.request, decoded }) : [],
      ];
      const id = newCaptureId(at);
      const limit = policy.limits.burst;
      const findings = (count: Counted): readonly Finding[] => [...odd, ...burst(count, limit)];
      const { decision, count } = await counted(house, { id, at, run, decoded, origin: call.origin, limit }, (so) => {
        const input = {
          stage: 'whole', origin: call.origin, run, target: call.target, provider: call.provider, decoded,
          findings: findings(so).map((finding) => finding.id), facts: { tripped: so.tripped },
        } as const;
        const first = decided(policy, input, call.fault);
        // what is remembered is known here alone: whatever would leave is judged by what it says itself
        return first.action === 'forward' ? decided(policy, { ...input, decoded: said }, call.fault) : first;
      });
      const draft = draftOf({ id, at, house, call, decoded, run, decision, findings: findings(count), tally: count.tally });
      switch (decision.action) {
        case 'capture': return await captureCall(house, call, draft, decision);
        case 'forward': return await forwardCall(house, call, draft, decision);
        case 'reject': return await rejectCall(house, call, draft, decision);
      }
    } catch (error) {
      house.lost();
      house.logger.error({ err: error, target: call.target }, 'not recorded, so refused');
      return { reply: call.voice.unavailable(tellable(error)), capture: null, action: 'reject' };
    }
  }

  /** A built-in fault comes before any rule, and a decision that cannot be made is a refusal. */
  function decided(policy: Policy, input: DecisionInput, fault: Call<Reply>['fault']): Decision {
    if (fault !== null) return refuse(fault.check, fault.reason, policy);
    try {
      const decision = decide(policy, input);
      if ('action' in decision) return decision;
      return refuse('undecided', 'the policy came to no decision about this call', policy);
    } catch (error) {
      house.logger.error({ err: error }, 'the decision failed');
      return refuse('decision', 'the decision could not be made because of a fault in the gateway', { ...policy, fault: String(error) });
    }
  }

  /** A call may pass unread only when nothing in its body could change the decision; in every other case it is read first. */
  async function passOrNull(incoming: PassingRequest, origin: Origin): ReturnType<Gateway['pass']> {
    const at = house.now();
    let pass: () => ReturnType<typeof passCall>;
    try {
      const { host, port } = incoming.head.authority;
      if (house.claims.claim(host, port) !== null) return null;
      const call = httpCall(house, incoming.head, origin);
      const policy = house.policy();
      const decoded = judgeDecoded(policy.safe, call.decoded);
      const run = await house.runs.attribute({ origin, decoded });
      const decision = decide(policy, {
        stage: 'head', origin, run, target: call.target, provider: call.provider, decoded: null, findings: [], facts: { tripped: null },
      });
      if (!('action' in decision) || decision.action !== 'forward' || !mayPass(house, call, decision.plan)) return null;
      const { tripped } = await house.breaker.confirm(await house.breaker.count({ ...origin, decoded, at, limit: policy.limits.burst }));
      if (tripped !== null) return null;
      const draft = draftOf({ id: newCaptureId(at), at, house, call, decoded, run, decision, findings: findingsOfCall(decoded, call.request), tally: null });
      pass = () => passCall(house, call, draft, incoming);
    } catch (error) {
      house.logger.error({ err: error }, 'a call could not be judged by its head');
      return null;
    }
    // outside the catch: what may have left is never handed to the held way, which would send it again
    return pass();
  }

  return {
    http: async (request, origin) => stamped(await live(httpCall(house, request, origin))),
    mail: (transaction, origin) => live(mailCall(house, transaction, origin)),
    pass: (incoming, origin) => passOrNull(incoming, origin),
    unreadable: async (what, fault, origin) => stamped(await live(unreadableCall(what, fault, origin))),

    async connect(attempt, origin) {
      const call = connectCall(house, attempt, origin);
      if (call.provider !== null) return { kind: 'intercept' };
      if (call.target === null) return { kind: 'refuse', answer: stamped(await live(call)) };
      try {
        const decision = decide(house.policy(), {
          stage: 'connect', origin, run: origin.run, target: call.target, provider: null, decoded: null,
          findings: [], facts: { tripped: null },
        });
        // 'undecided', capture and forward all need the request itself: look inside, decide again there
        if (!('action' in decision) || decision.action !== 'reject') return { kind: 'intercept' };
      } catch (error) {
        house.logger.error({ err: error }, 'the decision about a tunnel failed');
      }
      return { kind: 'refuse', answer: stamped(await live(call)) };
    },

    async tlsRejected(host, why, origin) {
      try {
        await house.store.append({ kind: 'tls-rejected', capture: null, run: origin.run, data: { host, why, service: origin.service, space: origin.space } });
      } catch (error) {
        house.lost();
        house.logger.error({ err: error, host }, 'a broken TLS handshake could not be recorded');
      }
    },
  };
}
