import { everything } from '../wire/everything.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { tell } from './books.ts';
import type { Books } from './books.ts';
import { invalid, notFound, refused } from './errors.ts';
import { among, listed } from './list.ts';
import { iso, moneyOf, partOf, some, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';
import { kept, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';

const productFields = ['name', 'description', 'tax_category', 'image_url', 'custom_data', 'type'];
const priceFields = ['description', 'name', 'type', 'billing_cycle', 'trial_period', 'tax_mode', 'unit_price', 'unit_price_overrides', 'quantity', 'custom_data'];

export function newProduct(id: string, at: string, given: JsonObject): View {
  return { id, type: 'standard', description: null, image_url: null, custom_data: null, status: 'active', import_meta: null, created_at: at, updated_at: at, tax_category: 'standard', ...some(given, productFields) };
}

export function newPrice(id: string, product: string, at: string, given: JsonObject): View {
  return {
    id, product_id: product, type: 'standard', name: null, billing_cycle: null, trial_period: null, tax_mode: 'account_setting', unit_price_overrides: [], quantity: { minimum: 1, maximum: 100 }, status: 'active', custom_data: null, import_meta: null,
    created_at: at, updated_at: at, ...some(given, priceFields),
  };
}

export function checkPrice(given: JsonObject, at = ''): void {
  if (!textOf(given, 'description')) throw invalid(`${at}description`, 'is required');
  if (moneyOf(partOf(given, 'unit_price')) === null) throw invalid(`${at}unit_price`, 'must be an amount in whole minor units, as a text, and a currency_code');
  const [cycle, trial] = [partOf(given, 'billing_cycle'), partOf(given, 'trial_period')];
  if (trial !== null && cycle === null) throw refused('price_trial_period_requires_billing_cycle', 'billing cycle required for trial period');
  for (const period of [cycle, trial]) {
    if (period !== null && (!['day', 'week', 'month', 'year'].includes(textOf(period, 'interval') ?? '') || (wholeOf(field(period, 'frequency')) ?? 0) < 1)) throw invalid(`${at}billing_cycle`, 'must have an interval of day, week, month or year, and a frequency of 1 or more');
  }
}

/** A price id of the production catalogue, where ids are adopted: what it costs cannot be known. */
export async function requirePrice(books: Books, id: string): Promise<View> {
  const price = await books.ledger.find<View>('price', id);
  if (price !== null) return price;
  if (books.context.unknownIds !== 'adopt' || !/^pri_[A-Za-z0-9]{1,40}$/.test(id)) throw notFound(id);
  const at = iso(books.now);
  const product = await requireProduct(books, `pro_${id.slice(4)}`);
  return kept(books, 'price', newPrice(id, product.id, at, { description: 'Adopted price', unit_price: { amount: '1000', currency_code: 'USD' } }));
}

export async function requireProduct(books: Books, id: string): Promise<View> {
  const product = await books.ledger.find<View>('product', id);
  if (product !== null) return product;
  if (books.context.unknownIds !== 'adopt' || !/^pro_[A-Za-z0-9]{1,40}$/.test(id)) throw notFound(id);
  return kept(books, 'product', newProduct(id, iso(books.now), { name: 'Adopted product' }));
}

async function createProduct(work: Work): Promise<Answer> {
  if (!textOf(work.body, 'name')) throw invalid('name', 'is required');
  if (!textOf(work.body, 'tax_category')) throw invalid('tax_category', 'is required');
  const product = kept(work, 'product', newProduct(work.id('pro'), iso(work.now), work.body));
  tell(work, 'product.created', product);
  return { status: 201, data: product };
}

async function createPrice(work: Work): Promise<Answer> {
  checkPrice(work.body);
  const product = await requireProduct(work, textOf(work.body, 'product_id') ?? '');
  const price = kept(work, 'price', newPrice(work.id('pri'), product.id, iso(work.now), work.body));
  tell(work, 'price.created', price);
  return { status: 201, data: price };
}

async function update(work: Work, kind: 'product' | 'price', before: View, fields: readonly string[]): Promise<Answer> {
  const after: View = { ...before, ...some(work.body, [...fields, 'status']), updated_at: iso(work.now) };
  if (!['active', 'archived'].includes(textOf(after, 'status') ?? '')) throw invalid('status', 'must be active or archived');
  if (kind === 'price') checkPrice(after);
  kept(work, kind, after);
  tell(work, `${kind}.updated`, after);
  return { data: after };
}

const isRecurring = (view: JsonObject): boolean => asObject(field(view, 'billing_cycle')) !== null;

async function shownProduct(work: Work, product: View): Promise<JsonObject> {
  return included(work, 'prices') ? { ...product, prices: (await everything<View>(work.context, 'price')).filter((price) => price['product_id'] === product.id) } : product;
}

async function shownPrice(work: Work, price: View): Promise<JsonObject> {
  return included(work, 'product') ? { ...price, product: await work.ledger.find<View>('product', textOf(price, 'product_id') ?? '') } : price;
}

export function included({ call: { query } }: Work, name: string): boolean {
  return query.some(([asked, value]) => asked === 'include' && value.split(',').includes(name));
}

export const catalogRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/products$/, operation: 'products.create', effect: (body) => ({ description: textOf(body, 'name') }), run: createProduct }),
  operation({ method: 'GET', path: /^\/products$/, operation: 'products.list', run: (work) => listed(work, { kind: 'product', path: '/products', show: (view) => shownProduct(work, view), filters: { status: among('status'), tax_category: among('tax_category'), type: among('type') } }) }),
  operation({ method: 'GET', path: one('products', 'pro'), operation: 'products.get', run: async (work) => ({ data: await shownProduct(work, await requireProduct(work, work.call.ids[0]!)) }) }),
  operation({ method: 'PATCH', path: one('products', 'pro'), operation: 'products.update', effect: () => ({}), run: async (work) => update(work, 'product', await requireProduct(work, work.call.ids[0]!), productFields) }),
  operation({ method: 'POST', path: /^\/prices$/, operation: 'prices.create', effect: (body) => ({ object: textOf(body, 'product_id'), amount: moneyOf(partOf(body, 'unit_price')), description: textOf(body, 'description') }), run: createPrice }),
  operation({
    method: 'GET', path: /^\/prices$/, operation: 'prices.list',
    run: (work) => listed(work, { kind: 'price', path: '/prices', show: (view) => shownPrice(work, view), filters: { status: among('status'), product_id: among('product_id'), type: among('type'), recurring: (view, wanted) => String(isRecurring(view)) === wanted } }),
  }),
  operation({ method: 'GET', path: one('prices', 'pri'), operation: 'prices.get', run: async (work) => ({ data: await shownPrice(work, await requirePrice(work, work.call.ids[0]!)) }) }),
  operation({ method: 'PATCH', path: one('prices', 'pri'), operation: 'prices.update', effect: (body) => ({ amount: moneyOf(partOf(body, 'unit_price')), description: textOf(body, 'description') }), run: async (work) => update(work, 'price', await requirePrice(work, work.call.ids[0]!), priceFields) }),
];
