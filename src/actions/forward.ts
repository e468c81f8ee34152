import type { CaptureDraft } from '../model/capture.ts';
import type { Decision, ForwardPlan } from '../model/decision.ts';
import type { HttpRequest, HttpResponse, Reply } from '../model/exchange.ts';
import type { Answer } from '../model/gateway.ts';
import { isConnectionField, isOwnField, withHeader } from '../model/headers.ts';
import type { Call, House } from './call.ts';
import { failureOf } from './forward-failure.ts';
import { prepared } from './prepare.ts';
import { record, recordOutcome } from './record.ts';
import { refuse, rejectCall } from './reject.ts';
import { problem } from './refusal.ts';
import { relayMail } from './relay-mail.ts';

type Forwarding = Extract<Decision, { action: 'forward' }>;

/**
 * What leaves is prepared and judged again; then the intent is committed, one attempt is made, and its outcome is written. A
 * crash in between leaves the intent, which the next start marks 'unknown'.
 */
export async function forwardCall<R extends Reply>(house: House, call: Call<R>, draft: CaptureDraft, decision: Forwarding): Promise<Answer<R>> {
  const out = prepared(house, call, draft, decision);
  if (out.kind === 'refused') {
    return rejectCall(house, call, draft, refuse(out.check, `rule ${decision.rule} would forward this, but ${out.why}`, {
      sha256: decision.policy.sha256, trace: decision.trace, reported: decision.reported,
    }));
  }
  await record(house, { ...draft, decision: { ...decision, plan: { ...decision.plan, sent: out.sent } }, outcome: 'pending' });
  const { outcome, reply } = out.kind === 'mail' ? await relayMail(house, out.relay, out.request, draft.id) : await sent(house, out.request, draft, decision.plan);
  await recordOutcome(house, draft, outcome, reply);
  return { reply: reply as R, capture: draft.id, action: 'forward' };
}

async function sent(house: House, request: HttpRequest, draft: CaptureDraft, plan: ForwardPlan): Promise<{ outcome: 'forwarded' | 'failed' | 'unknown'; reply: HttpResponse }> {
  try {
    const response = await house.network.send({
      ...request,
      headers: withHeader(request.headers.filter(([name]) => !isConnectionField(name) && !isOwnField(name)), ['X-Fourthwall-Capture', draft.id]),
    }, plan);
    return { outcome: 'forwarded', reply: { ...response, headers: response.headers.filter(([name]) => !isConnectionField(name) && !isOwnField(name)) } };
  } catch (error) {
    house.logger.warn({ err: error, capture: draft.id, host: request.authority.host }, 'a forward failed');
    const { reason, reached, timeout } = failureOf(request.authority, error);
    // a call that may have been read may have been acted on
    return { outcome: reached ? 'unknown' : 'failed', reply: problem(timeout ? 504 : 502, 'Forward failed', { rule: draft.decision.rule, capture: draft.id, reason }) };
  }
}
