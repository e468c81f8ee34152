import type { JsonObject } from '../../../wire/json.ts';
import { cardError, invalid } from '../../errors.ts';
import type { ErrorFields } from '../../errors.ts';
import { nextBoundary } from '../../period.ts';
import type { StripeObject } from '../../object.ts';
import type { Work } from '../../work.ts';
import { costOf } from '../cost.ts';
import { redeem, requireMinimum } from '../discount.ts';
import type { Wish } from '../discount.ts';
import { newItem } from '../invoice/lines.ts';
import { prepare } from '../invoice/settling.ts';
import type { InvoiceItem } from '../invoice/lines.ts';
import type { Price } from '../price-making.ts';
import { newSetup, told } from '../setup-confirm.ts';
import { chargeNow, draftOf, methodOf } from './billing.ts';
import { requireAlike } from './items.ts';
import { keepItem, newSubscription, newSubscriptionItem } from './subscription-object.ts';
import type { Subscription, Wanted } from './subscription-object.ts';

export interface Start {
  readonly customer: StripeObject;
  readonly items: readonly Wanted[];
  /** billed once, with the first invoice */
  readonly extras: readonly { readonly price: Price; readonly quantity: number }[];
  readonly currency: string | null;
  readonly wishes: readonly Wish[];
  /** seconds since the epoch; null = none */
  readonly trialEnd: number | null;
  readonly behavior: string;
  readonly more: JsonObject;
}

/**
 * Starts a subscription, with its first invoice. `default_incomplete` leaves the payment to the customer; `allow_incomplete` tries it and
 * stays incomplete when it fails; `error_if_incomplete` is a decline, and nothing was started.
 */
export async function start(work: Work, { customer, items, extras, currency, wishes, trialEnd, behavior, more }: Start): Promise<Subscription> {
  const cadence = requireAlike(items.map(({ price }) => price), currency);
  const id = work.id('sub_1', 23);
  const anchor = trialEnd ?? work.now;
  const period = { start: work.now, end: trialEnd ?? nextBoundary(anchor, cadence, work.now) };
  const discounts: string[] = [];
  for (const wish of wishes) discounts.push((await redeem(work, wish, { customer: customer.id, subscription: id })).id);
  if (typeof customer['currency'] !== 'string') work.save({ ...(await work.find('customer', customer.id))!, currency: cadence.currency });
  const blank = newSubscription(work, {
    id, customer: customer.id, currency: cadence.currency, period, anchor, status: 'incomplete', items: items.map((item) => newSubscriptionItem(work, id, item, period)),
    more: { ...more, discounts, trial_end: trialEnd, trial_start: trialEnd === null ? null : work.now },
  });
  const fresh: InvoiceItem[] = [];
  for (const { price, quantity } of extras) fresh.push(await extra(work, blank, price, quantity));
  const { subscription, invoice } = await draftOf(work, blank, { reason: 'subscription_create', period, free: trialEnd !== null }, fresh);
  requireMinimum(wishes, invoice.subtotal, cadence.currency);
  const method = await methodOf(work, blank);
  const charges = blank.collection_method === 'charge_automatically' && invoice.amount_due > 0;
  if (charges && method === null && behavior !== 'default_incomplete') {
    throw invalid('This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.', { code: 'resource_missing' });
  }
  const asks = !charges && method === null && behavior === 'default_incomplete' && blank.collection_method === 'charge_automatically';
  const created: Subscription = {
    ...subscription, status: trialEnd !== null ? 'trialing' : charges ? 'incomplete' : 'active', pending_setup_intent: asks ? pendingSetup(work, customer.id) : null,
  };
  for (const item of created.items.data) keepItem(work, item);
  work.save(created);
  work.event('customer.subscription.created', created);
  const answer = await chargeNow(work, invoice, behavior === 'default_incomplete' ? null : method);
  if (answer !== null && answer.status !== 200 && behavior === 'error_if_incomplete') throw failed(answer.body);
  if (behavior === 'default_incomplete' && method !== null) await prepare(work, invoice.id, method);
  return (await work.find<Subscription>('subscription', id))!;
}

/** A price that is paid once, as `add_invoice_items` says: it waits for the first invoice. */
async function extra(work: Work, subscription: Subscription, price: Price, quantity: number): Promise<InvoiceItem> {
  const product = await work.find('product', price.product);
  const item = newItem(work, {
    amount: await costOf(work, price, quantity, subscription.currency), currency: subscription.currency, customer: subscription.customer, description: product === null ? null : String(product['name']), discountable: true, metadata: {},
    period: { start: work.now, end: work.now }, price, unit: typeof price['unit_amount_decimal'] === 'string' ? price['unit_amount_decimal'] : '0', quantity, proration: false, subscription: subscription.id, subscriptionItem: null,
  });
  work.save(item);
  work.event('invoiceitem.created', item);
  return item;
}

/** Nothing to pay now, and no card for later: the customer is to give one. */
function pendingSetup(work: Work, customer: string): string {
  const intent = { ...newSetup(work), customer };
  told(work, 'setup_intent.created', intent);
  return intent.id;
}

function failed(body: JsonObject): Error {
  const { error } = body as unknown as { readonly error: ErrorFields };
  const { payment_intent: _, charge: __, payment_method: ___, doc_url: ____, type: _____, ...fields } = error;
  return cardError(fields as ErrorFields);
}
