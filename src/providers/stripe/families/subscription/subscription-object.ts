import type { JsonObject } from '../../../wire/json.ts';
import { everyOne } from '../../list.ts';
import { previousOf } from '../../object.ts';
import type { StripeObject } from '../../object.ts';
import type { Work } from '../../work.ts';
import type { Price } from '../price-making.ts';

export interface SubscriptionItem extends StripeObject {
  readonly current_period_end: number;
  readonly current_period_start: number;
  readonly metadata: JsonObject;
  readonly price: Price;
  readonly quantity: number;
  readonly subscription: string;
}

export type SubscriptionStatus = 'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'canceled' | 'unpaid' | 'paused';

/** As it is stored: with the period that versions before basil show at the top. */
export interface Subscription extends StripeObject {
  readonly billing_cycle_anchor: number;
  readonly cancel_at: number | null;
  readonly cancel_at_period_end: boolean;
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly currency: string;
  readonly current_period_end: number;
  readonly current_period_start: number;
  readonly customer: string;
  readonly days_until_due: number | null;
  readonly default_payment_method: string | null;
  readonly discounts: readonly string[];
  readonly items: { readonly object: 'list'; readonly data: readonly SubscriptionItem[]; readonly has_more: boolean; readonly url: string };
  readonly latest_invoice: string | null;
  readonly metadata: JsonObject;
  readonly status: SubscriptionStatus;
  readonly trial_end: number | null;
}

export interface Wanted { readonly price: Price; readonly quantity: number; readonly metadata: JsonObject }

/** https://docs.stripe.com/api/subscription_items/object */
export function newSubscriptionItem(work: Pick<Work, 'id' | 'now'>, subscription: string, { price, quantity, metadata }: Wanted, period: { readonly start: number; readonly end: number }): SubscriptionItem {
  return {
    id: work.id('si_', 14), object: 'subscription_item', billing_thresholds: null, created: work.now, current_period_end: period.end, current_period_start: period.start, current_trial: null, discounts: [],
    metadata, plan: planOf(price), price, quantity, subscription, tax_rates: [],
  };
}

/** The form of a price before there were prices. */
export function planOf(price: Price): JsonObject {
  const { interval, interval_count: count, meter, trial_period_days: trial, usage_type: usage } = price.recurring!;
  return {
    id: price.id, object: 'plan', active: price['active']!, amount: price['unit_amount'] ?? null, amount_decimal: price['unit_amount_decimal'] ?? null, billing_scheme: price['billing_scheme']!, created: price['created']!,
    currency: price['currency']!, interval: interval!, interval_count: count!, livemode: price['livemode']!, metadata: price.metadata, meter: meter ?? null, nickname: price['nickname'] ?? null, product: price.product,
    tiers_mode: price['tiers_mode'] ?? null, transform_usage: price['transform_quantity'] ?? null, trial_period_days: trial ?? null, usage_type: usage!,
  };
}

export interface SubscriptionFacts {
  readonly id: string;
  readonly customer: string;
  readonly currency: string;
  readonly items: readonly SubscriptionItem[];
  readonly period: { readonly start: number; readonly end: number };
  readonly anchor: number;
  readonly status: SubscriptionStatus;
  readonly more: JsonObject;
}

/** https://docs.stripe.com/api/subscriptions/object */
export function newSubscription(work: Pick<Work, 'now' | 'livemode' | 'version'>, { id, customer, currency, items, period, anchor, status, more }: SubscriptionFacts): Subscription {
  return {
    id, object: 'subscription', application: null, application_fee_percent: null, automatic_tax: { disabled_reason: null, enabled: false, liability: null }, billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null, billing_mode: work.version >= '2025-09-30' ? { flexible: { proration_discounts: 'included' }, type: 'flexible' } : { flexible: null, type: 'classic' }, billing_schedules: [],
    billing_thresholds: null, cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically', created: work.now, currency, customer, customer_account: null, days_until_due: null, default_payment_method: null, default_source: null, default_tax_rates: [],
    description: null, discounts: [], ended_at: null, invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } },
    items: { object: 'list', data: items, has_more: false, url: `/v1/subscription_items?subscription=${id}` }, latest_invoice: null, livemode: work.livemode, managed_payments: null,
    metadata: {}, next_pending_invoice_item_invoice: null, on_behalf_of: null, pause_collection: null, payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    pending_invoice_item_interval: null, pending_setup_intent: null, pending_update: null, schedule: null, start_date: period.start, status, test_clock: null, transfer_data: null, trial_end: null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } }, trial_start: null, current_period_end: period.end, current_period_start: period.start, ...more,
  };
}

/** Items carry the period since basil (2025-03-31); before that the subscription does. */
export function subscriptionInVersion(object: StripeObject, version: string): StripeObject {
  const { current_period_end: until, current_period_start: from, ...rest } = object as Subscription;
  if (version >= '2025-03-31') return rest as StripeObject;
  const data = rest.items.data.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'current_period_end' && name !== 'current_period_start')));
  const [first] = rest.items.data;
  return { ...rest, items: { ...rest.items, data }, current_period_end: until, current_period_start: from, discount: null, plan: rest.items.data.length === 1 ? first!['plan']! : null, quantity: rest.items.data.length === 1 ? first!.quantity : null } as StripeObject;
}

/** An item stands in its subscription; under its own id is kept only whose it is. */
export function keepItem(work: Work, item: SubscriptionItem): void {
  work.save({ id: item.id, object: 'subscription_item', subscription: item.subscription });
}

/** Changed, kept, and told as an update when anything is different. */
export function update(work: Work, before: Subscription, change: Partial<Subscription>): Subscription {
  const after = { ...before, ...change } as Subscription;
  work.save(after);
  const previous = previousOf(before, after);
  if (Object.keys(previous).length > 0) work.event('customer.subscription.updated', after, previous);
  return after;
}

/** What became of an invoice's payment, to the subscription it bills. */
export async function invoicePaid(work: Work, id: string, method: string | null): Promise<void> {
  const subscription = await work.find<Subscription>('subscription', id);
  if (subscription === null) return;
  const saves = method !== null && (subscription['payment_settings'] as JsonObject)['save_default_payment_method'] === 'on_subscription';
  update(work, subscription, {
    ...(['incomplete', 'past_due', 'unpaid'].includes(subscription.status) ? { status: 'active' } : {}), ...(saves ? { default_payment_method: method } : {}),
  });
}

export async function invoiceFailed(work: Work, id: string): Promise<void> {
  const subscription = await work.find<Subscription>('subscription', id);
  if (subscription?.status === 'active') update(work, subscription, { status: 'past_due' });
}

/** Over for good. */
export function end(work: Work, before: Subscription, details: JsonObject): Subscription {
  const after: Subscription = {
    ...before, canceled_at: before['canceled_at'] ?? work.now, ended_at: work.now, status: 'canceled', pause_collection: null,
    cancellation_details: { ...(before['cancellation_details'] as JsonObject), ...details },
  };
  work.save(after);
  work.event('customer.subscription.deleted', after);
  return after;
}

/** Whoever is gone is billed no more. */
export async function endAll(work: Work, customer: string): Promise<void> {
  for (const found of await everyOne(work, 'subscription', { customer })) {
    const subscription = (await work.known<Subscription>('subscription', found.id))!;
    if (!['canceled', 'incomplete_expired'].includes(subscription.status)) end(work, subscription, { reason: 'cancellation_requested' });
  }
}
