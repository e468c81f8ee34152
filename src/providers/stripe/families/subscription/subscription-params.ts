import { invalid, noSuch, notSimulated } from '../../errors.ts';
import { listOf, nested } from '../../nested.ts';
import { any, currency, flag, hash, ignored, integer, metadata, oneOf, required, text, words } from '../../params.ts';
import type { Given } from '../../params.ts';
import type { JsonObject } from '../../../wire/json.ts';
import type { Work } from '../../work.ts';
import type { PaymentMethod } from '../card-method.ts';
import { requireOwner } from '../confirm.ts';
import { discountsParam } from '../discount.ts';
import { inlinePrice, priceData, requirePrice } from '../inline-price.ts';
import { itemParams } from './items.ts';
import type { Start } from './starting.ts';
import type { Subscription } from './subscription-object.ts';

const day = 86_400;
const behaviors = oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete');
const extras = listOf(required(nested({ discountable: flag, discounts: discountsParam, metadata, period: hash, price: text, price_data: nested(priceData), quantity: integer({ min: 1 }), tax_rates: words })));

export const shared = {
  add_invoice_items: extras, automatic_tax: nested({ enabled: flag, liability: hash }), cancel_at: text, cancel_at_period_end: flag, collection_method: oneOf('charge_automatically', 'send_invoice'), coupon: text, days_until_due: integer({ min: 0 }),
  default_payment_method: text, default_tax_rates: words, description: text, discounts: discountsParam, metadata, payment_behavior: behaviors, payment_settings: hash, promotion_code: text,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'), trial_end: text, trial_settings: hash,
  ...ignored('application_fee_percent', 'default_source', 'invoice_settings', 'off_session', 'on_behalf_of', 'pending_invoice_item_interval', 'transfer_data', 'trial_from_plan'),
};
export const create = {
  ...shared, billing_mode: nested({ flexible: hash, type: oneOf('classic', 'flexible') }), currency, customer: required(text), customer_account: text, items: required(listOf(required(nested(itemParams)))), trial_period_days: integer({ min: 0 }),
  backdate_start_date: any, billing_cycle_anchor: any, billing_cycle_anchor_config: any, billing_schedules: any, billing_thresholds: any,
};

/** What would change amounts or dates, and is not reckoned here. */
export function requireKnown(given: JsonObject | Given<typeof shared>): void {
  const rest = given as Readonly<Record<string, unknown>>;
  const unknown = ['backdate_start_date', 'billing_cycle_anchor', 'billing_cycle_anchor_config', 'billing_schedules', 'billing_thresholds'].find((name) => rest[name] !== undefined && rest[name] !== '' && rest[name] !== 'unchanged');
  if (unknown !== undefined) throw notSimulated(`${unknown} of subscriptions`);
  const { automatic_tax: tax, default_tax_rates: rates } = given as Given<typeof shared>;
  if (tax?.enabled === true || rates?.length) throw notSimulated('taxes on subscriptions');
}

/** When a trial ends; null = there is none. */
export function trialEndOf(work: Work, until: string | null | undefined, days: number | null | undefined): number | null {
  if (typeof until === 'string' && typeof days === 'number') throw invalid('You may only specify one of these parameters: trial_end, trial_period_days.', { code: 'parameters_exclusive', param: 'trial_end' });
  if (typeof until === 'string' && until !== 'now') {
    const at = required(integer({ min: 1 }))(until, 'trial_end');
    if (at <= work.now) throw invalid('Invalid timestamp: must be an integer Unix timestamp in the future.', { param: 'trial_end' });
    return at;
  }
  return typeof days === 'number' && days > 0 ? work.now + days * day : null;
}

export async function requireMethod(work: Work, id: string | null | undefined, customer: string): Promise<void> {
  if (typeof id !== 'string') return;
  const method = await work.find<PaymentMethod>('payment_method', id);
  if (method === null) throw noSuch('PaymentMethod', id, 'default_payment_method');
  if (method.customer === null) throw invalid(`The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`, { code: 'resource_missing', param: 'default_payment_method' });
  requireOwner({ customer }, method);
}

/** `coupon` and `promotion_code` are the older way to say `discounts`. */
export function wanted(given: Pick<Given<typeof shared>, 'coupon' | 'discounts' | 'promotion_code'>): Given<typeof shared>['discounts'] {
  const older = { coupon: given.coupon ?? undefined, discount: undefined, promotion_code: given.promotion_code ?? undefined };
  return older.coupon === undefined && older.promotion_code === undefined ? given.discounts : [older];
}

export async function extrasOf(work: Work, given: Given<typeof shared>['add_invoice_items']): Promise<Start['extras']> {
  return Promise.all((given ?? []).map(async ({ price, price_data: data, quantity, tax_rates: rates, discounts }, index) => {
    const param = `add_invoice_items[${index}]`;
    if (rates?.length || discounts?.length) throw notSimulated('taxes and discounts of single items');
    const known = typeof price === 'string' ? await requirePrice(work, price, `${param}[price]`) : data ? await inlinePrice(work, data, `${param}[price_data]`) : null;
    if (known === null) throw invalid(`Missing required param: ${param}[price].`, { code: 'parameter_missing', param: `${param}[price]` });
    if (known.recurring !== null) throw invalid('The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.', { param: `${param}[price]` });
    return { price: known, quantity: quantity ?? 1 };
  }));
}

export function livingSubscription(subscription: Subscription): Subscription {
  if (subscription.status === 'canceled' || subscription.status === 'incomplete_expired') throw invalid('A canceled subscription can only update its cancellation_details and metadata.', { param: 'status' });
  return subscription;
}

export function paymentSettings(before: JsonObject, given: JsonObject | null | undefined): JsonObject {
  return given ? { ...before, ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value === '' ? null : value])) } : before;
}

/** When it ends, as `cancel_at` and `cancel_at_period_end` say. */
export function ending(work: Work, before: Subscription, given: Pick<Given<typeof shared>, 'cancel_at' | 'cancel_at_period_end'>): Partial<Subscription> {
  const { cancel_at: at, cancel_at_period_end: atEnd } = given;
  if (typeof at === 'string') {
    const when = ['min_period_end', 'max_period_end'].includes(at) ? before.current_period_end : required(integer({ min: 1 }))(at, 'cancel_at');
    return { cancel_at: when, cancel_at_period_end: false, canceled_at: work.now, cancellation_details: { ...(before['cancellation_details'] as JsonObject), reason: 'cancellation_requested' } };
  }
  if (atEnd === true) return { cancel_at: before.current_period_end, cancel_at_period_end: true, canceled_at: work.now, cancellation_details: { ...(before['cancellation_details'] as JsonObject), reason: 'cancellation_requested' } };
  if (atEnd === false || at === null) return { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details: { ...(before['cancellation_details'] as JsonObject), reason: null } };
  return {};
}
