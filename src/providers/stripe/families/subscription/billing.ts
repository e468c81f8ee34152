import type { JsonObject } from '../../../wire/json.ts';
import { spoken } from '../../currency.ts';
import type { StripeObject } from '../../object.ts';
import type { Answer } from '../../operation.ts';
import type { Work } from '../../work.ts';
import { costOf } from '../cost.ts';
import { cutsOf, lasting } from '../discount.ts';
import { pendingItems, takeIn } from '../invoice/drafting.ts';
import { newInvoice, withLines } from '../invoice/invoice-object.ts';
import type { Invoice, InvoiceLine } from '../invoice/invoice-object.ts';
import { lineOfSubscription } from '../invoice/lines.ts';
import type { InvoiceItem } from '../invoice/lines.ts';
import { collect, finalize } from '../invoice/settling.ts';
import type { Subscription } from './subscription-object.ts';

const day = 86_400;

export interface Billing {
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'manual';
  readonly period: { readonly start: number; readonly end: number };
  /** a trial costs nothing, and is a line all the same */
  readonly free: boolean;
  /** only what waits on the customer: prorations, one-off items */
  readonly itemsOnly?: boolean;
}

/** The lines of one period. */
export async function periodLines(work: Work, invoice: string, subscription: Subscription, { period, free }: Pick<Billing, 'period' | 'free'>): Promise<readonly InvoiceLine[]> {
  const lines: InvoiceLine[] = [];
  for (const item of subscription.items.data) {
    const amount = free ? 0 : await costOf(work, item.price, item.quantity, subscription.currency);
    const product = String((await work.find('product', item.price.product))?.['name'] ?? item.price.product);
    const each = typeof item.price['unit_amount'] === 'number' ? ` (at ${spoken(item.price['unit_amount'], subscription.currency)} / ${String(item.price.recurring!['interval'])})` : '';
    lines.push(lineOfSubscription(work, invoice, { ...item, subscription: subscription.id }, { amount, currency: subscription.currency }, period, free ? `Trial period for ${product}` : `${item.quantity} × ${product}${each}`));
  }
  return lines;
}

export function invoiceOf(work: Work, subscription: Subscription, customer: StripeObject, { reason, period }: Billing): Invoice {
  const parent: JsonObject = { quote_details: null, subscription_details: { metadata: subscription.metadata, subscription: subscription.id }, type: 'subscription_details' };
  return newInvoice(work, {
    customer, currency: subscription.currency, billingReason: reason, collection: subscription.collection_method, autoAdvance: true,
    // Stripe names the period before the one that is billed
    period: { start: work.now, end: work.now },
    more: {
      subscription: subscription.id, parent, discounts: subscription.discounts, default_payment_method: null, description: subscription['description'] ?? null,
      due_date: subscription.collection_method === 'send_invoice' ? work.now + (subscription.days_until_due ?? 30) * day : null, ...(reason === 'subscription_cycle' ? { period_end: period.start } : {}),
    },
  });
}

/** One period billed as a draft that is not told yet: the subscription's items, what was pending, and what this call itself made. `once` coupons are used up by it. */
export async function draftOf(work: Work, before: Subscription, billing: Billing, fresh: readonly InvoiceItem[] = []): Promise<{ readonly subscription: Subscription; readonly invoice: Invoice }> {
  const customer = (await work.find('customer', before.customer))!;
  const empty = invoiceOf(work, before, customer, billing);
  const lines = billing.itemsOnly === true ? [] : await periodLines(work, empty.id, before, billing);
  const priced = withLines(empty, lines, await cutsOf(work, before.discounts, before.currency, billing.period.start));
  const pending = await pendingItems(work, before.customer, before.currency, before.id);
  const invoice = await takeIn(work, priced, [...pending, ...fresh]);
  const subscription: Subscription = { ...before, latest_invoice: invoice.id, discounts: await lasting(work, before.discounts) };
  work.save(subscription);
  return { subscription, invoice };
}

/** The method that pays: the subscription's, or the customer's usual one. */
export async function methodOf(work: Work, subscription: Subscription): Promise<string | null> {
  const settings = (await work.find('customer', subscription.customer))?.['invoice_settings'] as { readonly default_payment_method?: string | null } | undefined;
  return subscription.default_payment_method ?? settings?.default_payment_method ?? null;
}

/** Tells of a draft, finalizes what is to be charged by itself, and charges it. Null: there was nothing to charge, or nothing to charge it with. */
export async function chargeNow(work: Work, invoice: Invoice, method: string | null): Promise<Answer | null> {
  work.event('invoice.created', invoice);
  if (invoice.collection_method === 'send_invoice') return null;
  const open = await finalize(work, invoice);
  return open.status === 'paid' || method === null ? null : collect(work, open, method);
}
