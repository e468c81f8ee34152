import type { JsonObject } from '../../../wire/json.ts';
import type { StripeObject } from '../../object.ts';
import type { Work } from '../../work.ts';
import type { Price } from '../price-making.ts';
import type { InvoiceLine } from './invoice-object.ts';

/** What somebody is to be billed for on the next invoice. https://docs.stripe.com/api/invoiceitems/object */
export interface InvoiceItem extends StripeObject {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly description: string | null;
  readonly discountable: boolean;
  readonly invoice: string | null;
  readonly metadata: JsonObject;
  readonly period: { readonly start: number; readonly end: number };
  readonly pricing: InvoiceLine['pricing'];
  readonly proration: boolean;
  readonly quantity: number;
  readonly subscription: string | null;
}

export interface ItemFacts {
  readonly amount: number; readonly currency: string; readonly customer: string; readonly description: string | null; readonly discountable: boolean; readonly metadata: JsonObject;
  readonly period: { readonly start: number; readonly end: number }; readonly price: Price | null; readonly unit: string; readonly quantity: number; readonly proration: boolean;
  readonly subscription: string | null; readonly subscriptionItem: string | null;
}

export function newItem(work: Work, { price, unit, subscription, subscriptionItem, ...facts }: ItemFacts): InvoiceItem {
  return {
    id: work.id('ii_1', 23), object: 'invoiceitem', customer_account: null, date: work.now, discounts: [], invoice: null, livemode: work.livemode, net_amount: facts.amount,
    parent: subscription === null ? null : { subscription_details: { subscription, ...(subscriptionItem === null ? {} : { subscription_item: subscriptionItem }) }, type: 'subscription_details' },
    pricing: pricingOf(price, unit), quantity_decimal: String(facts.quantity), tax_rates: [], test_clock: null, subscription, ...facts,
  };
}

export function pricingOf(price: Price | null, unit: string): InvoiceLine['pricing'] {
  return { ...(price === null ? {} : { price_details: { price: price.id, product: price.product } }), type: 'price_details', unit_amount_decimal: unit };
}

/** `subscription` of an invoice item stands in `parent` since basil. */
export function itemInVersion(object: StripeObject, version: string): StripeObject {
  const { subscription, ...rest } = object as InvoiceItem;
  return version >= '2025-03-31' ? rest as StripeObject : { ...rest, subscription } as StripeObject;
}

export function lineOfItem(work: Work, item: InvoiceItem, invoice: string): InvoiceLine {
  return {
    ...bareLine(work, invoice), amount: item.amount, currency: item.currency, description: item.description, discountable: item.discountable, metadata: item.metadata, period: item.period, pricing: item.pricing,
    quantity: item.quantity, quantity_decimal: String(item.quantity), subscription: item.subscription, subtotal: item.amount,
    parent: { invoice_item_details: { invoice_item: item.id, proration: item.proration, proration_details: null, subscription: item.subscription }, subscription_item_details: null, type: 'invoice_item_details' },
  };
}

/** The item that a line came from; null for a subscription's own. */
export function itemOfLine(line: InvoiceLine): string | null {
  const details = line.parent['invoice_item_details'] as { readonly invoice_item: string } | null;
  return details?.invoice_item ?? null;
}

export interface Billed { readonly id: string; readonly subscription: string; readonly metadata: JsonObject; readonly price: Price; readonly quantity: number }

/** One period of a subscription's item. */
export function lineOfSubscription(work: Work, invoice: string, item: Billed, cost: { readonly amount: number; readonly currency: string }, period: { readonly start: number; readonly end: number }, name: string): InvoiceLine {
  const { price } = item;
  return {
    ...bareLine(work, invoice), amount: cost.amount, currency: cost.currency, description: name, metadata: item.metadata, period, quantity: item.quantity, quantity_decimal: String(item.quantity), subscription: item.subscription,
    subtotal: cost.amount, pricing: pricingOf(price, typeof price['unit_amount_decimal'] === 'string' ? price['unit_amount_decimal'] : '0'),
    parent: { invoice_item_details: null, subscription_item_details: { invoice_item: null, proration: false, proration_details: null, subscription: item.subscription, subscription_item: item.id }, type: 'subscription_item_details' },
  };
}

function bareLine(work: Work, invoice: string): InvoiceLine {
  return {
    id: work.id('il_1', 23), object: 'line_item', amount: 0, currency: 'usd', description: null, discount_amounts: [], discountable: true, discounts: [], invoice, livemode: work.livemode, metadata: {}, parent: {},
    period: { end: work.now, start: work.now }, pretax_credit_amounts: [], pricing: null, quantity: 1, quantity_decimal: '1', subscription: null, subtotal: 0, taxes: [],
  };
}
