import type { JsonObject } from '../../../wire/json.ts';
import { cutLines, sum } from '../../discounting.ts';
import type { Cut } from '../../discounting.ts';
import type { StripeObject } from '../../object.ts';
import type { Work } from '../../work.ts';

export interface InvoiceLine extends StripeObject {
  readonly amount: number;
  readonly currency: string;
  readonly discountable: boolean;
  readonly discount_amounts: readonly { readonly amount: number; readonly discount: string }[];
  readonly invoice: string;
  readonly metadata: JsonObject;
  readonly parent: JsonObject;
  readonly pricing: { readonly price_details?: { readonly price: string; readonly product: string }; readonly type: 'price_details'; readonly unit_amount_decimal: string } | null;
}

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';

/** As it is stored: with what only older versions show (`subscription`, `payment_intent`, `charge`, `paid`), and every line. */
export interface Invoice extends StripeObject {
  readonly amount_due: number;
  readonly amount_paid: number;
  readonly amount_remaining: number;
  readonly attempt_count: number;
  readonly billing_reason: string;
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly currency: string;
  readonly customer: string;
  readonly default_payment_method: string | null;
  readonly discounts: readonly string[];
  readonly ending_balance: number | null;
  readonly lines: { readonly object: 'list'; readonly data: readonly InvoiceLine[]; readonly has_more: boolean; readonly url: string };
  readonly metadata: JsonObject;
  readonly number: string | null;
  readonly payment_intent: string | null;
  readonly starting_balance: number;
  readonly status: InvoiceStatus;
  readonly status_transitions: { readonly finalized_at: number | null; readonly marked_uncollectible_at: number | null; readonly paid_at: number | null; readonly voided_at: number | null };
  readonly subscription: string | null;
  readonly subtotal: number;
  readonly total: number;
}

export interface InvoiceFacts {
  readonly customer: StripeObject;
  readonly currency: string;
  readonly billingReason: string;
  readonly collection: 'charge_automatically' | 'send_invoice';
  readonly autoAdvance: boolean;
  readonly period: { readonly start: number; readonly end: number };
  readonly more?: JsonObject;
}

/** An empty draft. https://docs.stripe.com/api/invoices/object */
export function newInvoice(work: Work, { customer, currency, billingReason, collection, autoAdvance, period, more = {} }: InvoiceFacts): Invoice {
  const id = work.id('in_1', 23);
  const balance = Number(customer['balance'] ?? 0);
  return {
    id, object: 'invoice', account_country: 'US', account_name: null, account_tax_ids: null, amount_due: 0, amount_overpaid: 0, amount_paid: 0, amount_remaining: 0, amount_shipping: 0, application: null,
    attempt_count: 0, attempted: false, auto_advance: autoAdvance, automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: autoAdvance ? work.now + 3600 : null, billing_reason: billingReason, collection_method: collection, created: work.now, currency, custom_fields: null, customer: customer.id,
    customer_account: null, customer_address: customer['address'] ?? null, customer_email: customer['email'] ?? null, customer_name: customer['name'] ?? null, customer_phone: customer['phone'] ?? null,
    customer_shipping: customer['shipping'] ?? null, customer_tax_exempt: customer['tax_exempt'] ?? 'none', customer_tax_ids: [], default_payment_method: null, default_source: null, default_tax_rates: [],
    description: null, discounts: [], due_date: null, effective_at: null, ending_balance: null, footer: null, from_invoice: null, hosted_invoice_url: null, invoice_pdf: null, issuer: { type: 'self' },
    last_finalization_error: null, latest_revision: null, lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` }, livemode: work.livemode, metadata: {},
    next_payment_attempt: autoAdvance && collection === 'charge_automatically' ? work.now + 3600 : null, number: null, on_behalf_of: null, parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null }, period_end: period.end, period_start: period.start, post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0, receipt_number: null, rendering: null, shipping_cost: null, shipping_details: null, starting_balance: balance, statement_descriptor: null, status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null }, subtotal: 0, subtotal_excluding_tax: 0, test_clock: null, total: 0, total_discount_amounts: [],
    total_excluding_tax: 0, total_pretax_credit_amounts: [], total_taxes: [], webhooks_delivered_at: null, charge: null, paid: false, payment_intent: null, subscription: null, ...more,
  };
}

/** The invoice with these lines, and what follows from them: discounts, totals, and what is due after the customer's balance. */
export function withLines(invoice: Invoice, lines: readonly InvoiceLine[], cuts: readonly Cut[]): Invoice {
  const taken = cutLines(lines.map(({ amount, discountable, pricing }) => ({ amount, discountable, product: pricing?.price_details?.product ?? null })), cuts, invoice.currency);
  const data = lines.map((line, index) => ({ ...line, invoice: invoice.id, discount_amounts: cuts.map(({ id }, cut) => ({ amount: taken[index]![cut]!, discount: id })) }));
  const subtotal = sum(lines.map(({ amount }) => amount));
  const off = cuts.map(({ id }, cut) => ({ amount: sum(taken.map((parts) => parts[cut]!)), discount: id }));
  const total = subtotal - sum(off.map(({ amount }) => amount));
  const due = Math.max(total + invoice.starting_balance, 0);
  return {
    ...invoice, amount_due: due, amount_remaining: due, lines: { ...invoice.lines, data }, subtotal, subtotal_excluding_tax: subtotal, total, total_discount_amounts: off, total_excluding_tax: total,
  };
}

/** From basil (2025-03-31) on an invoice names its subscription in `parent` and its payments in `payments`, and nowhere else. Ten lines stand in the object itself. */
export function invoiceInVersion(object: StripeObject, version: string): StripeObject {
  const { charge, paid, payment_intent: intent, subscription, ...rest } = object as Invoice;
  const lines = { ...rest.lines, data: rest.lines.data.slice(0, 10), has_more: rest.lines.data.length > 10 };
  return { ...rest, lines, ...(version >= '2025-03-31' ? {} : { charge: charge ?? null, paid: paid ?? false, payment_intent: intent, subscription, discount: null, tax: null, amount_shipping: 0 }) } as StripeObject;
}
