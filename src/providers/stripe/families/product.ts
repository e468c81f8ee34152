import { invalid, noSuch, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { nested } from '../nested.ts';
import { or, previousOf } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, mergeMetadata, oneOf, required, text, words } from '../params.ts';
import type { Work } from '../work.ts';
import { defaultPriceParams, makePrice } from './price-making.ts';
import type { Price } from './price-making.ts';
import { dimensions, features, makeProduct, productParams } from './product-making.ts';
import type { Product } from './product-making.ts';

async function pathProduct(work: Work): Promise<Product> {
  const product = await work.find<Product>('product', work.ids[0]!);
  if (product === null || product['deleted'] === true) throw notFound('product', work.ids[0]!, 'id');
  return product;
}

const { id: _, name: __, type: ___, ...changeable } = productParams;

export const products: Family = {
  kind: 'product',
  prefix: 'prod_',
  index: (product) => indexed({ type: product['type'], url: product['url'] }),
  operations: {
    'products.create': operation({ ...productParams, default_price_data: nested(defaultPriceParams) }, async (given, work) => {
      const product = await makeProduct(work, given);
      if (!given.default_price_data) return ok(product);
      const priced = { ...product, default_price: makePrice(work, product.id, given.default_price_data).id };
      work.save(priced);
      work.event('product.updated', priced, { default_price: null });
      return ok(priced);
    }),
    'products.retrieve': operation({}, async (_given, work) => ok(await pathProduct(work))),
    'products.update': operation({ ...changeable, default_price: text, name: (value, param) => (value === undefined ? undefined : required(text)(value, param)) }, async (given, work) => {
      const before = await pathProduct(work);
      if (typeof given.default_price === 'string' && (await work.find<Price>('price', given.default_price))?.product !== before.id) throw noSuch('price', given.default_price, 'default_price');
      const after: Product = {
        ...before,
        active: given.active ?? before.active,
        default_price: or(given.default_price, before.default_price),
        description: or(given.description, before['description']!),
        images: given.images === undefined ? before['images']! : given.images ?? [],
        marketing_features: given.marketing_features === undefined ? before['marketing_features']! : features(given.marketing_features),
        metadata: mergeMetadata(before.metadata, given.metadata),
        name: given.name ?? before['name']!,
        package_dimensions: given.package_dimensions === undefined ? before['package_dimensions']! : dimensions(given.package_dimensions),
        shippable: or(given.shippable, before['shippable']!),
        statement_descriptor: or(given.statement_descriptor, before['statement_descriptor']!),
        tax_code: or(given.tax_code, before['tax_code']!),
        tax_details: or(given.tax_details, before['tax_details']!),
        unit_label: or(given.unit_label, before['unit_label']!),
        updated: work.now,
        url: or(given.url, before['url']!),
      };
      work.save(after);
      work.event('product.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'products.delete': operation({}, async (_given, work) => {
      const product = await pathProduct(work);
      if ((await work.page('price', { where: { product: product.id }, limit: 1 })).items.length > 0) throw invalid('This product cannot be deleted because it has one or more user-created prices.');
      const gone = { id: product.id, object: 'product', deleted: true } as const;
      work.save(gone);
      work.event('product.deleted', product);
      return ok(gone);
    }),
    'products.list': operation({ ...pageParams, active: flag, created, ids: words, shippable: flag, type: oneOf('good', 'service'), url: text }, async (given, work) => ok(await listPage(work, {
      kind: 'product', noun: 'product', url: '/v1/products', page: given, where: { type: given.type, url: given.url },
      keep: (product) => product['deleted'] !== true && (given.created?.(product) ?? true) && (!given.ids || given.ids.includes(product.id))
        && (typeof given.active !== 'boolean' || product['active'] === given.active) && (typeof given.shippable !== 'boolean' || (product['shippable'] ?? false) === given.shippable),
    }))),
  },
};
