import { invalid, notFound } from '../errors.ts';
import { created, everyOne, listPage, pageParams } from '../list.ts';
import { or, previousOf } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, flag, mergeMetadata, metadata, oneOf, text, words } from '../params.ts';
import { nested } from '../nested.ts';
import type { Work } from '../work.ts';
import { makePrice, optionsOf, priceParams, readOptions, taxBehavior } from './price-making.ts';
import type { Price, PriceOptions } from './price-making.ts';
import { makeProduct, productData, requireProduct } from './product-making.ts';

async function pathPrice(work: Work): Promise<Price> {
  const price = await work.find<Price>('price', work.ids[0]!);
  if (price === null) throw notFound('price', work.ids[0]!, 'price');
  return price;
}

/** A lookup key belongs to one price: it is taken from the other one, or the call is refused. */
async function takeLookupKey(work: Work, key: string | null | undefined, transfer: boolean, own: string | null): Promise<void> {
  if (typeof key !== 'string') return;
  for (const holder of await everyOne(work, 'price', { lookup_key: key })) {
    if (holder.id === own) continue;
    if (!transfer) throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' });
    const after = { ...holder, lookup_key: null };
    work.save(after);
    work.event('price.updated', after, previousOf(holder, after));
  }
}

export const prices: Family = {
  kind: 'price',
  prefix: 'price_',
  index: (price) => indexed({ product: price['product'], lookup_key: price['lookup_key'], currency: price['currency'], type: price['type'] }),
  includes: {
    tiers: async (price, work) => (await optionsOf(work, price.id))?.tiers ?? undefined,
    currency_options: async (price, work) => (await optionsOf(work, price.id))?.currency_options,
  },
  operations: {
    'prices.create': operation({
      ...priceParams, active: flag, billing_scheme: oneOf('per_unit', 'tiered'), lookup_key: text, nickname: text, product: text, product_data: nested(productData), transfer_lookup_key: flag,
    }, async (given, work) => {
      const { product, product_data: data } = given;
      if (typeof product === 'string' && data) throw invalid('You may only specify one of these parameters: product, product_data.', { code: 'parameters_exclusive', param: 'product_data' });
      if (typeof product !== 'string' && !data) throw invalid('You must specify either `product` or `product_data` when creating a price.', { code: 'parameter_missing', param: 'product' });
      await takeLookupKey(work, given.lookup_key, given.transfer_lookup_key === true, null);
      const of = typeof product === 'string' ? await requireProduct(work, product, 'product') : await makeProduct(work, data!);
      return ok(makePrice(work, of.id, given));
    }),
    'prices.retrieve': operation({}, async (_, work) => ok(await pathPrice(work))),
    'prices.update': operation({
      active: flag, currency_options: priceParams.currency_options, lookup_key: text, metadata, nickname: text, tax_behavior: taxBehavior, transfer_lookup_key: flag,
    }, async (given, work) => {
      const before = await pathPrice(work);
      if (given.active === false && (await work.find('product', before.product))?.['default_price'] === before.id) {
        throw invalid('This price cannot be archived because it is the default price of its product.');
      }
      if (typeof given.tax_behavior === 'string' && before['tax_behavior'] !== 'unspecified' && before['tax_behavior'] !== given.tax_behavior) {
        throw invalid('The tax_behavior of a price cannot be changed once it has been set.', { param: 'tax_behavior' });
      }
      await takeLookupKey(work, given.lookup_key, given.transfer_lookup_key === true, before.id);
      const after: Price = {
        ...before, active: given.active ?? before['active']!, lookup_key: or(given.lookup_key, before['lookup_key']!), metadata: mergeMetadata(before.metadata, given.metadata),
        nickname: or(given.nickname, before['nickname']!), tax_behavior: given.tax_behavior ?? before['tax_behavior']!,
      };
      const options = await optionsOf(work, before.id);
      if (given.currency_options && options !== null) {
        work.save({ ...options, currency_options: { ...options.currency_options, ...readOptions(given.currency_options) } } satisfies PriceOptions);
      }
      work.save(after);
      work.event('price.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'prices.list': operation({
      ...pageParams, active: flag, created, currency, lookup_keys: words, product: text, type: oneOf('one_time', 'recurring'),
      recurring: nested({ interval: oneOf('day', 'week', 'month', 'year'), meter: text, usage_type: oneOf('licensed', 'metered') }),
    }, async (given, work) => ok(await listPage(work, {
      kind: 'price', noun: 'price', url: '/v1/prices', page: given, where: { currency: given.currency, product: given.product, type: given.type },
      keep: (object) => {
        const price = object as Price;
        return (given.created?.(price) ?? true) && (typeof given.active !== 'boolean' || price['active'] === given.active)
          && (!given.lookup_keys || given.lookup_keys.includes(String(price['lookup_key'])))
          && Object.entries(given.recurring ?? {}).every(([name, value]) => value === undefined || price.recurring?.[name] === value);
      },
    }))),
  },
};
