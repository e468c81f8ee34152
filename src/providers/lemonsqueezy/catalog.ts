import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { keep } from './books.ts';
import type { Books } from './books.ts';
import { notFound } from './errors.ts';
import { listed } from './list.ts';
import { api, centsOf, formatted, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { all, byId, one, operation } from './operation.ts';

/** Stores, products and variants are made in the dashboard alone: here they are seeded. */
const at = '2026-01-01T00:00:00.000000Z';

export function newStore(id: string, given: JsonObject): Resource {
  const slug = textOf(given, 'slug') ?? 'fourthwall';
  return {
    id, custom: null,
    attributes: { name: 'Fourthwall', slug, domain: `${slug}.lemonsqueezy.com`, url: `https://${slug}.lemonsqueezy.com`, avatar_url: null, plan: 'fresh', country: 'US', country_nicename: 'United States', currency: 'USD', total_sales: 0, total_revenue: 0, thirty_day_sales: 0, thirty_day_revenue: 0, created_at: at, updated_at: at, ...given },
  };
}

export function newProduct(id: string, given: JsonObject): Resource {
  const price = centsOf(field(given, 'price')) ?? 1000;
  return {
    id, custom: null,
    attributes: { store_id: 1, name: 'Product', slug: `product-${id}`, description: '', status: 'published', status_formatted: 'Published', thumb_url: null, large_thumb_url: null, price, price_formatted: formatted(price, 'USD'), from_price: null, from_price_formatted: null, to_price: null, to_price_formatted: null, pay_what_you_want: false, buy_now_url: null, created_at: at, updated_at: at, test_mode: false, ...given },
  };
}

export function newVariant(id: string, given: JsonObject): Resource {
  return {
    id, custom: null,
    attributes: {
      product_id: Number(id), name: 'Default', slug: `variant-${id}`, description: '', price: 1000, is_subscription: false, interval: null, interval_count: null, has_free_trial: false, trial_interval: 'day', trial_interval_count: 30, pay_what_you_want: false, min_price: 0, suggested_price: 0,
      has_license_keys: false, license_activation_limit: 5, is_license_limit_unlimited: false, license_length_value: 1, license_length_unit: 'years', is_license_length_unlimited: true, links: [], sort: 1, status: 'published', status_formatted: 'Published', created_at: at, updated_at: at, test_mode: false, ...given,
    },
  };
}

const makers: Readonly<Record<string, (id: string, given: JsonObject) => Resource>> = { stores: newStore, products: newProduct, variants: newVariant };

/** One of the catalogue; null where nothing of it was seeded. */
async function known({ ledger }: Pick<Books, 'ledger'>, type: string, id: string): Promise<Resource | null> {
  return ledger.find<Resource>(type, id);
}

async function required(books: Books, type: string, id: string): Promise<Resource> {
  const found = await known(books, type, id);
  if (found !== null) return found;
  if (books.context.unknownIds !== 'adopt') throw notFound();
  return keep(books, type, makers[type]!(id, {}));
}

/** What is sold by a variant; one that was not seeded is a product for 10 of the store's currency. */
export async function sold(books: Books, variantId: string): Promise<{ readonly variant: Resource; readonly product: Resource }> {
  const variant = await known(books, 'variants', variantId) ?? newVariant(variantId, {});
  const product = String(variant.attributes['product_id']);
  return { variant, product: await known(books, 'products', product) ?? newProduct(product, {}) };
}

export async function currencyOf(books: Books, storeId: string): Promise<string> {
  return textOf((await known(books, 'stores', storeId))?.attributes ?? null, 'currency') ?? 'USD';
}

const read = (type: string, filters: readonly string[]): readonly JsonRoute[] => [
  operation({ method: 'GET', path: all(type), operation: `${type}.list`, type, run: (work) => listed(work, type, filters) }),
  operation({ method: 'GET', path: byId(type), operation: `${type}.get`, type, run: async (work) => one(type, await required(work, type, work.call.ids[0]!)) }),
];

export const catalogRoutes: readonly JsonRoute[] = [
  operation({
    method: 'GET', path: /^\/v1\/users\/me$/, operation: 'users.me', type: 'users',
    run: async () => ({ document: { meta: { test_mode: false }, links: { self: `${api}/users/1` }, data: { type: 'users', id: '1', attributes: { name: 'Fourthwall', email: 'seller@example.test', color: '#7047EB', avatar_url: null, has_custom_avatar: false, createdAt: at, updatedAt: at }, links: { self: `${api}/users/1` } } } }),
  }),
  ...read('stores', []), ...read('products', ['store_id']), ...read('variants', ['product_id', 'status']),
];

