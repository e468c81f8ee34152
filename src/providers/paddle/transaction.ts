import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { tell } from './books.ts';
import type { Books } from './books.ts';
import { checkPrice, newPrice, newProduct, requirePrice, requireProduct } from './catalog.ts';
import { invalid, PaddleFailure, refused } from './errors.ts';
import { iso, itemsOf, minorOf, money, moneyOf, partOf, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { kept } from './operation.ts';
import type { Money } from '../../model/money.ts';

/** A transaction as it is remembered. `adjusted`: what was taken off each of its line items again; it is not shown. */
export type Transaction = View;

export interface Item { readonly price: View; readonly quantity: number }

/** Items of a call, of prices in the catalogue and of prices of their own. */
export async function itemsAsked(books: Books, body: JsonObject): Promise<readonly Item[]> {
  const given = itemsOf(body);
  if (given.length === 0) throw invalid('items', 'must have one item or more');
  const items: Item[] = [];
  for (const [index, item] of given.entries()) {
    const price = await priceAsked(books, item, index);
    const quantity = wholeOf(field(item, 'quantity'));
    const range = partOf(price, 'quantity');
    if (quantity === null || quantity < (wholeOf(field(range, 'minimum')) ?? 1) || quantity > (wholeOf(field(range, 'maximum')) ?? 100)) throw refused('transaction_item_quantity_out_of_range', `quantity of items[${index}] is not within the price's quantity range`);
    items.push({ price, quantity });
  }
  const cycles = new Set(items.flatMap(({ price }) => partOf(price, 'billing_cycle') === null ? [] : [JSON.stringify([textOf(partOf(price, 'billing_cycle'), 'interval'), field(partOf(price, 'billing_cycle'), 'frequency')])]));
  if (cycles.size > 1) throw refused('transaction_price_different_billing_cycle', 'Cannot have different price billing cycle intervals and/or frequencies');
  return items;
}

async function priceAsked(books: Books, item: JsonObject, index: number): Promise<View> {
  const id = textOf(item, 'price_id');
  const own = partOf(item, 'price');
  if (id !== null && own !== null) throw refused('transaction_both_price_id_and_object_found', 'Cannot send both price ID and price object in the same line item');
  if (id !== null) {
    return requirePrice(books, id).catch((error: unknown) => {
      throw error instanceof PaddleFailure ? refused('transaction_price_not_found', `Price ID ${id} cannot be found`) : error;
    });
  }
  if (own === null) throw invalid(`items[${index}].price_id`, 'is required');
  checkPrice(own, `items[${index}].price.`);
  const at = iso(books.now);
  const named = textOf(own, 'product_id');
  const product = named !== null ? await requireProduct(books, named) : kept(books, 'product', { ...newProduct(books.id('pro'), at, partOf(own, 'product') ?? {}), type: 'custom' });
  return kept(books, 'price', { ...newPrice(books.id('pri'), product.id, at, own), type: 'custom' });
}

export function isRecurring({ price }: Item): boolean {
  return asObject(field(price, 'billing_cycle')) !== null;
}

export function currencyOf(items: readonly Item[], asked: string | null): string {
  const own = items.map(({ price }) => textOf(partOf(price, 'unit_price'), 'currency_code')!);
  const currency = asked ?? own[0]!;
  if (own.some((each) => each !== currency)) throw refused('bad_request', `Conversion of a price into ${currency} is not simulated: give its prices in ${currency}`);
  return currency;
}

export interface Details { readonly details: JsonObject; readonly total: bigint }

/** Totals without tax. What is on trial costs nothing yet. */
export async function detailsOf(books: Books, items: readonly Item[], currency: string, onTrial: boolean): Promise<Details> {
  const lines: JsonObject[] = [];
  let total = 0n;
  for (const item of items) {
    const unit = onTrial && partOf(item.price, 'trial_period') !== null ? 0n : minorOf(field(partOf(item.price, 'unit_price'), 'amount'))!;
    const amount = unit * BigInt(item.quantity);
    total += amount;
    const product = await books.ledger.find<View>('product', textOf(item.price, 'product_id') ?? '');
    lines.push({ id: books.id('txnitm'), price_id: item.price.id, quantity: item.quantity, totals: plain(amount), unit_totals: plain(unit), product, tax_rate: '0', proration: null });
  }
  return { total, details: { tax_rates_used: [{ tax_rate: '0', totals: plain(total) }], ...totals(total, 0n, currency), payout_totals: null, adjusted_payout_totals: null, line_items: lines } };
}

export const plain = (amount: bigint): JsonObject => ({ subtotal: String(amount), discount: '0', tax: '0', total: String(amount) });

export function totals(total: bigint, back: bigint, currency: string): JsonObject {
  const left = String(total - back);
  return {
    totals: { ...plain(total), credit: '0', credit_to_balance: '0', balance: String(total), grand_total: String(total), grand_total_tax: '0', fee: null, earnings: null, currency_code: currency },
    adjusted_totals: { subtotal: left, tax: '0', total: left, grand_total: left, fee: '0', earnings: '0', currency_code: currency, retained_fee: '0' },
  };
}

export function totalOf(transaction: Transaction): Money {
  const all = partOf(partOf(transaction, 'details'), 'totals');
  return money(minorOf(field(all, 'grand_total')) ?? 0n, textOf(transaction, 'currency_code') ?? 'USD');
}

/** The totals once so much of it was given back. */
export function adjusted(transaction: Transaction, items: JsonObject, back: bigint): Transaction {
  const details = partOf(transaction, 'details')!;
  const { adjusted_totals: after } = totals(BigInt(totalOf(transaction).minor), back, totalOf(transaction).currency);
  return { ...transaction, adjusted: items, details: { ...details, adjusted_totals: after! } };
}

export function newTransaction(books: Books, { items, details, currency, origin, given, status }: {
  readonly items: readonly Item[]; readonly details: Details; readonly currency: string; readonly origin: string; readonly given: JsonObject; readonly status: string;
}): Transaction {
  const at = iso(books.now);
  return {
    id: books.id('txn'), status, customer_id: textOf(given, 'customer_id'), address_id: textOf(given, 'address_id'), business_id: null, custom_data: field(given, 'custom_data') ?? null, currency_code: currency, origin,
    subscription_id: textOf(given, 'subscription_id'), invoice_id: null, invoice_number: null, collection_mode: textOf(given, 'collection_mode') ?? 'automatic', discount_id: null, billing_details: partOf(given, 'billing_details'), billing_period: partOf(given, 'billing_period'),
    items: items.map(({ price, quantity }) => ({ price_id: price.id, price, quantity, proration: null })), details: details.details, payments: [], created_at: at, updated_at: at, billed_at: null, revised_at: null, adjusted: {},
  };
}

/** Our page stands where the seller's page with Paddle's checkout would. Its URL is no part of what is remembered: it is made of the id. */
export function showTransaction({ context }: Pick<Books, 'context'>, transaction: Transaction): View {
  const { adjusted: _adjusted, ...shown } = transaction;
  const payable = transaction['collection_mode'] === 'automatic' || field(partOf(transaction, 'billing_details'), 'enable_checkout') === true;
  return { ...shown, id: transaction.id, checkout: { url: payable && textOf(transaction, 'origin') === 'api' ? context.page('transaction', transaction.id) : null } };
}

export function tellTransaction(books: Books, action: string, transaction: Transaction): void {
  tell(books, `transaction.${action}`, transaction, showTransaction(books, transaction));
}

/** It waits for its money: from its payer, or by an invoice. */
export function isPayable(transaction: Transaction): boolean {
  return ['draft', 'ready', 'billed', 'past_due'].includes(textOf(transaction, 'status') ?? '');
}

export function attempt(books: Books, transaction: Transaction, error: string | null): JsonObject {
  const at = iso(books.now);
  return {
    payment_attempt_id: books.context.uuid(), stored_payment_method_id: books.context.uuid(), payment_method_id: error === null ? books.id('paymtd') : null, amount: totalOf(transaction).minor, status: error === null ? 'captured' : 'error', error_code: error,
    method_details: { type: 'card', card: { type: 'visa', last4: error === null ? '4242' : '0002', expiry_month: 12, expiry_year: 2034, cardholder_name: 'Fourthwall Payer' } }, created_at: at, captured_at: error === null ? at : null,
  };
}

export function withAttempt(transaction: Transaction, made: JsonObject, more: JsonObject): Transaction {
  return { ...transaction, ...more, id: transaction.id, payments: [made, ...itemsOf(transaction, 'payments')] };
}

export function failAttempt(books: Books, transaction: Transaction, error: string, more: JsonObject = {}): Transaction {
  const after = kept(books, 'transaction', withAttempt(transaction, attempt(books, transaction, error), { ...more, updated_at: iso(books.now) }));
  tellTransaction(books, 'payment_failed', after);
  return after;
}

export function priced(item: JsonObject, known: View | null): Money | null {
  const unit = moneyOf(partOf(partOf(item, 'price') ?? known, 'unit_price'));
  const quantity = wholeOf(field(item, 'quantity'));
  return unit === null || quantity === null ? null : money(BigInt(unit.minor) * BigInt(quantity), unit.currency);
}
