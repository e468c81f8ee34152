import { invalid, noSuch, notSimulated } from '../../errors.ts';
import { listOf, nested } from '../../nested.ts';
import { nextBoundary } from '../../period.ts';
import type { StripeObject } from '../../object.ts';
import type { Operation } from '../../operation.ts';
import { ok, operation } from '../../operation.ts';
import { currency, flag, hash, ignored, integer, oneOf, required, text } from '../../params.ts';
import type { Work } from '../../work.ts';
import { blankCustomer, requireCustomer } from '../customer.ts';
import { discountsParam, redeem, wishes } from '../discount.ts';
import { draftOf } from '../subscription/billing.ts';
import { changedItems, prorations } from '../subscription/changing.ts';
import { requireAlike, updateItemParams, wantedItem } from '../subscription/items.ts';
import { newSubscription, newSubscriptionItem } from '../subscription/subscription-object.ts';
import type { Subscription } from '../subscription/subscription-object.ts';
import { itemCost, itemParams } from './item-cost.ts';
import { newInvoice } from './invoice-object.ts';
import type { Invoice } from './invoice-object.ts';
import { takeIn } from './drafting.ts';
import { newItem } from './lines.ts';
import type { InvoiceItem } from './lines.ts';

/** The same view of what is remembered, of which nothing is kept and nothing told. */
function dryRun(work: Work): Work {
  const written = new Map<string, StripeObject>();
  const known = async <T extends StripeObject>(kind: string, id: string): Promise<T | null> => (written.get(`${kind} ${id}`) as T | undefined) ?? work.known<T>(kind, id);
  return {
    ...work, known, event: () => undefined, save: (object) => { written.set(`${object.object} ${object.id}`, object); },
    find: async <T extends StripeObject>(kind: string, id: string) => (written.get(`${kind} ${id}`) as T | undefined) ?? work.find<T>(kind, id),
  };
}

const params = {
  currency, customer: text, customer_details: hash, discounts: discountsParam, preview_mode: oneOf('next', 'recurring'), schedule: text, subscription: text, automatic_tax: nested({ enabled: flag, liability: hash }),
  invoice_items: listOf(required(nested({ ...itemParams, invoiceitem: text, currency }))),
  subscription_details: nested({
    items: listOf(required(nested(updateItemParams))), proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'), proration_date: integer({ min: 1 }), cancel_at_period_end: flag,
    ...ignored('billing_cycle_anchor', 'billing_mode', 'cancel_at', 'cancel_now', 'default_tax_rates', 'resume_at', 'start_date', 'trial_end'),
  }),
  ...ignored('customer_account', 'issuer', 'on_behalf_of', 'schedule_details'),
};

/** What the next invoice would be, reckoned as it will be, and kept nowhere. */
export const previewInvoice: Operation = operation(params, async (given, real) => {
  const work = dryRun(real);
  if (typeof given.schedule === 'string') throw notSimulated('previews of subscription schedules');
  if (given.automatic_tax?.enabled === true) throw notSimulated('automatic tax');
  const before = typeof given.subscription === 'string' ? await work.find<Subscription>('subscription', given.subscription) : null;
  if (typeof given.subscription === 'string' && before === null) throw noSuch('subscription', given.subscription, 'subscription');
  if (before?.status === 'canceled') throw invalid('No upcoming invoices for a canceled subscription.', { code: 'invoice_upcoming_none', param: 'subscription' });
  const named = given.customer ?? before?.customer;
  const customer = typeof named === 'string' ? await requireCustomer(work, named) : blankCustomer(work);
  work.save(customer);
  const { auto_advance: _, ...invoice } = await upcoming(work, customer, before, given);
  const id = work.id('upcoming_in_1', 23);
  const data = invoice.lines.data.map((line) => ({ ...line, invoice: id }));
  return ok({ ...invoice, id, billing_reason: 'upcoming', lines: { ...invoice.lines, data, url: '/v1/invoices/upcoming/lines' } });
});

type Asked = Parameters<Parameters<typeof operation<typeof params>>[1]>[0];

