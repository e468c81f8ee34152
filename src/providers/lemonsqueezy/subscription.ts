import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { keep, tell } from './books.ts';
import type { Books } from './books.ts';
import { centsOf, intervalAfter, iso, sums, textOf } from './objects.ts';
import type { Resource } from './objects.ts';

const words: Readonly<Record<string, string>> = { on_trial: 'On Trial', active: 'Active', paused: 'Paused', past_due: 'Past Due', unpaid: 'Unpaid', cancelled: 'Cancelled', expired: 'Expired' };

export function withStatus(status: string): JsonObject {
  return { status, status_formatted: words[status] ?? status, cancelled: status === 'cancelled' || status === 'expired' };
}

/** A subscription as it is remembered holds what it costs, which is not shown. */
export interface Subscription extends Resource {
  readonly price: number;
  readonly currency: string;
  readonly interval: { readonly unit: string; readonly count: number };
}

export function intervalOf(variant: Resource): Subscription['interval'] {
  return { unit: textOf(variant.attributes, 'interval') ?? 'month', count: centsOf(field(variant.attributes, 'interval_count')) ?? 1 };
}

export function startSubscription(books: Books, { order, item, variant, total, currency, trial }: { readonly order: Resource; readonly item: JsonObject; readonly variant: Resource; readonly total: number; readonly currency: string; readonly trial: boolean }): Subscription {
  const at = iso(books.now);
  const id = books.id();
  const { attributes, custom } = order;
  const interval = intervalOf(variant);
  const ends = trial ? intervalAfter(at, textOf(variant.attributes, 'trial_interval') ?? 'day', centsOf(field(variant.attributes, 'trial_interval_count')) ?? 30) : null;
  const subscription: Subscription = {
    id, custom, price: total, currency, interval,
    attributes: {
      store_id: attributes['store_id'] ?? null, customer_id: attributes['customer_id'] ?? null, order_id: Number(order.id), order_item_id: item['id'] ?? null, product_id: item['product_id'] ?? null, variant_id: item['variant_id'] ?? null, product_name: item['product_name'] ?? null, variant_name: item['variant_name'] ?? null,
      user_name: attributes['user_name'] ?? null, user_email: attributes['user_email'] ?? null, ...withStatus(trial ? 'on_trial' : 'active'), card_brand: 'visa', card_last_four: '4242', pause: null, trial_ends_at: ends, billing_anchor: new Date(books.now).getUTCDate(),
      first_subscription_item: { id: Number(books.id()), subscription_id: Number(id), price_id: item['variant_id'] ?? null, quantity: item['quantity'] ?? 1, is_usage_based: false, created_at: at, updated_at: at },
      urls: { update_payment_method: null, customer_portal: null, customer_portal_update_subscription: null }, renews_at: ends ?? intervalAfter(at, interval.unit, interval.count), ends_at: null, created_at: at, updated_at: at, test_mode: attributes['test_mode'] ?? false,
    },
  };
  keep(books, 'subscriptions', subscription);
  tell(books, 'subscription_created', 'subscriptions', subscription);
  if (!trial) tell(books, 'subscription_payment_success', 'subscription-invoices', invoice(books, subscription, total, 'initial', 'paid'));
  return subscription;
}

export function invoice(books: Books, { id, attributes, custom, currency }: Subscription, total: number, reason: string, status: 'paid' | 'pending'): Resource {
  const at = iso(books.now);
  return keep(books, 'subscription-invoices', {
    id: books.id(), custom,
    attributes: {
      store_id: attributes['store_id'] ?? null, subscription_id: Number(id), customer_id: attributes['customer_id'] ?? null, user_name: attributes['user_name'] ?? null, user_email: attributes['user_email'] ?? null, billing_reason: reason, card_brand: 'visa', card_last_four: '4242', currency, currency_rate: '1.00000000',
      status, status_formatted: status === 'paid' ? 'Paid' : 'Pending', refunded: false, refunded_at: null, ...sums({ subtotal: total, discount_total: 0, tax: 0, total, refunded_amount: 0 }, currency), tax_inclusive: false, urls: { invoice_url: null }, created_at: at, updated_at: at, test_mode: attributes['test_mode'] ?? false,
    },
  });
}

/** Its new state, told by the events of what happened and by 'subscription_updated', which Lemon Squeezy sends of everything. */
export function becomes(books: Books, before: Subscription, changes: JsonObject, events: readonly string[], more: Partial<Pick<Subscription, 'price' | 'interval'>> = {}): Subscription {
  const after: Subscription = { ...before, ...more, attributes: { ...before.attributes, ...changes, updated_at: iso(books.now) } };
  keep(books, 'subscriptions', after);
  for (const event of [...events, 'subscription_updated']) tell(books, event, 'subscriptions', after);
  return after;
}
