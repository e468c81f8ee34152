import { nextBoundary } from '../../period.ts';
import type { Work } from '../../work.ts';
import { chargeNow, draftOf, methodOf } from './billing.ts';
import { trialEndOf } from './subscription-params.ts';
import { update } from './subscription-object.ts';
import type { Subscription } from './subscription-object.ts';

/** A trial that is ended now is billed now; one that ends at another time moves the first period's end. */
export async function trialChanged(work: Work, before: Subscription, given: string): Promise<((change: Partial<Subscription>) => Promise<Subscription>) | null> {
  const at = trialEndOf(work, given, undefined);
  if (at !== null) {
    return async (change) => update(work, before, { ...change, status: 'trialing', trial_end: at, trial_start: before['trial_start'] ?? work.now, billing_cycle_anchor: at, ...periodOf(before, before.current_period_start, at) } as Partial<Subscription>);
  }
  if (before.status !== 'trialing') return null;
  return async (change) => {
    const recurring = before.items.data[0]!.price.recurring!;
    const until = nextBoundary(work.now, { interval: String(recurring['interval']), count: Number(recurring['interval_count']) }, work.now);
    const running = update(work, before, { ...change, status: 'active', trial_end: work.now, billing_cycle_anchor: work.now, ...periodOf(before, work.now, until) } as Partial<Subscription>);
    const { subscription, invoice } = await draftOf(work, running, { reason: 'subscription_update', period: { start: work.now, end: until }, free: false });
    await chargeNow(work, invoice, await methodOf(work, subscription));
    return (await work.find<Subscription>('subscription', before.id))!;
  };
}

function periodOf(before: Subscription, from: number, until: number): Partial<Subscription> {
  const data = before.items.data.map((item) => ({ ...item, current_period_start: from, current_period_end: until }));
  return { current_period_start: from, current_period_end: until, items: { ...before.items, data } } as Partial<Subscription>;
}
