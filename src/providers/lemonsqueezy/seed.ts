import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { newProduct, newStore, newVariant } from './catalog.ts';
import { newCustomer } from './customers.ts';
import { centsOf, formatted, intervalAfter, sums, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { withStatus } from './subscription.ts';

const kinds = ['stores', 'products', 'variants', 'customers', 'orders', 'subscriptions'] as const;
const at = '2026-01-01T00:00:00.000000Z';

/** The attributes of an object as Lemon Squeezy's API shows them; what is left out is filled in. */
export function seed(kind: string, id: string, value: unknown): { readonly value: Resource } {
  if (!kinds.some((each) => each === kind)) throw new Error(`Lemon Squeezy has no '${kind}' that could be seeded: it is one of ${kinds.join(', ')}`);
  if (!/^[1-9][0-9]{0,17}$/.test(id)) throw new Error(`The id of Lemon Squeezy's ${kind} is a number, as in '1234': '${id}' is not`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Lemon Squeezy's ${kind} are objects of the attributes that its API shows: ${id} is not`);
  return { value: made(kind, id, given) };
}

function made(kind: string, id: string, given: JsonObject): Resource {
  const price = field(given, 'price');
  if (price !== undefined && centsOf(price) === null) throw new Error(`The price of Lemon Squeezy's ${kind} ${id} is a whole number of cents, as in 1999`);
  switch (kind) {
    case 'stores': {
      if (!/^[A-Z]{3}$/.test(textOf(given, 'currency') ?? 'USD')) throw new Error(`The currency of Lemon Squeezy's store ${id} is three letters, as in 'USD'`);
      return newStore(id, given);
    }
    case 'products': return newProduct(id, { ...given, ...(centsOf(price) === null ? {} : { price_formatted: formatted(centsOf(price)!, 'USD') }) });
    case 'variants': {
      if (field(given, 'is_subscription') === true && !['day', 'week', 'month', 'year'].includes(textOf(given, 'interval') ?? '')) throw new Error(`Lemon Squeezy's variant ${id} is a subscription and needs an interval: day, week, month or year`);
      return newVariant(id, given);
    }
    case 'customers': return newCustomer(id, String(field(given, 'store_id') ?? '1'), at, { ...given, email: needed(kind, id, given, 'email') });
    case 'orders': return order(id, given);
    default: return subscription(id, given);
  }
}

function needed(kind: string, id: string, given: JsonObject, name: string): string {
  const text = textOf(given, name) ?? '';
  if (!/^[^@\s]+@[^@\s]+$/.test(text)) throw new Error(`Lemon Squeezy's ${kind} ${id} needs ${name}: an email address, as in ann@example.test`);
  return text;
}

function order(id: string, given: JsonObject): Resource {
  const total = centsOf(field(given, 'total'));
  if (total === null) throw new Error(`Lemon Squeezy's order ${id} needs a total in whole cents, as in 1999`);
  const currency = textOf(given, 'currency') ?? 'USD';
  return {
    id, custom: null,
    attributes: {
      store_id: 1, customer_id: 1, identifier: `seeded-${id}`, order_number: Number(id), user_name: null, currency, currency_rate: '1.00000000', ...sums({ subtotal: total, setup_fee: 0, discount_total: 0, tax: 0, total, refunded_amount: centsOf(field(given, 'refunded_amount')) ?? 0 }, currency),
      tax_name: null, tax_rate: '0.00', tax_inclusive: false, status: 'paid', status_formatted: 'Paid', refunded: false, refunded_at: null, first_order_item: null, urls: { receipt: null }, created_at: at, updated_at: at, test_mode: false, ...given, user_email: needed('orders', id, given, 'user_email'),
    },
  };
}

/** Its price and interval are no attributes at Lemon Squeezy: they are its variant's. */
function subscription(id: string, { price = null, currency = 'USD', interval = 'month', interval_count: count = 1, ...given }: JsonObject): Resource {
  const cents = centsOf(price);
  if (cents === null) throw new Error(`Lemon Squeezy's subscription ${id} needs a price in whole cents, as in 1999`);
  const next = textOf(given, 'renews_at') ?? intervalAfter(at, String(interval), centsOf(count) ?? 1);
  const resource = {
    id, custom: null, price: cents, currency, interval: { unit: String(interval), count: centsOf(count) ?? 1 },
    attributes: {
      store_id: 1, customer_id: 1, order_id: null, order_item_id: null, product_id: 1, variant_id: 1, product_name: 'Product', variant_name: 'Default', user_name: null, card_brand: 'visa', card_last_four: '4242', pause: null, trial_ends_at: null, billing_anchor: 1,
      first_subscription_item: null, urls: { update_payment_method: null, customer_portal: null, customer_portal_update_subscription: null }, ends_at: null, created_at: at, updated_at: at, test_mode: false, ...given, ...withStatus(textOf(given, 'status') ?? 'active'), renews_at: next,
      user_email: needed('subscriptions', id, given, 'user_email'),
    },
  };
  return resource;
}
