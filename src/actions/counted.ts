import type { Decision } from '../model/decision.ts';
import type { Origin } from '../model/origin.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded } from '../model/side-effect.ts';
import type { BurstLimit } from '../policy/policy.ts';
import type { Counted } from './breaker.ts';
import type { House } from './call.ts';

/**
 * Decides with the count of the mailshot breaker as a fact. A call that does not leave trips nothing; one that would leave is
 * counted in the store first, and trips the breaker where it is one recipient too many. The trip is committed before the
 * refusal is recorded: a crash in between leaves the service stopped.
 */
export async function counted(house: Pick<House, 'breaker'>, call: {
  readonly id: string; readonly at: number; readonly run: string | null; readonly origin: Origin; readonly decoded: Decoded<Recipient>; readonly limit: BurstLimit | null;
}, decide: (count: Counted) => Decision): Promise<{ readonly decision: Decision; readonly count: Counted }> {
  const { id, at, run, decoded, limit, origin: { space, service } } = call;
  let count = await house.breaker.count({ space, service, decoded, at, limit });
  let decision = decide(count);
  if (decision.action === 'forward') {
    count = await house.breaker.confirm(count);
    if (count.tripped !== null) decision = decide(count);
  }
  if (decision.rule === 'gateway:breaker' && limit !== null) await house.breaker.trip(count, { space, service, capture: id, run, limit });
  return { decision, count };
}
