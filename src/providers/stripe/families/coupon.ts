import type { JsonObject } from '../../wire/json.ts';
import { invalid, noSuch, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { decimal, mapOf, nested } from '../nested.ts';
import { or, orNull, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, integer, mergeMetadata, metadata, oneOf, required, text, words } from '../params.ts';
import type { Given } from '../params.ts';
import type { Work } from '../work.ts';
import { requireProduct } from './product-making.ts';

export interface Coupon extends StripeObject {
  readonly metadata: JsonObject;
}

/** What a coupon shows only when expanded, kept beside it. */
interface CouponOptions extends StripeObject {
  readonly applies_to: JsonObject | null;
  readonly currency_options: JsonObject | null;
}

const amount = integer({ min: 1 });
const currencyOptions = mapOf(required(nested({ amount_off: required(amount) })));
const create = {
  amount_off: amount, applies_to: nested({ products: words }), currency, currency_options: currencyOptions, duration: oneOf('forever', 'once', 'repeating'), duration_in_months: integer({ min: 1 }),
  id: text, max_redemptions: integer({ min: 1 }), metadata, name: text, percent_off: decimal(4), redeem_by: integer({ min: 1 }),
};

/** Time makes a coupon invalid, and so do its redemptions. */
function shown(coupon: StripeObject, now: number): StripeObject {
  const until = coupon['redeem_by'];
  const most = coupon['max_redemptions'];
  return coupon['deleted'] === true ? coupon : { ...coupon, valid: (typeof until !== 'number' || until > now) && (typeof most !== 'number' || Number(coupon['times_redeemed']) < most) };
}

/** What Stripe would not make a coupon of; null when it would. */
function fault(given: Given<typeof create>, now: number): Error | null {
  const { amount_off: off, percent_off: percent, duration, duration_in_months: months } = given;
  if (typeof off === 'number' === (typeof percent === 'string')) {
    return off === undefined && percent === undefined
      ? invalid('Must provide percent_off or amount_off.', { code: 'parameter_missing', param: 'percent_off' })
      : invalid('You may only specify one of these parameters: percent_off, amount_off.', { code: 'parameters_exclusive', param: 'percent_off' });
  }
  if (typeof off === 'number' && typeof given.currency !== 'string') return invalid('You must pass currency when passing amount_off.', { code: 'parameter_missing', param: 'currency' });
  if (typeof percent === 'string' && (Number(percent) <= 0 || Number(percent) > 100)) return invalid('Invalid percent_off: must be greater than 0 and at most 100.', { param: 'percent_off' });
  if (duration === 'repeating' && typeof months !== 'number') return invalid('You must pass duration_in_months when passing duration=repeating.', { code: 'parameter_missing', param: 'duration_in_months' });
  if (duration !== 'repeating' && typeof months === 'number') return invalid('You can only pass duration_in_months when passing duration=repeating.', { param: 'duration_in_months' });
  if (typeof given.redeem_by === 'number' && given.redeem_by <= now) return invalid('The redeem_by timestamp must be in the future.', { param: 'redeem_by' });
  return (given.name ?? '').length > 40 ? invalid('Invalid string: a name can have up to 40 characters.', { param: 'name' }) : null;
}

async function pathCoupon(work: Work): Promise<Coupon> {
  const coupon = await work.find<Coupon>('coupon', work.ids[0]!);
  if (coupon === null || coupon['deleted'] === true) throw notFound('coupon', work.ids[0]!, 'coupon');
  return coupon;
}

/** A coupon named in a parameter. */
export async function requireCoupon(work: Work, id: string, param: string): Promise<Coupon> {
  const coupon = await work.find<Coupon>('coupon', id);
  if (coupon === null || coupon['deleted'] === true) throw noSuch('coupon', id, param);
  return shown(coupon, work.now) as Coupon;
}

export const coupons: Family = {
  kind: 'coupon',
  // every coupon's id may be the caller's own word
  prefix: null,
  index: () => ({}),
  shown,
  includes: {
    applies_to: async (coupon, work) => (await optionsOf(work, coupon.id))?.applies_to ?? undefined,
    currency_options: async (coupon, work) => (await optionsOf(work, coupon.id))?.currency_options ?? undefined,
  },
  operations: {
    'coupons.create': operation(create, async (given, work) => {
      const wrong = fault(given, work.now);
      if (wrong !== null) throw wrong;
      for (const product of given.applies_to?.products ?? []) await requireProduct(work, product, 'applies_to[products]');
      const id = given.id ?? work.id('', 8).toUpperCase();
      const before = await work.known('coupon', id);
      if (before !== null && before['deleted'] !== true) throw invalid('Coupon already exists.', { code: 'resource_already_exists', param: 'id' });
      const coupon: Coupon = {
        id, object: 'coupon', amount_off: orNull(given.amount_off), created: work.now, currency: given.amount_off ? orNull(given.currency) : null, duration: given.duration ?? 'once',
        duration_in_months: orNull(given.duration_in_months), livemode: work.livemode, max_redemptions: orNull(given.max_redemptions), metadata: mergeMetadata({}, given.metadata), name: orNull(given.name),
        percent_off: typeof given.percent_off === 'string' ? Number(given.percent_off) : null, redeem_by: orNull(given.redeem_by), times_redeemed: 0, valid: true,
      };
      const own = typeof given.amount_off === 'number' ? { [given.currency!]: { amount_off: given.amount_off } } : null;
      // an older coupon of this id may have left its own
      await optionsOf(work, id);
      work.save({
        id, object: 'coupon_options', applies_to: given.applies_to?.products ? { products: given.applies_to.products } : null,
        currency_options: own === null ? null : { ...read(given.currency_options), ...own },
      } satisfies CouponOptions);
      work.save(coupon);
      work.event('coupon.created', coupon);
      return ok(coupon);
    }),
    'coupons.retrieve': operation({}, async (_, work) => ok(shown(await pathCoupon(work), work.now))),
    'coupons.update': operation({ currency_options: currencyOptions, metadata, name: text }, async (given, work) => {
      const before = await pathCoupon(work);
      const after = { ...before, metadata: mergeMetadata(before.metadata, given.metadata), name: or(given.name, before['name']!) };
      const options = await optionsOf(work, before.id);
      if (given.currency_options && options !== null) {
        if (options.currency_options === null) throw invalid('You can only pass currency_options for a coupon with amount_off.', { param: 'currency_options' });
        work.save({ ...options, currency_options: { ...options.currency_options, ...read(given.currency_options) } });
      }
      work.save(after);
      work.event('coupon.updated', after, previousOf(before, after));
      return ok(shown(after, work.now));
    }),
    'coupons.delete': operation({}, async (_, work) => {
      const coupon = await pathCoupon(work);
      const gone = { id: coupon.id, object: 'coupon', deleted: true } as const;
      work.save(gone);
      work.event('coupon.deleted', coupon);
      return ok(gone);
    }),
    'coupons.list': operation({ ...pageParams, created }, async (given, work) => {
      const page = await listPage(work, { kind: 'coupon', noun: 'coupon', url: '/v1/coupons', page: given, keep: (coupon) => coupon['deleted'] !== true && (given.created?.(coupon) ?? true) });
      return ok({ ...page, data: (page['data'] as readonly StripeObject[]).map((coupon) => shown(coupon, work.now)) });
    }),
  },
};

function read(given: Given<typeof create>['currency_options']): JsonObject {
  return Object.fromEntries(Object.entries(given ?? {}).map(([code, { amount_off }]) => [required(currency)(code, 'currency_options'), { amount_off }]));
}

export function optionsOf(work: Work, coupon: string): Promise<CouponOptions | null> {
  return work.find<CouponOptions>('coupon_options', coupon);
}
