import type { Cut } from '../discounting.ts';
import { spoken } from '../currency.ts';
import { invalid, noSuch } from '../errors.ts';
import { listOf, nested } from '../nested.ts';
import type { StripeObject } from '../object.ts';
import type { Family } from '../operation.ts';
import { required, text } from '../params.ts';
import { addMonths } from '../period.ts';
import type { Work } from '../work.ts';
import { optionsOf, requireCoupon } from './coupon.ts';
import type { Coupon } from './coupon.ts';
import { activeCode } from './promotion-code.ts';
import type { PromotionCode } from './promotion-code.ts';

export interface Discount extends StripeObject {
  readonly end: number | null;
  readonly promotion_code: string | null;
  readonly source: { readonly coupon: string; readonly type: 'coupon' };
}

/** What a caller asks for: a coupon, perhaps by a promotion code. Checked, and not yet redeemed. */
export interface Wish {
  readonly coupon: Coupon;
  readonly code: PromotionCode | null;
}

/** `discounts` of invoices, subscriptions and Checkout Sessions. */
export const discountsParam = listOf(required(nested({ coupon: text, discount: text, promotion_code: text })));

type Wanted = readonly { readonly coupon?: string | null | undefined; readonly discount?: string | null | undefined; readonly promotion_code?: string | null | undefined }[];

/** The coupons that were asked for; refused when one cannot be redeemed. */
export async function wishes(work: Work, given: Wanted | null | undefined, customer: string | null): Promise<readonly Wish[]> {
  const found: Wish[] = [];
  for (const [index, { coupon, discount, promotion_code: code }] of (given ?? []).entries()) {
    const param = `discounts[${index}]`;
    if ([coupon, discount, code].filter((id) => typeof id === 'string').length !== 1) throw invalid('You must specify exactly one of `coupon`, `discount` or `promotion_code` for each discount.', { param });
    if (typeof discount === 'string') {
      const before = await work.find<Discount>('discount', discount);
      if (before === null) throw noSuch('discount', discount, `${param}[discount]`);
      found.push({ coupon: await requireCoupon(work, before.source.coupon, `${param}[discount]`), code: null });
    } else if (typeof code === 'string') {
      const known = await activeCode(work, code, customer, `${param}[promotion_code]`);
      found.push({ coupon: await redeemable(work, known.promotion['coupon'] as string, `${param}[promotion_code]`), code: known });
    } else {
      found.push({ coupon: await redeemable(work, coupon!, `${param}[coupon]`), code: null });
    }
  }
  return found;
}

async function redeemable(work: Work, id: string, param: string): Promise<Coupon> {
  const coupon = await requireCoupon(work, id, param);
  if (coupon['valid'] !== true) throw invalid(`Coupon expired: ${id}`, { code: 'coupon_expired', param });
  return coupon;
}

/** A promotion code may ask for a minimum. */
export function requireMinimum(wanted: readonly Wish[], subtotal: number, currency: string): void {
  for (const { code } of wanted) {
    const { minimum_amount: least, minimum_amount_currency: of } = code?.restrictions ?? {};
    if (typeof least === 'number' && of === currency && subtotal < least) throw invalid(`This promotion code cannot be redeemed: it asks for at least ${spoken(least, currency)}.`, { param: 'discounts' });
  }
}

/** Counts the redemption, and makes the discount it gives. https://docs.stripe.com/api/discounts/object */
export async function redeem(work: Work, { coupon, code }: Wish, on: { readonly customer: string | null; readonly invoice?: string; readonly subscription?: string; readonly session?: string }): Promise<Discount> {
  const now = (await work.find<Coupon>('coupon', coupon.id))!;
  work.save({ ...now, times_redeemed: Number(now['times_redeemed']) + 1 });
  if (code !== null) {
    const latest = (await work.find<PromotionCode>('promotion_code', code.id))!;
    work.save({ ...latest, times_redeemed: Number(latest['times_redeemed']) + 1 });
  }
  const discount: Discount = {
    id: work.id('di_1', 23), object: 'discount', checkout_session: on.session ?? null, customer: on.customer, customer_account: null,
    end: coupon['duration'] === 'repeating' ? addMonths(work.now, Number(coupon['duration_in_months'])) : null, invoice: on.invoice ?? null, invoice_item: null, promotion_code: code?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' }, start: work.now, subscription: on.subscription ?? null, subscription_item: null,
  };
  work.save(discount);
  if (on.customer !== null) work.event('customer.discount.created', discount);
  return discount;
}

/** What a coupon takes off in this currency. */
export async function cutOf(work: Work, id: string, coupon: Coupon, currency: string): Promise<Cut> {
  const options = await optionsOf(work, coupon.id);
  const percent = typeof coupon['percent_off'] === 'number' ? coupon['percent_off'] : null;
  const local = (options?.currency_options?.[currency] as { readonly amount_off?: number } | undefined)?.amount_off ?? (coupon['currency'] === currency ? Number(coupon['amount_off']) : null);
  if (percent === null && local === null) throw invalid(`The coupon \`${coupon.id}\` cannot be redeemed in ${currency}: its amount is in ${String(coupon['currency'])}.`, { param: 'discounts' });
  return { id, percent, amount: percent === null ? local : null, products: (options?.applies_to?.['products'] as readonly string[] | undefined) ?? null };
}

/** What the discounts of these ids take off, as long as they last. A coupon that was deleted since still counts. */
export async function cutsOf(work: Work, discounts: readonly string[], currency: string, at: number): Promise<readonly Cut[]> {
  const cuts: Cut[] = [];
  for (const id of discounts) {
    const discount = await work.find<Discount>('discount', id);
    const coupon = discount === null ? null : await work.find<Coupon>('coupon', discount.source.coupon);
    if (discount === null || coupon === null || coupon['deleted'] === true || discount.end !== null && discount.end <= at) continue;
    cuts.push(await cutOf(work, id, coupon, currency));
  }
  return cuts;
}

/** Those that still count after the first invoice: all but `once`. */
export async function lasting(work: Work, discounts: readonly string[]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const id of discounts) {
    const coupon = await work.find<Discount>('discount', id).then((discount) => (discount === null ? null : work.find<Coupon>('coupon', discount.source.coupon)));
    if (coupon !== null && coupon['duration'] !== 'once') kept.push(id);
  }
  return kept;
}


/** Never read by itself: Stripe shows discounts only inside other objects. */
export const discounts: Family = { kind: 'discount', prefix: 'di_', index: () => ({}), operations: {} };
