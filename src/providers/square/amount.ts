import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid, missing } from './errors.ts';

/** More than anybody pays, and sums of it are still exact as JSON numbers. */
const most = 999_999_999_999n;

/** { amount, currency }: whole minor units. Null where it cannot be told exactly. */
export function moneyOf(value: JsonValue | undefined): Money | null {
  const object = asObject(value);
  const amount = field(object, 'amount');
  const currency = asString(field(object, 'currency'));
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || currency === null || !/^[A-Z]{3}$/.test(currency)) return null;
  return { minor: String(BigInt(amount)), exponent: currencyExponent(currency), currency };
}

export function money(minor: bigint, currency: string): Money {
  return { minor: String(minor), exponent: currencyExponent(currency), currency };
}

/** As Square writes it. Every amount kept here is small enough to be exact as a number. */
export function shown({ minor, currency }: Money): JsonObject {
  return { amount: Number(BigInt(minor)), currency };
}

export function sum(one: Money, other: Money): Money {
  return money(BigInt(one.minor) + BigInt(other.minor), one.currency);
}

/** An amount that Square would take, or Square's own objection. */
export function requireMoney(value: JsonValue | undefined, at: string, least = 1n): Money {
  const object = asObject(value);
  if (object === null) throw missing(at);
  const amount = field(object, 'amount');
  if (amount === undefined || amount === null) throw missing(`${at}.amount`);
  if (typeof amount !== 'number' || !Number.isInteger(amount)) throw invalid('EXPECTED_INTEGER', 'Expected an integer value.', `${at}.amount`);
  if (asString(field(object, 'currency')) === null) throw missing(`${at}.currency`);
  const found = moneyOf(object);
  if (found === null) throw invalid('INVALID_VALUE', 'This is no amount of a currency that Square knows.', at);
  if (BigInt(found.minor) < least) throw invalid('VALUE_TOO_LOW', `\`${at}.amount\` must be at least ${least}.`, `${at}.amount`);
  if (BigInt(found.minor) > most) throw invalid('VALUE_TOO_HIGH', `\`${at}.amount\` must be no more than ${most}.`, `${at}.amount`);
  return found;
}