async function upcoming(work: Work, customer: StripeObject, before: Subscription | null, given: Asked): Promise<Invoice> {
  const redeemed: string[] = [];
  for (const wish of await wishes(work, given.discounts, customer.id)) redeemed.push((await redeem(work, wish, { customer: customer.id })).id);
  const { items: changes, proration_behavior: behavior, proration_date: at } = given.subscription_details ?? {};
  const subscription = before === null ? await imagined(work, customer, changes ?? [], given.currency ?? null, redeemed) : await changed(work, before, changes ?? [], redeemed);
  const extras = await extraItems(work, customer, given, subscription?.currency ?? null);
  if (subscription === null) {
    const first = extras[0];
    if (first === undefined) throw invalid('Nothing to invoice for this customer.', { code: 'invoice_upcoming_none' });
    const empty = newInvoice(work, { customer, currency: first.currency, billingReason: 'upcoming', collection: 'charge_automatically', autoAdvance: false, period: { start: work.now, end: work.now }, more: { discounts: redeemed } });
    return takeIn(work, empty, extras);
  }
  if (before === null) return (await draftOf(work, subscription, { reason: 'subscription_create', period: { start: work.now, end: subscription.current_period_end }, free: false }, extras)).invoice;
  const [was, now] = [before.items.data[0]!.price.recurring!, subscription.items.data[0]!.price.recurring!];
  const restarts = was['interval'] !== now['interval'] || was['interval_count'] !== now['interval_count'];
  const fresh = changes === undefined || changes === null || behavior === 'none' || before.status === 'trialing' ? [] : await prorations(work, before, subscription.items.data, at ?? work.now, restarts);
  const start = restarts ? work.now : before.current_period_end;
  const cadence = { interval: String(now['interval']), count: Number(now['interval_count']) };
  const period = { start, end: nextBoundary(restarts ? work.now : before.billing_cycle_anchor, cadence, start) };
  return (await draftOf(work, subscription, { reason: restarts ? 'subscription_update' : 'subscription_cycle', period, free: false, itemsOnly: behavior === 'always_invoice' && !restarts }, [...fresh, ...extras])).invoice;
}

/** A subscription that there might be. */
async function imagined(work: Work, customer: StripeObject, items: NonNullable<NonNullable<Asked['subscription_details']>['items']>, code: string | null, redeemed: readonly string[]): Promise<Subscription | null> {
  if (items.length === 0) return null;
  const wanted = [];
  for (const [index, item] of items.entries()) wanted.push(await wantedItem(work, item, `subscription_details[items][${index}]`));
  const cadence = requireAlike(wanted.map(({ price }) => price), code);
  const id = work.id('sub_1', 23);
  const period = { start: work.now, end: nextBoundary(work.now, cadence, work.now) };
  const subscription = newSubscription(work, { id, customer: customer.id, currency: cadence.currency, items: wanted.map((item) => newSubscriptionItem(work, id, item, period)), period, anchor: work.now, status: 'active', more: { discounts: redeemed } });
  work.save(subscription);
  return subscription;
}

async function changed(work: Work, before: Subscription, changes: NonNullable<NonNullable<Asked['subscription_details']>['items']>, redeemed: readonly string[]): Promise<Subscription> {
  const data = await changedItems(work, before, changes, 'subscription_details[items]');
  return { ...before, items: { ...before.items, data }, discounts: [...before.discounts, ...redeemed] } as Subscription;
}

async function extraItems(work: Work, customer: StripeObject, given: Asked, code: string | null): Promise<readonly InvoiceItem[]> {
  const items: InvoiceItem[] = [];
  for (const item of given.invoice_items ?? []) {
    if (typeof item.invoiceitem === 'string') throw notSimulated('changes of pending items in previews');
    const cost = await itemCost(work, item, item.currency ?? given.currency ?? code);
    items.push(newItem(work, { ...cost, customer: customer.id, description: item.description ?? null, discountable: item.discountable ?? cost.amount >= 0, metadata: {}, period: { start: work.now, end: work.now }, proration: false, subscription: null, subscriptionItem: null }));
  }
  return items;
}
