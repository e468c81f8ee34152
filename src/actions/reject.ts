import type { CaptureDraft } from '../model/capture.ts';
import type { Reply } from '../model/exchange.ts';
import type { Answer } from '../model/gateway.ts';
import type { Call, House } from './call.ts';
import { record } from './record.ts';
import type { Rejection } from './refusal.ts';

export { refuse } from './refusal.ts';

/** Written down, then refused in the vendor's own words, with rule and reason in them. Reaches nobody. */
export async function rejectCall<R extends Reply>(house: House, call: Call<R>, draft: CaptureDraft, decision: Rejection): Promise<Answer<R>> {
  const reply = call.voice.refuse({ rule: decision.rule, reason: decision.reason, capture: draft.id });
  await record(house, { ...draft, decision, reply, outcome: 'rejected' });
  return { reply, capture: draft.id, action: 'reject' };
}
