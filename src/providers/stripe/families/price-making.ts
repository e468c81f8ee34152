import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { invalid, notSimulated } from '../errors.ts';
import { decimal, listOf, mapOf, nested } from '../nested.ts';
import { orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { currency, hash, integer, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';

export interface Price extends StripeObject {
  readonly metadata: JsonObject;
  readonly product: string;
  readonly recurring: JsonObject | null;
}

/** What a price shows only when expanded, kept beside it. */
export interface PriceOptions extends StripeObject {
  readonly currency_options: JsonObject;
  readonly tiers: readonly JsonValue[] | null;
}

const whole = integer({ min: 0 });
/** Fractions of a minor unit, twelve places at most; text for ever. */
const fractional = decimal(12);
const amounts = { unit_amount: whole, unit_amount_decimal: fractional };
export const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified');
/** What a product's default price is made of; a price of its own takes more. */
export const defaultPriceParams = {
  ...amounts, currency: required(currency), custom_unit_amount: nested({ enabled: text, maximum: whole, minimum: whole, preset: whole }), metadata, tax_behavior: taxBehavior,
  currency_options: mapOf(nested({ ...amounts, custom_unit_amount: hash, tax_behavior: taxBehavior, tiers: hash })),
  recurring: nested({
    interval: required(oneOf('day', 'week', 'month', 'year')), interval_count: integer({ min: 1 }), meter: text, trial_period_days: whole, usage_type: oneOf('licensed', 'metered'),
  }),
};
export const priceParams = {
  ...defaultPriceParams,
  tiers: listOf(required(nested({ flat_amount: whole, flat_amount_decimal: fractional, unit_amount: whole, unit_amount_decimal: fractional, up_to: required(text) }))),
  tiers_mode: oneOf('graduated', 'volume'), transform_quantity: nested({ divide_by: required(integer({ min: 1 })), round: required(oneOf('down', 'up')) }),
};

type Making = Given<typeof defaultPriceParams> & Partial<Given<typeof priceParams>> & {
  readonly active?: boolean | null | undefined; readonly billing_scheme?: string | null | undefined; readonly lookup_key?: string | null | undefined; readonly nickname?: string | null | undefined;
};

/** Makes, keeps and announces a price of a product that is there. https://docs.stripe.com/api/prices/object */
export function makePrice(work: Work, product: string, given: Making): Price {
  const tiered = given.billing_scheme === 'tiered';
  requireOneAmount(given, tiered, given.custom_unit_amount?.enabled === 'true');
  const price = newPrice(work, product, given);
  work.save(price);
  work.save({
    id: price.id, object: 'price_options',
    currency_options: { ...readOptions(given.currency_options), [given.currency]: { custom_unit_amount: price['custom_unit_amount']!, tax_behavior: price['tax_behavior']!, ...amount(given) } },
    tiers: tiered ? given.tiers!.map((tier) => ({ ...flat(tier), ...amount(tier), up_to: tier.up_to === 'inf' ? null : integer({ min: 1 })(tier.up_to, 'tiers[up_to]') ?? null })) : null,
  } satisfies PriceOptions);
  work.event('price.created', price);
  return price;
}

export function newPrice(work: Pick<Work, 'id' | 'now' | 'livemode'>, product: string, given: Partial<Making> & Pick<Making, 'currency'>): Price {
  const tiered = given.billing_scheme === 'tiered';
  const custom = given.custom_unit_amount?.enabled === 'true';
  const { recurring } = given;
  return {
    id: work.id('price_1', 23), object: 'price', active: given.active ?? true, billing_scheme: tiered ? 'tiered' : 'per_unit', created: work.now, currency: given.currency,
    custom_unit_amount: custom ? { maximum: orNull(given.custom_unit_amount?.maximum), minimum: orNull(given.custom_unit_amount?.minimum), preset: orNull(given.custom_unit_amount?.preset) } : null,
    livemode: work.livemode, lookup_key: orNull(given.lookup_key), metadata: mergeMetadata({}, given.metadata), nickname: orNull(given.nickname), product,
    recurring: recurring ? {
      interval: recurring.interval, interval_count: recurring.interval_count ?? 1, meter: orNull(recurring.meter), trial_period_days: orNull(recurring.trial_period_days), usage_type: recurring.usage_type ?? 'licensed',
    } : null,
    tax_behavior: given.tax_behavior ?? 'unspecified', tiers_mode: tiered ? given.tiers_mode ?? null : null,
    transform_quantity: given.transform_quantity ? { divide_by: given.transform_quantity.divide_by, round: given.transform_quantity.round } : null,
    type: recurring ? 'recurring' : 'one_time', ...amount(given),
  };
}

function requireOneAmount(given: Making, tiered: boolean, custom: boolean): void {
  if (tiered && (!given.tiers || !given.tiers_mode)) throw invalid('When `billing_scheme` is set to `tiered`, `tiers` and `tiers_mode` must be set.', { param: given.tiers ? 'tiers_mode' : 'tiers', code: 'parameter_missing' });
  const told = [given.unit_amount !== undefined && 'unit_amount', given.unit_amount_decimal !== undefined && 'unit_amount_decimal', custom && 'custom_unit_amount', tiered && 'tiers'].filter((name) => name !== false);
  if (told.length > 1) throw invalid(`You may only specify one of these parameters: ${told.join(', ')}.`, { code: 'parameters_exclusive', param: told[0]! });
  if (told.length === 0) throw invalid('Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.', { code: 'parameter_missing', param: 'unit_amount' });
}

interface Amounts { readonly unit_amount?: number | null | undefined; readonly unit_amount_decimal?: string | null | undefined }

/** Both forms of one amount; the whole one only where it is whole. */
function amount(given: Amounts): { readonly unit_amount: number | null; readonly unit_amount_decimal: string | null } {
  return both(given.unit_amount, given.unit_amount_decimal, (unit_amount, unit_amount_decimal) => ({ unit_amount, unit_amount_decimal }));
}

function flat(given: { readonly flat_amount?: number | null | undefined; readonly flat_amount_decimal?: string | null | undefined }): JsonObject {
  return both(given.flat_amount, given.flat_amount_decimal, (flat_amount, flat_amount_decimal) => ({ flat_amount, flat_amount_decimal }));
}

function both<T>(number: number | null | undefined, digits: string | null | undefined, shown: (number: number | null, digits: string | null) => T): T {
  if (typeof number === 'number') return shown(number, String(number));
  return typeof digits === 'string' ? shown(digits.includes('.') ? null : Number(digits), digits) : shown(null, null);
}

type Options = Given<typeof defaultPriceParams>['currency_options'];

export function readOptions(given: Options): JsonObject {
  return Object.fromEntries(Object.entries(given ?? {}).flatMap(([code, option]) => {
    const name = required(currency)(code, 'currency_options');
    if (option?.tiers || option?.custom_unit_amount) throw notSimulated('tiers and custom amounts of currency_options');
    return option ? [[name, { custom_unit_amount: null, tax_behavior: option.tax_behavior ?? 'unspecified', ...amount(option) }]] : [];
  }));
}

export function optionsOf(work: Work, price: string): Promise<PriceOptions | null> {
  return work.find<PriceOptions>('price_options', price);
}
