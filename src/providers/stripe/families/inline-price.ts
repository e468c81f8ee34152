import { invalid, noSuch } from '../errors.ts';
import { decimal, nested } from '../nested.ts';
import { currency, hash, integer, metadata, oneOf, required, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import { makePrice, taxBehavior } from './price-making.ts';
import type { Price } from './price-making.ts';
import { makeProduct, requireProduct } from './product-making.ts';

/** `price_data`: a price said in passing, of a product that is there or is said as well. */
export const priceData = {
  currency: required(currency), product: text, tax_behavior: taxBehavior, unit_amount: integer({ min: 0 }), unit_amount_decimal: decimal(12),
  product_data: nested({ description: text, images: words, metadata, name: required(text), tax_code: text, tax_details: hash, unit_label: text }),
  recurring: nested({ interval: required(oneOf('day', 'week', 'month', 'year')), interval_count: integer({ min: 1 }) }),
};

/** Kept like any other price, but not active: it is for this one use. */
export async function inlinePrice(work: Work, given: Given<typeof priceData>, param: string): Promise<Price> {
  const { product, product_data: data, ...rest } = given;
  if (typeof product === 'string' === (data !== undefined && data !== null)) {
    throw typeof product === 'string'
      ? invalid(`You may only specify one of these parameters: ${param}[product], ${param}[product_data].`, { code: 'parameters_exclusive', param: `${param}[product]` })
      : invalid(`Missing required param: ${param}[product].`, { code: 'parameter_missing', param: `${param}[product]` });
  }
  const of = typeof product === 'string' ? await requireProduct(work, product, `${param}[product]`) : await makeProduct(work, { ...data!, active: false, id: undefined, statement_descriptor: undefined });
  return makePrice(work, of.id, {
    ...rest, active: false, currency_options: undefined, custom_unit_amount: undefined, metadata: undefined,
    recurring: rest.recurring ? { ...rest.recurring, meter: undefined, trial_period_days: undefined, usage_type: undefined } : undefined,
  });
}

/** A price named in a parameter; it must be there, and in use. */
export async function requirePrice(work: Work, id: string, param: string): Promise<Price> {
  const price = await work.find<Price>('price', id);
  if (price === null) throw noSuch('price', id, param);
  if (price['active'] !== true) throw invalid('The price specified is inactive. This field only accepts active prices.', { param });
  return price;
}
