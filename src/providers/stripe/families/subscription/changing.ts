import { invalid, noSuch } from '../../errors.ts';
import { mergeMetadata } from '../../params.ts';
import type { Given } from '../../params.ts';
import { nextBoundary } from '../../period.ts';
import type { Answer } from '../../operation.ts';
import { chargeStep } from '../../currency.ts';
import { portionOf } from '../../rounding.ts';
import type { Work } from '../../work.ts';
import { costOf } from '../cost.ts';
import { newItem } from '../invoice/lines.ts';
import type { InvoiceItem } from '../invoice/lines.ts';
import { chargeNow, draftOf, methodOf } from './billing.ts';
import { priceOf, requireAlike, wantedItem } from './items.ts';
import type { updateItemParams } from './items.ts';
import { keepItem, newSubscriptionItem, planOf, update } from './subscription-object.ts';
import type { Subscription, SubscriptionItem } from './subscription-object.ts';

type ItemChange = Partial<Given<typeof updateItemParams>>;

/** The items after the changes that were asked for: named ones changed or taken away, the others added. */
export async function changedItems(work: Work, before: Subscription, changes: readonly ItemChange[], param = 'items'): Promise<readonly SubscriptionItem[]> {
  let items: readonly SubscriptionItem[] = before.items.data;
  const period = { start: before.current_period_start, end: before.current_period_end };
  for (const [index, change] of changes.entries()) {
    const at = `${param}[${index}]`;
    if (typeof change.id !== 'string') {
      items = [...items, newSubscriptionItem(work, before.id, await wantedItem(work, change, at), period)];
      continue;
    }
    const item = items.find(({ id }) => id === change.id);
    if (item === undefined) throw noSuch('subscription_item', change.id, `${at}[id]`);
    if (change.deleted === true) {
      items = items.filter((other) => other !== item);
      continue;
    }
    const price = await priceOf(work, change, at) ?? item.price;
    const after = { ...item, price, plan: planOf(price), quantity: change.quantity ?? item.quantity, metadata: mergeMetadata(item.metadata, change.metadata) };
    items = items.map((other) => (other === item ? after : other));
  }
  if (items.length === 0) throw invalid('A subscription must have at least one active plan.', { param });
  requireAlike(items.map(({ price }) => price), before.currency);
  return items;
}

/**
 * Other items from now on. Where the interval stays, the rest of the period is credited at the old price and charged at the new one, to
 * the second and rounded once each, as items of the next invoice; `always_invoice` bills them at once, `none` not at all. Another
 * interval begins a new period now, and bills it.
 */
export async function withItems(work: Work, before: Subscription, items: readonly SubscriptionItem[], { behavior, at, error }: { readonly behavior: string; readonly at: number; readonly error: boolean }, more: Partial<Subscription> = {}): Promise<Subscription> {
  const was = before.items.data[0]!.price.recurring!;
  const now = items[0]!.price.recurring!;
  const restarts = was['interval'] !== now['interval'] || was['interval_count'] !== now['interval_count'];
  const priced = JSON.stringify(before.items.data.map(({ id, price, quantity }) => [id, price.id, quantity])) !== JSON.stringify(items.map(({ id, price, quantity }) => [id, price.id, quantity]));
  const running = before.status === 'active' || before.status === 'past_due';
  const fresh = behavior === 'none' || !running || !priced ? [] : await prorations(work, before, items, at, restarts);
  const period = restarts && running ? { start: work.now, end: nextBoundary(work.now, { interval: String(now['interval']), count: Number(now['interval_count']) }, work.now) } : { start: before.current_period_start, end: before.current_period_end };
  for (const item of items) if (!before.items.data.some(({ id }) => id === item.id)) keepItem(work, item);
  const data = items.map((item) => ({ ...item, current_period_start: period.start, current_period_end: period.end }));
  const after = update(work, before, {
    ...more, items: { ...before.items, data }, current_period_start: period.start, current_period_end: period.end, ...(restarts && running ? { billing_cycle_anchor: work.now } : {}),
  });
  if (!running || !priced || !restarts && (behavior !== 'always_invoice' || fresh.length === 0)) return after;
  const { subscription, invoice } = await draftOf(work, after, { reason: 'subscription_update', period, free: false, itemsOnly: !restarts }, fresh);
  const answer = await chargeNow(work, invoice, await methodOf(work, subscription));
  if (error) requirePaid(answer);
  return (await work.find<Subscription>('subscription', before.id))!;
}

/** `error_if_incomplete`: a decline, and nothing is changed. */
function requirePaid(answer: Answer | null): void {
  if (answer === null || answer.status === 200) return;
  const { error } = answer.body as unknown as { readonly error: { readonly message: string; readonly code?: string } };
  throw invalid(error.message, error.code === undefined ? {} : { code: error.code });
}

/** Credits for what is no longer used, charges for what is used instead. A new period charges for itself. */
export async function prorations(work: Work, before: Subscription, items: readonly SubscriptionItem[], at: number, restarts: boolean): Promise<readonly InvoiceItem[]> {
  const length = before.current_period_end - before.current_period_start;
  const left = Math.min(Math.max(before.current_period_end - at, 0), length);
  const made: InvoiceItem[] = [];
  const add = async (item: SubscriptionItem, sign: 1 | -1): Promise<void> => {
    const cost = await costOf(work, item.price, item.quantity, before.currency);
    const amount = sign * portionOf(cost, left, length, chargeStep(before.currency));
    const product = String((await work.find('product', item.price.product))?.['name'] ?? item.price.product);
    const line = newItem(work, {
      amount, currency: before.currency, customer: before.customer, description: `${sign < 0 ? 'Unused' : 'Remaining'} time on ${item.quantity === 1 ? '' : `${item.quantity} × `}${product} after ${date(at)}`, discountable: false, metadata: {},
      period: { start: at, end: before.current_period_end }, price: item.price, unit: String(amount), quantity: item.quantity, proration: true, subscription: before.id, subscriptionItem: item.id,
    });
    work.save(line);
    work.event('invoiceitem.created', line);
    made.push(line);
  };
  for (const old of before.items.data) {
    const now = items.find(({ id }) => id === old.id);
    if (!restarts && now !== undefined && now.price.id === old.price.id && now.quantity === old.quantity) continue;
    await add(old, -1);
    if (now !== undefined && !restarts) await add(now, 1);
  }
  for (const item of items) if (!restarts && !before.items.data.some(({ id }) => id === item.id)) await add(item, 1);
  return made;
}

function date(at: number): string {
  return new Date(at * 1000).toLocaleDateString('en-GB', { day: '2-digit', month: 'short', year: 'numeric', timeZone: 'UTC' });
}

/** Credits for the unused rest, when a subscription ends early and its caller wants that. */
export function creditRest(work: Work, subscription: Subscription): Promise<readonly InvoiceItem[]> {
  return prorations(work, subscription, [], work.now, true);
}
