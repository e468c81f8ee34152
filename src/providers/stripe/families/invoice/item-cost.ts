import { invalid, notSimulated } from '../../errors.ts';
import { decimal, listOf, nested } from '../../nested.ts';
import { flag, integer, metadata, required, text } from '../../params.ts';
import type { Given } from '../../params.ts';
import { rounded, scaled } from '../../rounding.ts';
import type { Work } from '../../work.ts';
import { costOf } from '../cost.ts';
import { inlinePrice, priceData, requirePrice } from '../inline-price.ts';
import type { Price } from '../price-making.ts';
import type { InvoiceItem, ItemFacts } from './lines.ts';

const period = nested({ start: required(integer({ min: 0 })), end: required(integer({ min: 0 })) });
/** What an item is, as create, update and previews take it. */
export const itemParams = {
  amount: integer(), description: text, discountable: flag, discounts: listOf(text), metadata, period, price: text, price_data: nested(priceData), pricing: nested({ price: text }), quantity: integer({ min: 0 }),
  quantity_decimal: text, tax_behavior: text, tax_code: text, tax_rates: listOf(text), unit_amount: integer(), unit_amount_decimal: decimal(12),
};

/** What an item costs by what the caller said: a price, an amount of its own, or so much for each. */
export async function itemCost(work: Work, given: Given<typeof itemParams>, currency: string | null): Promise<Pick<ItemFacts, 'amount' | 'currency' | 'price' | 'quantity' | 'unit'>> {
  if (given.discounts?.length) throw notSimulated('discounts of single invoice items');
  if (given.tax_rates?.length) throw notSimulated('tax rates');
  if (typeof given.quantity_decimal === 'string') throw notSimulated('fractional quantities');
  const quantity = given.quantity ?? 1;
  const named = given.pricing?.price ?? given.price;
  const price: Price | null = typeof named === 'string' ? await requirePrice(work, named, 'pricing[price]') : given.price_data ? await inlinePrice(work, given.price_data, 'price_data') : null;
  if (price !== null) {
    if (price.recurring !== null) throw invalid('The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.', { param: 'pricing[price]' });
    const code = currency ?? String(price['currency']);
    return { amount: await costOf(work, price, quantity, code), currency: code, price, quantity, unit: typeof price['unit_amount_decimal'] === 'string' ? price['unit_amount_decimal'] : '0' };
  }
  if (currency === null) throw invalid('Missing required param: currency.', { code: 'parameter_missing', param: 'currency' });
  const each = given.unit_amount_decimal ?? (typeof given.unit_amount === 'number' ? String(given.unit_amount) : null);
  if (each !== null) return { amount: signed(each, quantity), currency, price: null, quantity, unit: each };
  if (typeof given.amount !== 'number') throw invalid('Missing required param: amount.', { code: 'parameter_missing', param: 'amount' });
  return { amount: given.amount, currency, price: null, quantity: 1, unit: String(given.amount) };
}

/** The same price for another quantity. */
export async function recount(work: Work, item: InvoiceItem, quantity: number): Promise<Pick<ItemFacts, 'amount' | 'price' | 'quantity' | 'unit'>> {
  const unit = item.pricing!.unit_amount_decimal;
  const id = item.pricing!.price_details?.price;
  const price = id === undefined ? null : await work.find<Price>('price', id);
  return { price, quantity, unit, amount: price === null ? signed(unit, quantity) : await costOf(work, price, quantity, item.currency) };
}

/** So many times a decimal amount, which may be a credit. */
function signed(each: string, quantity: number): number {
  return (each.startsWith('-') ? -1 : 1) * rounded(scaled(each.replace('-', '')) * BigInt(quantity));
}
