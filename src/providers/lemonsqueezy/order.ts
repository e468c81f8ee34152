import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { keep, tell } from './books.ts';
import type { Books } from './books.ts';
import { sold } from './catalog.ts';
import { priceOf } from './checkouts.ts';
import { holderOf, newCustomer } from './customers.ts';
import { amountIn, formatted, iso, partOf, sums, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { startSubscription } from './subscription.ts';

/** The payer has paid at a checkout: an order comes of it, and a subscription where that is what is sold. */
export async function pay(books: Books, checkout: Resource): Promise<Resource> {
  const { attributes, custom } = checkout;
  const data = partOf(attributes, 'checkout_data');
  const store = String(attributes['store_id']);
  const { cents, quantity, total, currency } = await priceOf(books, checkout);
  const { variant, product } = await sold(books, String(attributes['variant_id']));
  const customer = await payerOf(books, store, textOf(data, 'email') || null, textOf(data, 'name') || 'Fourthwall Payer', field(attributes, 'test_mode') === true);
  const at = iso(books.now);
  const id = books.id();
  const trial = field(variant.attributes, 'is_subscription') === true && field(variant.attributes, 'has_free_trial') === true && field(partOf(attributes, 'checkout_options'), 'skip_trial') !== true;
  const due = trial ? 0 : total;
  const common = { product_id: Number(product.id), variant_id: Number(variant.id), product_name: textOf(partOf(attributes, 'product_options'), 'name') || textOf(product.attributes, 'name'), variant_name: textOf(variant.attributes, 'name') };
  const item: JsonObject = { id: Number(books.id()), order_id: Number(id), price_id: Number(variant.id), quantity, ...common, price: trial ? 0 : cents, created_at: at, updated_at: at, test_mode: attributes['test_mode'] === true };
  const order = keep(books, 'orders', {
    id, custom,
    attributes: {
      store_id: Number(store), customer_id: Number(customer.id), identifier: books.context.uuid(), order_number: Number(id.slice(-5)) + 1, user_name: customer.attributes['name'] ?? null, user_email: customer.attributes['email'] ?? null, currency, currency_rate: '1.00000000',
      ...sums({ subtotal: due, setup_fee: 0, discount_total: 0, tax: 0, total: due, refunded_amount: 0 }, currency), tax_name: null, tax_rate: '0.00', tax_inclusive: false, status: 'paid', status_formatted: 'Paid', refunded: false, refunded_at: null,
      first_order_item: item, urls: { receipt: books.context.page('order', id) }, created_at: at, updated_at: at, test_mode: attributes['test_mode'] === true,
    },
  });
  tell(books, 'order_created', 'orders', order);
  if (field(variant.attributes, 'is_subscription') === true) startSubscription(books, { order, item, variant, total, currency, trial });
  return order;
}

async function payerOf(books: Books, store: string, email: string | null, name: string, test: boolean): Promise<Resource> {
  const holder = email === null ? null : await holderOf(books, store, email);
  const id = books.id();
  return holder ?? keep(books, 'customers', newCustomer(id, store, iso(books.now), { name, email: email ?? `payer-${id}@example.test`, test_mode: test }));
}

export function leftOf({ attributes }: Resource): number {
  return amountIn(attributes, 'total') - amountIn(attributes, 'refunded_amount');
}

/** An order or an invoice with so much of it given back. */
export function refund(books: Books, type: 'orders' | 'subscription-invoices', before: Resource, cents: number): Resource {
  const { attributes } = before;
  const currency = textOf(attributes, 'currency') ?? 'USD';
  const back = amountIn(attributes, 'refunded_amount') + cents;
  const whole = back >= amountIn(attributes, 'total');
  const after = keep(books, type, {
    ...before,
    attributes: {
      ...attributes, refunded_amount: back, refunded_amount_usd: back, refunded_amount_formatted: formatted(back, currency), status: whole ? 'refunded' : 'partial_refund', status_formatted: whole ? 'Refunded' : 'Partial refund',
      refunded: whole, refunded_at: iso(books.now), updated_at: iso(books.now),
    },
  });
  tell(books, type === 'orders' ? 'order_refunded' : 'subscription_payment_refunded', type, after);
  return after;
}
