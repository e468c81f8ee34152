import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { newPrice, newProduct } from './catalog.ts';
import { newAddress, newCustomer } from './customers.ts';
import { cycleAfter, itemsOf, moneyOf, partOf, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { plain, totals } from './transaction.ts';

const prefixes: Readonly<Record<string, string>> = { customer: 'ctm', address: 'add', product: 'pro', price: 'pri', subscription: 'sub', transaction: 'txn' };
const at = '2026-01-01T00:00:00.000Z';

/** An object as Paddle's API shows it; what is left out is filled in. */
export function seed(kind: string, id: string, value: unknown): { readonly value: View } {
  const prefix = Object.hasOwn(prefixes, kind) ? prefixes[kind]! : null;
  if (prefix === null) throw new Error(`Paddle has no '${kind}' that could be seeded: it is one of ${Object.keys(prefixes).join(', ')}`);
  if (!new RegExp(`^${prefix}_[A-Za-z0-9]{1,40}$`).test(id)) throw new Error(`A Paddle ${kind}'s id is ${prefix}_ and letters and digits: '${id}' is not`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`A Paddle ${kind} is an object of the fields that its API shows: ${id} is not`);
  return { value: { ...complete(kind, id, given), id } };
}

function complete(kind: string, id: string, given: JsonObject): JsonObject {
  const needed = (name: string, form: RegExp, as: string): string => {
    const text = textOf(given, name) ?? '';
    if (!form.test(text)) throw new Error(`Paddle ${kind} ${id} needs ${name}: ${as}`);
    return text;
  };
  switch (kind) {
    case 'customer':
      needed('email', /^[^@\s]+@[^@\s]+$/, 'an email address, as in ann@example.test');
      return { ...newCustomer(id, at, given), ...given };
    case 'address': return { ...newAddress(id, needed('customer_id', /^ctm_/, 'the id of its customer, ctm_...'), at, given), ...given, country_code: needed('country_code', /^[A-Z]{2}$/, "two letters, as in 'US'") };
    case 'product':
      needed('name', /./, 'what it is called');
      return { ...newProduct(id, at, given), ...given };
    case 'price':
      if (moneyOf(partOf(given, 'unit_price')) === null) throw new Error(`Paddle price ${id} needs unit_price: { amount: '1000', currency_code: 'USD' }, the amount a text of whole minor units`);
      return { ...newPrice(id, needed('product_id', /^pro_/, 'the id of its product, pro_...'), at, { description: 'Seeded price', ...given }), ...given, description: textOf(given, 'description') ?? 'Seeded price' };
    case 'transaction': return transaction(id, given, needed('customer_id', /^ctm_/, 'the id of its customer, ctm_...'));
    default: return subscription(id, given, needed('customer_id', /^ctm_/, 'the id of its customer, ctm_...'), needed('address_id', /^add_/, 'the id of its address, add_...'));
  }
}

/** Items that hold whole prices, as the API shows them. */
function itemsFor(kind: string, id: string, given: JsonObject, recurring: boolean): readonly { readonly item: JsonObject; readonly price: View; readonly product: View; readonly quantity: number }[] {
  const items = itemsOf(given);
  const fine = items.every((item) => moneyOf(partOf(partOf(item, 'price'), 'unit_price')) !== null && textOf(partOf(item, 'price'), 'id') && (!recurring || partOf(partOf(item, 'price'), 'billing_cycle') !== null));
  if (items.length === 0 || !fine) {
    throw new Error(`Paddle ${kind} ${id} needs items: [{ quantity: 1, price: { id: 'pri_...', product_id: 'pro_...', unit_price: { amount: '1000', currency_code: 'USD' }${recurring ? ", billing_cycle: { interval: 'month', frequency: 1 }" : ''} } }]`);
  }
  return items.map((item) => {
    const { id: price = '', product_id: product = 'pro_seeded', ...rest } = partOf(item, 'price')!;
    return { item, quantity: wholeOf(field(item, 'quantity')) ?? 1, price: newPrice(String(price), String(product), at, { description: 'Seeded price', ...rest }), product: newProduct(String(product), at, { name: 'Seeded product' }) };
  });
}

/** One that was paid, so that it can be refunded. */
function transaction(id: string, given: JsonObject, customer: string): JsonObject {
  const items = itemsFor('transaction', id, given, false);
  const currency = textOf(partOf(items[0]!.price, 'unit_price'), 'currency_code')!;
  const lines = items.map(({ price, product, quantity }, index) => {
    const unit = BigInt(moneyOf(partOf(price, 'unit_price'))!.minor);
    return { amount: unit * BigInt(quantity), line: { id: `txnitm_${id.slice(4)}${index}`, price_id: price.id, quantity, totals: plain(unit * BigInt(quantity)), unit_totals: plain(unit), product, tax_rate: '0', proration: null } };
  });
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    status: 'completed', address_id: null, business_id: null, custom_data: null, currency_code: currency, origin: 'api', subscription_id: null, invoice_id: null, invoice_number: null, collection_mode: 'automatic', discount_id: null, billing_details: null, billing_period: null,
    payments: [], created_at: at, updated_at: at, billed_at: at, revised_at: null, ...given, customer_id: customer, adjusted: {}, items: items.map(({ price, quantity }) => ({ price_id: price.id, price, quantity, proration: null })),
    details: { tax_rates_used: [{ tax_rate: '0', totals: plain(total) }], ...totals(total, 0n, currency), payout_totals: null, adjusted_payout_totals: null, line_items: lines.map(({ line }) => line) },
  };
}

function subscription(id: string, given: JsonObject, customer: string, address: string): JsonObject {
  const items = itemsFor('subscription', id, given, true);
  const cycle = partOf(items[0]!.price, 'billing_cycle');
  const next = textOf(given, 'next_billed_at') ?? cycleAfter(at, cycle);
  const status = textOf(given, 'status') ?? 'active';
  return {
    business_id: null, currency_code: textOf(partOf(items[0]!.price, 'unit_price'), 'currency_code'), created_at: at, updated_at: at, started_at: at, first_billed_at: at, paused_at: null, canceled_at: null, discount: null, collection_mode: 'automatic', billing_details: null,
    current_billing_period: { starts_at: at, ends_at: next }, billing_cycle: cycle, scheduled_change: null, management_urls: null, custom_data: null, import_meta: null, pending: [], ...given, status, customer_id: customer, address_id: address, next_billed_at: next,
    items: items.map(({ item, price, product, quantity }) => ({ status, recurring: true, created_at: at, updated_at: at, previously_billed_at: at, next_billed_at: next, trial_dates: null, ...item, product, quantity, price })),
  };
}
