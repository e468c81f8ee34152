import { invalid, notSimulated } from '../../errors.ts';
import { nested } from '../../nested.ts';
import { flag, hash, integer, mergeMetadata, metadata, text, words } from '../../params.ts';
import type { Given } from '../../params.ts';
import type { Work } from '../../work.ts';
import { discountsParam } from '../discount.ts';
import { inlinePrice, priceData, requirePrice } from '../inline-price.ts';
import type { Price } from '../price-making.ts';
import type { Wanted } from './subscription-object.ts';

/** One item of `items`, as create, update and the calls of subscription_items take it. */
export const itemParams = { billing_thresholds: hash, current_trial: hash, discounts: discountsParam, metadata, plan: text, price: text, price_data: nested(priceData), quantity: integer({ min: 0 }), tax_rates: words };
export const updateItemParams = { ...itemParams, id: text, deleted: flag, clear_usage: flag };

export function requireSimple(given: Partial<Given<typeof itemParams>>): void {
  if (given.tax_rates?.length) throw notSimulated('tax rates');
  if (given.discounts?.length) throw notSimulated('discounts of single subscription items');
  if (given.billing_thresholds || given.current_trial) throw notSimulated('billing thresholds and trials of single subscription items');
}

/** The price that an item names or says; null when it does neither. */
export async function priceOf(work: Work, given: Partial<Given<typeof itemParams>>, param: string): Promise<Price | null> {
  requireSimple(given);
  const named = given.price ?? given.plan;
  const price = typeof named === 'string' ? await requirePrice(work, named, `${param}[price]`) : given.price_data ? await inlinePrice(work, given.price_data, `${param}[price_data]`) : null;
  if (price === null) return null;
  if (price.recurring === null) throw invalid('The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.', { param: `${param}[price]` });
  if (price.recurring['usage_type'] === 'metered') throw notSimulated('metered prices');
  return price;
}

export async function wantedItem(work: Work, given: Partial<Given<typeof itemParams>>, param: string): Promise<Wanted> {
  const price = await priceOf(work, given, param);
  if (price === null) throw invalid(`Missing required param: ${param}[price].`, { code: 'parameter_missing', param: `${param}[price]` });
  return { price, quantity: given.quantity ?? 1, metadata: mergeMetadata({}, given.metadata) };
}

/** All items of a subscription are billed together. */
export function requireAlike(prices: readonly Price[], currency: string | null): { readonly currency: string; readonly interval: string; readonly count: number } {
  const [first] = prices;
  const { interval, interval_count: count } = first!.recurring!;
  const code = currency ?? String(first!['currency']);
  for (const price of prices) {
    for (const field of ['interval', 'interval_count'] as const) {
      if (price.recurring![field] !== first!.recurring![field]) throw invalid(`Currency and interval fields must match across all plans/prices on this subscription. Found mismatch in ${field} field.`, { param: 'items' });
    }
    if (currency === null && price['currency'] !== code) throw invalid('Currency and interval fields must match across all plans/prices on this subscription. Found mismatch in currency field.', { param: 'items' });
  }
  return { currency: code, interval: String(interval), count: Number(count) };
}
