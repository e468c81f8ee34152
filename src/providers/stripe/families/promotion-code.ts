import type { JsonObject } from '../../wire/json.ts';
import { asString, field } from '../../wire/json.ts';
import { invalid, noSuch, notFound, notSimulated } from '../errors.ts';
import { created, everyOne, listPage, pageParams } from '../list.ts';
import { nested } from '../nested.ts';
import { orNull, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { indexed, ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, flag, hash, integer, mergeMetadata, metadata, oneOf, required, text } from '../params.ts';
import type { Work } from '../work.ts';
import { requireCoupon } from './coupon.ts';
import { requireCustomer } from './customer.ts';

export interface PromotionCode extends StripeObject {
  readonly active: boolean;
  readonly code: string;
  readonly metadata: JsonObject;
  readonly promotion: JsonObject;
  readonly restrictions: JsonObject;
}

/** A code that is expired or used up is no longer active. */
function shown(code: StripeObject, now: number): StripeObject {
  const until = code['expires_at'];
  const most = code['max_redemptions'];
  return typeof until === 'number' && until <= now || typeof most === 'number' && Number(code['times_redeemed']) >= most ? { ...code, active: false } : code;
}

/** Before 2025-09-30 a code had its whole coupon in place of `promotion`. */
async function seen(work: Work, code: PromotionCode): Promise<JsonObject> {
  const { promotion, ...rest } = shown(code, work.now) as PromotionCode;
  if (work.version >= '2025-09-30') return { ...rest, promotion };
  const id = asString(field(promotion, 'coupon'))!;
  return { ...rest, coupon: await work.find('coupon', id) ?? id };
}

async function pathCode(work: Work): Promise<PromotionCode> {
  const code = await work.find<PromotionCode>('promotion_code', work.ids[0]!);
  if (code === null) throw notFound('promotion code', work.ids[0]!, 'promotion_code');
  return code;
}

/** A code named in a parameter, which this customer may redeem. */
export async function activeCode(work: Work, id: string, customer: string | null, param: string): Promise<PromotionCode> {
  const code = await work.find<PromotionCode>('promotion_code', id);
  if (code === null) throw noSuch('promotion code', id, param);
  if (shown(code, work.now)['active'] !== true) throw invalid('This promotion code is not active.', { code: 'coupon_expired', param });
  if (code['customer'] !== null && code['customer'] !== customer) throw invalid('This promotion code cannot be redeemed because it belongs to another customer.', { param });
  const { first_time_transaction: first } = code.restrictions;
  const paid = first === true && customer !== null && (await everyOne(work, 'charge', { customer })).some((charge) => charge['status'] === 'succeeded');
  if (paid) throw invalid('This promotion code cannot be redeemed because the associated customer has prior transactions.', { param });
  return code;
}

/** Codes are the same in any case; of one code one is active at a time. */
async function requireFree(work: Work, code: string, own: string | null): Promise<void> {
  const taken = (await everyOne(work, 'promotion_code', { code: code.toLowerCase() })).some((other) => other.id !== own && shown(other, work.now)['active'] === true);
  if (taken) throw invalid(`An active promotion code with \`code: ${code}\` already exists.`, { code: 'resource_already_exists', param: 'code' });
}

export const promotionCodes: Family = {
  kind: 'promotion_code',
  prefix: 'promo_',
  index: (code) => indexed({ code: String(code['code']).toLowerCase(), coupon: field(code['promotion'] as JsonObject, 'coupon'), customer: code['customer'] }),
  shown,
  operations: {
    'promotion_codes.create': operation({
      active: flag, code: text, coupon: text, customer: text, customer_account: text, expires_at: integer({ min: 1 }), max_redemptions: integer({ min: 1 }), metadata,
      promotion: nested({ type: required(oneOf('coupon')), coupon: text }),
      restrictions: nested({ currency_options: hash, first_time_transaction: flag, minimum_amount: integer({ min: 1 }), minimum_amount_currency: currency }),
    }, async (given, work) => {
      const older = work.version < '2025-09-30';
      if (!older && given.coupon !== undefined) throw invalid('Received unknown parameter: coupon', { code: 'parameter_unknown', param: 'coupon' });
      if (given.restrictions?.currency_options) throw notSimulated('currency_options of promotion codes');
      const [coupon, param] = older && typeof given.coupon === 'string' ? [given.coupon, 'coupon'] : [required(text)(given.promotion?.coupon ?? undefined, older ? 'coupon' : 'promotion[coupon]'), 'promotion[coupon]'];
      const { valid } = await requireCoupon(work, coupon, param);
      if (valid !== true) throw invalid(`Coupon expired: ${coupon}`, { code: 'coupon_expired', param });
      if (typeof given.customer === 'string') await requireCustomer(work, given.customer);
      if (typeof given.expires_at === 'number' && given.expires_at <= work.now) throw invalid('The expires_at timestamp must be in the future.', { param: 'expires_at' });
      const restrictions = { first_time_transaction: given.restrictions?.first_time_transaction ?? false, minimum_amount: orNull(given.restrictions?.minimum_amount), minimum_amount_currency: orNull(given.restrictions?.minimum_amount_currency) };
      if ((restrictions.minimum_amount === null) !== (restrictions.minimum_amount_currency === null)) {
        throw invalid('You must pass both minimum_amount and minimum_amount_currency.', { param: `restrictions[${restrictions.minimum_amount === null ? 'minimum_amount' : 'minimum_amount_currency'}]`, code: 'parameter_missing' });
      }
      const code: PromotionCode = {
        id: work.id('promo_1', 23), object: 'promotion_code', active: given.active ?? true, code: given.code ?? work.id('', 8).toUpperCase(), created: work.now, customer: orNull(given.customer),
        customer_account: orNull(given.customer_account), expires_at: orNull(given.expires_at), livemode: work.livemode, max_redemptions: orNull(given.max_redemptions), metadata: mergeMetadata({}, given.metadata),
        promotion: { coupon, type: 'coupon' }, restrictions, times_redeemed: 0,
      };
      if (code.active) await requireFree(work, code.code, null);
      work.save(code);
      work.event('promotion_code.created', code);
      return ok(await seen(work, code));
    }),
    'promotion_codes.retrieve': operation({}, async (_, work) => ok(await seen(work, await pathCode(work)))),
    'promotion_codes.update': operation({ active: flag, metadata, restrictions: nested({ currency_options: hash }) }, async (given, work) => {
      if (given.restrictions?.currency_options) throw notSimulated('currency_options of promotion codes');
      const before = await pathCode(work);
      if (given.active === true && !before.active) await requireFree(work, before.code, before.id);
      const after: PromotionCode = { ...before, active: given.active ?? before.active, metadata: mergeMetadata(before.metadata, given.metadata) };
      work.save(after);
      work.event('promotion_code.updated', after, previousOf(before, after));
      return ok(await seen(work, after));
    }),
    'promotion_codes.list': operation({ ...pageParams, active: flag, code: text, coupon: text, created, customer: text, customer_account: text }, async (given, work) => {
      const page = await listPage(work, {
        kind: 'promotion_code', noun: 'promotion code', url: '/v1/promotion_codes', page: given, where: { code: given.code?.toLowerCase(), coupon: given.coupon, customer: given.customer },
        keep: (code) => (given.created?.(code) ?? true) && (typeof given.active !== 'boolean' || shown(code, work.now)['active'] === given.active),
      });
      return ok({ ...page, data: await Promise.all((page['data'] as readonly PromotionCode[]).map((code) => seen(work, code))) });
    }),
  },
};
