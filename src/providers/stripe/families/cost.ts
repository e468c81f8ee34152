import type { JsonObject } from '../../wire/json.ts';
import { asObject, asString, field } from '../../wire/json.ts';
import { invalid, notSimulated } from '../errors.ts';
import { rounded, scaled } from '../rounding.ts';
import type { Work } from '../work.ts';
import { optionsOf } from './price-making.ts';
import type { Price } from './price-making.ts';

/** What a number of units costs, in whole minor units: exact up to the one rounding at the end, as a line of an invoice is. */
export async function costOf(work: Work, price: Price, quantity: number, currency = String(price['currency'])): Promise<number> {
  if (price['custom_unit_amount'] !== null) throw notSimulated('prices whose amount the customer chooses');
  const options = price['billing_scheme'] === 'tiered' || currency !== price['currency'] ? await optionsOf(work, price.id) : null;
  if (price['billing_scheme'] === 'tiered') {
    if (currency !== price['currency']) throw notSimulated('tiers in another currency than the price\'s own');
    return rounded(tiered((options?.tiers ?? []) as readonly JsonObject[], String(price['tiers_mode']), BigInt(quantity)));
  }
  const each = currency === price['currency'] ? price['unit_amount_decimal'] : field(asObject(options?.currency_options[currency]), 'unit_amount_decimal');
  if (typeof each !== 'string') throw invalid(`The price specified only supports \`${String(price['currency'])}\`. This doesn't match the expected currency: \`${currency}\`.`, { param: 'currency' });
  return rounded(scaled(each) * units(price, quantity));
}

/** Units after `transform_quantity`: dozens of eggs, rounded as the price says. */
function units(price: Price, quantity: number): bigint {
  const transform = asObject(price['transform_quantity'] ?? null);
  if (transform === null) return BigInt(quantity);
  const by = BigInt(Number(transform['divide_by']));
  return (BigInt(quantity) + (transform['round'] === 'up' ? by - 1n : 0n)) / by;
}

/** volume: all units at the price of the tier that the quantity falls into; graduated: each unit at its own tier's. */
function tiered(tiers: readonly JsonObject[], mode: string, quantity: bigint): bigint {
  let sum = 0n;
  let below = 0n;
  for (const tier of tiers) {
    const upTo = typeof tier['up_to'] === 'number' ? BigInt(tier['up_to']) : null;
    const here = upTo === null || quantity < upTo ? quantity - below : upTo - below;
    const last = upTo === null || quantity <= upTo;
    const each = scaled(asString(tier['unit_amount_decimal'] ?? null) ?? '0');
    const flat = scaled(asString(tier['flat_amount_decimal'] ?? null) ?? '0');
    if (mode === 'volume' && last) return each * quantity + flat;
    if (mode !== 'volume' && (here > 0n || below === 0n)) sum += each * here + flat;
    if (last) return sum;
    below = upTo;
  }
  return sum;
}
