import { invalid, noSuch, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { nested } from '../nested.ts';
import { orNull } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, flag, hash, ignored, integer, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import type { Given } from '../params.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Work } from '../work.ts';

export interface ShippingRate extends StripeObject {
  readonly active: boolean;
  readonly fixed_amount: { readonly amount: number; readonly currency: string };
  readonly metadata: JsonObject;
}

export const shippingRateParams = {
  delivery_estimate: hash, display_name: required(text), fixed_amount: required(nested({ amount: required(integer({ min: 0 })), currency: required(currency) })), metadata, tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_code: text, type: oneOf('fixed_amount'),
};

/** https://docs.stripe.com/api/shipping_rates/object */
export function makeShippingRate(work: Work, given: Given<typeof shippingRateParams>): ShippingRate {
  const rate: ShippingRate = {
    id: work.id('shr_1', 23), object: 'shipping_rate', active: true, created: work.now, delivery_estimate: estimate(given.delivery_estimate), display_name: given.display_name,
    fixed_amount: { amount: given.fixed_amount.amount, currency: given.fixed_amount.currency }, livemode: work.livemode, metadata: mergeMetadata({}, given.metadata), tax_behavior: given.tax_behavior ?? 'unspecified',
    tax_code: orNull(given.tax_code), type: 'fixed_amount',
  };
  work.save(rate);
  return rate;
}

/** Both ends of the estimate, with numbers for the days that came as text. */
function estimate(given: JsonObject | null | undefined): JsonObject | null {
  if (!given) return null;
  return Object.fromEntries(['maximum', 'minimum'].map((end) => {
    const bound = hash(given[end], `delivery_estimate[${end}]`);
    return [end, bound ? { unit: bound['unit'] ?? null, value: integer({ min: 1 })(bound['value'], `delivery_estimate[${end}][value]`) ?? null } : null];
  }));
}

export async function requireShippingRate(work: Work, id: string, param: string): Promise<ShippingRate> {
  const rate = await work.find<ShippingRate>('shipping_rate', id);
  if (rate === null) throw noSuch('shipping rate', id, param);
  if (!rate.active) throw invalid(`The shipping rate ${id} is not active.`, { param });
  return rate;
}

async function pathRate(work: Work): Promise<ShippingRate> {
  const rate = await work.find<ShippingRate>('shipping_rate', work.ids[0]!);
  if (rate === null) throw notFound('shipping rate', work.ids[0]!, 'shipping_rate_token');
  return rate;
}

export const shippingRates: Family = {
  kind: 'shipping_rate',
  prefix: 'shr_',
  index: () => ({}),
  operations: {
    'shipping_rates.create': operation(shippingRateParams, async (given, work) => ok(makeShippingRate(work, given))),
    'shipping_rates.retrieve': operation({}, async (_, work) => ok(await pathRate(work))),
    'shipping_rates.update': operation({ active: flag, metadata, tax_behavior: text, ...ignored('fixed_amount') }, async (given, work) => {
      const before = await pathRate(work);
      const after: ShippingRate = { ...before, active: given.active ?? before.active, metadata: mergeMetadata(before.metadata, given.metadata), tax_behavior: given.tax_behavior ?? before['tax_behavior']! };
      work.save(after);
      return ok(after);
    }),
    'shipping_rates.list': operation({ ...pageParams, active: flag, created, currency }, async (given, work) => ok(await listPage(work, {
      kind: 'shipping_rate', noun: 'shipping rate', url: '/v1/shipping_rates', page: given,
      keep: (rate) => (given.created?.(rate) ?? true) && (typeof given.active !== 'boolean' || rate['active'] === given.active) && (typeof given.currency !== 'string' || (rate as ShippingRate).fixed_amount.currency === given.currency),
    }))),
  },
};
