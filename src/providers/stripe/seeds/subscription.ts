import type { JsonObject } from '../../wire/json.ts';
import { asArray, asObject, asString, field } from '../../wire/json.ts';
import { newPrice } from '../families/price-making.ts';
import type { Price } from '../families/price-making.ts';
import { newSubscription, newSubscriptionItem } from '../families/subscription/subscription-object.ts';
import type { SubscriptionItem } from '../families/subscription/subscription-object.ts';
import type { Maker, Seeding } from '../seeding.ts';

const statuses = ['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid', 'paused'] as const;
const month = 30 * 86_400;

/** `items: { data: [{ id, price: { id, currency, unit_amount, product, recurring }, quantity }] }`; without them one at 10.00 a month. */
export const subscriptionSeed: Seeding = {
  needs: { customer: 'cus_1' },
  holds: {
    cancel_at: 'number', canceled_at: 'number', customer_account: 'text', days_until_due: 'number', default_payment_method: 'text', default_source: 'text', description: 'text', ended_at: 'number', items: 'object',
    latest_invoice: 'text', on_behalf_of: 'text', trial_end: 'number', trial_start: 'number', payment_settings: 'object', cancellation_details: 'object', transfer_data: 'object', pause_collection: 'object',
  },
  reads: ['items'],
  complete: (maker, given) => {
    const id = maker.id('sub_1');
    const start = typeof given['current_period_start'] === 'number' ? given['current_period_start'] : maker.now;
    const period = { start, end: typeof given['current_period_end'] === 'number' ? given['current_period_end'] : start + month };
    const said = asArray(field(asObject(given['items'] ?? null), 'data')) ?? [{}];
    const items = said.map((item) => itemOf(maker, id, asObject(item), period));
    const status = statuses.find((known) => known === given['status']) ?? 'active';
    return newSubscription(maker, {
      id, customer: String(given['customer']), currency: asString(given['currency'] ?? null) ?? String(items[0]?.price['currency'] ?? 'usd'), items, period, anchor: start, status,
      more: status === 'canceled' ? { canceled_at: maker.now, ended_at: maker.now } : {},
    });
  },
  fault: ({ customer, status, items }) => {
    if (!String(customer).startsWith('cus_')) return `customer must be the id of one; it is ${String(customer)}`;
    if (!(statuses as readonly unknown[]).includes(status)) return `status must be one of ${statuses.join(', ')}; it is ${String(status)}`;
    return (asArray(field(asObject(items ?? null), 'data')) ?? []).length > 0 ? null : 'items.data must hold at least one item: { price: { id, currency, unit_amount } }';
  },
};

function itemOf(maker: Maker, subscription: string, item: JsonObject | null, period: { readonly start: number; readonly end: number }): SubscriptionItem {
  const made = newSubscriptionItem(maker, subscription, { price: priceOf(maker, item), quantity: Number(field(item, 'quantity') ?? 1), metadata: asObject(field(item, 'metadata') ?? null) ?? {} }, period);
  return { ...made, id: asString(field(item, 'id')) ?? made.id };
}

function priceOf(maker: Maker, item: JsonObject | null): Price {
  const price = asObject(field(item, 'price') ?? null) ?? {};
  const suffix = maker.own.replace(/^sub_/, '');
  const made = newPrice({ ...maker, id: () => asString(price['id'] ?? null) ?? `price_${suffix}` }, asString(price['product'] ?? null) ?? `prod_${suffix}`, {
    currency: asString(price['currency'] ?? null) ?? 'usd', unit_amount: typeof price['unit_amount'] === 'number' ? price['unit_amount'] : 1000,
  });
  return { ...made, recurring: { interval: 'month', interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed', ...asObject(price['recurring'] ?? null) }, type: 'recurring' };
}
