import type { CaptureDraft } from '../model/capture.ts';
import type { Decision } from '../model/decision.ts';
import type { HttpRequest, HttpResponse, Reply } from '../model/exchange.ts';
import { header } from '../model/exchange.ts';
import type { Answer } from '../model/gateway.ts';
import { isConnectionField, isOwnField, withHeader } from '../model/headers.ts';
import type { Call, House } from './call.ts';
import { unforwardable } from './forwardable.ts';
import { record } from './record.ts';
import { refuse, rejectCall } from './reject.ts';
import { problem } from './refusal.ts';

type Forwarding = Extract<Decision, { action: 'forward' }>;

/**
 * The intent is committed first, then one attempt is made, then its outcome is written. A crash in between leaves the
 * intent, which the next start marks 'unknown'.
 */
export async function forwardCall<R extends Reply>(house: House, call: Call<R>, draft: CaptureDraft, decision: Forwarding): Promise<Answer<R>> {
  const why = unforwardable(call.request, decision.plan) ?? onAnotherPort(house, call);
  if (why !== null || call.request.kind !== 'http') {
    return rejectCall(house, call, draft, refuse('forward', why ?? 'only HTTP calls can be forwarded here', {
      sha256: decision.policy.sha256, trace: decision.trace, reported: decision.reported,
    }));
  }
  await record(house, { ...draft, outcome: 'pending' });
  const reply = await sent(house, call.request, draft);
  await house.store.outcome(draft.id, reply.kind === 'sent' ? 'forwarded' : 'failed', reply.response);
  return { reply: reply.response as R, capture: draft.id, action: 'forward' };
}

/** A vendor's host on a port of no known service: nobody can read what goes there, so no rule can let it out. */
function onAnotherPort(house: House, call: Call<Reply>): string | null {
  if (call.provider !== null || call.target === null) return null;
  const { host, port } = call.target;
  const owner = house.claims.owner(host);
  return owner === null ? null : `${host} belongs to ${owner.name}, which is not known on port ${port}; nothing is forwarded to a provider unread`;
}

async function sent(house: House, request: HttpRequest, draft: CaptureDraft): Promise<{ kind: 'sent' | 'failed'; response: HttpResponse }> {
  try {
    const response = await house.network.send({
      ...request,
      headers: withHeader(request.headers.filter(([name]) => !isConnectionField(name) && !isOwnField(name)), ['X-Fourthwall-Capture', draft.id]),
    });
    return { kind: 'sent', response: { ...response, headers: response.headers.filter(([name]) => !isConnectionField(name) && !isOwnField(name)) } };
  } catch (error) {
    house.logger.warn({ err: error, capture: draft.id, host: header(request.headers, 'host') }, 'a forward failed');
    return {
      kind: 'failed',
      response: problem(502, 'Forward failed', {
        rule: draft.decision.rule, capture: draft.id,
        reason: error instanceof Error ? error.message : 'the forward failed',
      }),
    };
  }
}
