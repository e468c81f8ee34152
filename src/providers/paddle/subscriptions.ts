import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { sumOf } from '../wire/decimal-money.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { requireAddress, requireCustomer } from './customers.ts';
import { invalid, notFound, refused } from './errors.ts';
import { among, listed } from './list.ts';
import { iso, itemsOf, minorOf, partOf, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { bill, complete, itemsIn, keepSubscription, renew, showSubscription, subscriptionItems } from './subscription.ts';
import type { Subscription } from './subscription.ts';
import { failAttempt, isRecurring, itemsAsked, priced, tellTransaction } from './transaction.ts';
import type { Item } from './transaction.ts';

async function subscriptionOf({ ledger }: Pick<Work, 'ledger'>, id: string): Promise<Subscription> {
  const subscription = await ledger.find<Subscription>('subscription', id);
  if (subscription === null) throw notFound(id);
  return subscription;
}

const shown = (subscription: Subscription): Answer => ({ data: showSubscription(subscription) });

/** The subscription of the call, where it is not over. */
async function alive(work: Work): Promise<Subscription> {
  const subscription = await subscriptionOf(work, work.call.ids[0]!);
  if (subscription['status'] === 'canceled') throw refused('subscription_is_canceled_action_invalid', 'The action cannot be performed on a canceled subscription');
  return subscription;
}

function whenOf(body: JsonObject): 'immediately' | 'next_billing_period' {
  const when = textOf(body, 'effective_from') ?? 'next_billing_period';
  if (when !== 'immediately' && when !== 'next_billing_period') throw invalid('effective_from', 'must be immediately or next_billing_period: a date is not simulated');
  return when;
}

async function cancel(work: Work): Promise<Answer> {
  const subscription = await alive(work);
  // nothing is left to wait for where it is paused
  if (whenOf(work.body) === 'immediately' || subscription['status'] === 'paused') return shown(canceled(work, subscription));
  return shown(keepSubscription(work, subscription, { scheduled_change: { action: 'cancel', effective_at: subscription['next_billed_at'] ?? null, resume_at: null } }));
}

export function canceled(work: Parameters<typeof keepSubscription>[0], subscription: Subscription): Subscription {
  return keepSubscription(work, subscription, { status: 'canceled', canceled_at: iso(work.now), next_billed_at: null, current_billing_period: null, scheduled_change: null, items: itemsOf(subscription).map((item) => ({ ...item, status: 'inactive', next_billed_at: null })) }, 'canceled');
}

export function paused(work: Parameters<typeof keepSubscription>[0], subscription: Subscription): Subscription {
  return keepSubscription(work, subscription, { status: 'paused', paused_at: iso(work.now), next_billed_at: null, current_billing_period: null, scheduled_change: null, items: itemsOf(subscription).map((item) => ({ ...item, status: 'inactive', next_billed_at: null })) }, 'paused');
}

async function pause(work: Work): Promise<Answer> {
  const subscription = await alive(work);
  if (subscription['status'] === 'paused') throw refused('subscription_cannot_be_paused', 'The subscription is paused already');
  if (whenOf(work.body) === 'immediately') return shown(paused(work, subscription));
  return shown(keepSubscription(work, subscription, { scheduled_change: { action: 'pause', effective_at: subscription['next_billed_at'] ?? null, resume_at: textOf(work.body, 'resume_at') } }));
}

/** Taken from the card on file at once, or refused as the payer's bank would have it. */
function notDeclined({ context }: Work): void {
  if (context.declined !== null) throw refused('subscription_payment_declined', 'Payment was declined for subscription');
}

async function resume(work: Work): Promise<Answer> {
  const subscription = await alive(work);
  if (subscription['status'] !== 'paused') throw refused('subscription_must_be_paused', 'The action can only be performed when the subscription is paused');
  if (whenOf(work.body) !== 'immediately') throw invalid('effective_from', 'must be immediately: a date is not simulated');
  notDeclined(work);
  const after = await renew(work, subscription, 'subscription_recurring', iso(work.now));
  return shown(keepSubscription(work, after, {}, 'resumed'));
}

async function activate(work: Work): Promise<Answer> {
  const subscription = await alive(work);
  if (subscription['status'] !== 'trialing') throw refused('subscription_cannot_activate', 'Only a trialing subscription can be activated');
  notDeclined(work);
  const after = await renew(work, subscription, 'subscription_recurring', iso(work.now));
  return shown(keepSubscription(work, after, {}, 'activated'));
}

async function charge(work: Work): Promise<Answer> {
  const subscription = await alive(work);
  if (subscription['status'] === 'paused') throw refused('subscription_is_inactive_action_invalid', 'The action cannot be performed on an inactive subscription');
  const items = await itemsAsked(work, work.body);
  if (whenOf(work.body) === 'next_billing_period') return shown(keepSubscription(work, subscription, { pending: [...itemsOf(subscription, 'pending'), ...items.map(({ price, quantity }) => ({ price, quantity }))] }));
  await taken(work, subscription, items, 'subscription_charge');
  return shown(keepSubscription(work, subscription, {}));
}

/** `prevent_change` (as Paddle has it by itself): a decline refuses the whole call; `apply_change`: it stays owed. */
async function taken(work: Work, subscription: Subscription, items: readonly Item[], origin: string): Promise<void> {
  if (textOf(work.body, 'on_payment_failure') !== 'apply_change') notDeclined(work);
  const transaction = await bill(work, subscription, items, origin);
  if (work.context.declined === null) await complete(work, transaction);
  else tellTransaction(work, 'past_due', failAttempt(work, transaction, work.context.declined.code ?? 'declined', { status: 'past_due' }));
}

const immediately: Readonly<Record<string, 'prorated' | 'full' | null>> = { prorated_immediately: 'prorated', full_immediately: 'full', prorated_next_billing_period: null, full_next_billing_period: null, do_not_bill: null };

async function update(work: Work): Promise<Answer> {
  const { body } = work;
  const before = await subscriptionOf(work, work.call.ids[0]!);
  if (before['status'] === 'canceled') throw refused('subscription_update_when_canceled', 'Subscription cannot be updated when canceled');
  const [customer, address] = [textOf(body, 'customer_id') ?? textOf(before, 'customer_id') ?? '', textOf(body, 'address_id')];
  if (textOf(body, 'customer_id') !== null) await requireCustomer(work, customer);
  if (address !== null) await requireAddress(work, customer, address);
  if ((field(body, 'scheduled_change') ?? null) !== null) throw invalid('scheduled_change', 'can only be set to null');
  const changes = some(body, ['customer_id', 'address_id', 'custom_data', 'collection_mode', 'billing_details', 'next_billed_at', 'scheduled_change']);
  return shown(keepSubscription(work, before, { ...changes, ...(field(body, 'items') === undefined ? {} : await withItems(work, before)) }));
}

async function withItems(work: Work, before: Subscription): Promise<JsonObject> {
  const { body } = work;
  if (partOf(before, 'scheduled_change') !== null && body['scheduled_change'] !== null) throw refused('subscription_locked_pending_changes', 'Subscription is locked for editing while there are pending changes');
  const how = textOf(body, 'proration_billing_mode');
  if (how === null) throw refused('subscription_items_update_missing_proration_billing_mode', 'Subscription items update without proration billing mode');
  if (!Object.hasOwn(immediately, how)) throw invalid('proration_billing_mode', `must be one of ${Object.keys(immediately).join(', ')}`);
  const known = itemsIn(before);
  const given = itemsOf(body).map((item) => field(item, 'quantity') !== undefined ? item : { ...item, quantity: known.find(({ price }) => price.id === textOf(item, 'price_id'))?.quantity ?? null });
  const items = await itemsAsked(work, { items: given });
  if (!items.some(isRecurring)) throw refused('subscription_no_recurring_items_remain', 'No recurring items on subscription');
  if (new Set(items.map(({ price }) => price.id)).size !== items.length) throw refused('subscription_duplicate_price_ids', 'Duplicate price_id fields sent in the items list');
  const charged = immediately[how] ?? null;
  if (charged !== null && before['status'] === 'active') await difference(work, before, items, charged === 'prorated');
  return { items: await subscriptionItems(work, items.filter(isRecurring), textOf(before, 'status') === 'trialing' ? 'trialing' : 'active', textOf(before, 'next_billed_at'), null) };
}

/** What the new items cost more for the time that is left, or for all of it. Less is not given back: Paddle would keep it as a credit. */
async function difference(work: Work, before: Subscription, items: readonly Item[], prorated: boolean): Promise<void> {
  const period = partOf(before, 'current_billing_period');
  const [from, to] = [Date.parse(textOf(period, 'starts_at') ?? ''), Date.parse(textOf(period, 'ends_at') ?? '')];
  const more = total(items) - total(itemsIn(before));
  const owed = prorated && to > from ? more * BigInt(Math.max(0, to - work.now)) / BigInt(to - from) : more;
  if (owed <= 0n) return;
  const first = items[0]!.price;
  const line: View = { ...first, billing_cycle: null, trial_period: null, unit_price: { ...partOf(first, 'unit_price'), amount: String(owed) } };
  await taken(work, before, [{ price: line, quantity: 1 }], 'subscription_update');
}

function total(items: readonly Item[]): bigint {
  return items.reduce((sum, { price, quantity }) => sum + (minorOf(field(partOf(price, 'unit_price'), 'amount')) ?? 0n) * BigInt(quantity), 0n);
}

const act = (name: string): RegExp => one('subscriptions', 'sub', `/${name}`);

export const subscriptionRoutes: readonly JsonRoute[] = [
  operation({
    method: 'GET', path: /^\/subscriptions$/, operation: 'subscriptions.list',
    run: (work) => listed(work, {
      kind: 'subscription', path: '/subscriptions', show: showSubscription,
      filters: { ...Object.fromEntries(['status', 'customer_id', 'address_id', 'collection_mode'].map((name) => [name, among(name)])), price_id: (view, wanted) => itemsOf(view).some((item) => wanted.split(',').includes(textOf(partOf(item, 'price'), 'id') ?? '')) },
    }),
  }),
  operation({ method: 'GET', path: one('subscriptions', 'sub'), operation: 'subscriptions.get', run: async (work) => shown(await subscriptionOf(work, work.call.ids[0]!)) }),
  operation({
    method: 'PATCH', path: one('subscriptions', 'sub'), operation: 'subscriptions.update', run: update,
    effect: (body) => (field(body, 'discount') ?? null) !== null ? unreadable('discounts are not simulated') : { movesMoney: (textOf(body, 'proration_billing_mode') ?? '').endsWith('_immediately'), customer: textOf(body, 'customer_id') },
  }),
  operation({ method: 'POST', path: act('cancel'), operation: 'subscriptions.cancel', effect: () => ({}), run: cancel }),
  operation({ method: 'POST', path: act('pause'), operation: 'subscriptions.pause', effect: () => ({}), run: pause }),
  operation({ method: 'POST', path: act('resume'), operation: 'subscriptions.resume', effect: () => ({ movesMoney: true }), run: resume }),
  operation({ method: 'POST', path: act('activate'), operation: 'subscriptions.activate', effect: () => ({ movesMoney: true }), run: activate }),
  operation({ method: 'POST', path: act('charge'), operation: 'subscriptions.charge', effect: (body) => ({ movesMoney: true, amount: itemsOf(body).length === 0 ? null : sumOf(itemsOf(body).map((item) => priced(item, null))) }), run: charge }),
];

