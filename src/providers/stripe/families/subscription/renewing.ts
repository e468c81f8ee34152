import { nextBoundary } from '../../period.ts';
import { declineOf } from '../../test-cards.ts';
import type { Work } from '../../work.ts';
import { finalize, paid } from '../invoice/settling.ts';
import type { Invoice } from '../invoice/invoice-object.ts';
import { chargeNow, draftOf, methodOf } from './billing.ts';
import { end, update } from './subscription-object.ts';
import type { Subscription } from './subscription-object.ts';

/** The next period begins: it is billed, and paid or not. False where there is none. `code`: the bank's, when it declines. */
export async function renew(work: Work, id: string, outcome: 'paid' | 'failed', code: string | null): Promise<boolean> {
  const before = await work.find<Subscription>('subscription', id);
  if (before === null || !['active', 'trialing', 'past_due'].includes(before.status)) return false;
  if (before.cancel_at_period_end) {
    end(work, before, {});
    return true;
  }
  const method = await methodOf(work, before);
  if (outcome === 'paid' && method === null && before.collection_method === 'charge_automatically') return false;
  const { interval, interval_count: count } = before.items.data[0]!.price.recurring!;
  const start = before.current_period_end;
  const period = { start, end: nextBoundary(before.billing_cycle_anchor, { interval: String(interval), count: Number(count) }, start) };
  const data = before.items.data.map((item) => ({ ...item, current_period_start: period.start, current_period_end: period.end }));
  const next = update(work, before, { current_period_start: period.start, current_period_end: period.end, items: { ...before.items, data }, ...(before.status === 'trialing' ? { status: 'active' } : {}) });
  const { invoice } = await draftOf(work, next, { reason: 'subscription_cycle', period, free: false });
  if (next.collection_method === 'send_invoice') {
    work.event('invoice.created', invoice);
    const open = await finalize(work, invoice);
    if (outcome === 'paid' && open.status === 'open') await paid(work, open, null);
    return true;
  }
  const bank: Work = outcome === 'failed' ? { ...work, declined: declineOf(code) } : work;
  await chargeNow(bank, invoice, method);
  if (outcome === 'failed' && method === null) {
    const open = (await work.find<Invoice>('invoice', invoice.id))!;
    work.event('invoice.payment_failed', open);
    update(work, (await work.find<Subscription>('subscription', id))!, { status: 'past_due' });
  }
  return true;
}
