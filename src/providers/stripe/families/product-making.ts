import type { JsonObject } from '../../wire/json.ts';
import { invalid, noSuch } from '../errors.ts';
import { decimal, listOf, nested } from '../nested.ts';
import { orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { flag, hash, mergeMetadata, metadata, oneOf, required, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';

export interface Product extends StripeObject {
  readonly active: boolean;
  readonly default_price: string | null;
  readonly metadata: JsonObject;
}

const measure = required(decimal(2));
/** What a price may say of the product that is made with it. */
export const productData = {
  active: flag, id: text, metadata, name: required(text), statement_descriptor: text, tax_code: text, tax_details: hash, unit_label: text,
};
export const productParams = {
  ...productData, description: text, images: words, marketing_features: listOf(required(nested({ name: required(text) }))),
  package_dimensions: nested({ height: measure, length: measure, weight: measure, width: measure }), shippable: flag, type: oneOf('good', 'service'), url: text,
};

export type ProductGiven = Pick<Given<typeof productParams>, keyof typeof productData> & Partial<Given<typeof productParams>>;

/** Makes, keeps and announces a product. Its id may be the caller's. https://docs.stripe.com/api/products/object */
export async function makeProduct(work: Work, given: ProductGiven): Promise<Product> {
  const before = typeof given.id === 'string' ? await work.known('product', given.id) : null;
  if (before !== null && before['deleted'] !== true) throw invalid('Product already exists.', { code: 'resource_already_exists', param: 'id' });
  const product = newProduct(work, given);
  work.save(product);
  work.event('product.created', product);
  return product;
}

export function newProduct(work: Pick<Work, 'id' | 'now' | 'livemode'>, given: Partial<ProductGiven> & Pick<ProductGiven, 'name'>): Product {
  return {
    id: given.id ?? work.id('prod_', 14), object: 'product', active: given.active ?? true, created: work.now, default_price: null, description: orNull(given.description), images: given.images ?? [],
    livemode: work.livemode, marketing_features: features(given.marketing_features), metadata: mergeMetadata({}, given.metadata), name: given.name,
    package_dimensions: dimensions(given.package_dimensions), shippable: orNull(given.shippable), statement_descriptor: orNull(given.statement_descriptor), tax_code: orNull(given.tax_code),
    tax_details: orNull(given.tax_details), type: given.type ?? 'service', unit_label: orNull(given.unit_label), updated: work.now, url: orNull(given.url),
  };
}

export function features(given: ProductGiven['marketing_features']): readonly { readonly name: string }[] {
  return (given ?? []).map(({ name }) => ({ name }));
}

export function dimensions(given: ProductGiven['package_dimensions']): JsonObject | null {
  return given ? { height: Number(given.height), length: Number(given.length), weight: Number(given.weight), width: Number(given.width) } : null;
}

/** A product named in a parameter. */
export async function requireProduct(work: Work, id: string, param: string): Promise<Product> {
  const product = await work.find<Product>('product', id);
  if (product === null || product['deleted'] === true) throw noSuch('product', id, param);
  return product;
}
