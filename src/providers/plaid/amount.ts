import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { decimalNumber } from '../wire/decimal-number.ts';
import { decimalMoney, decimalText, ofMinor } from '../wire/decimal-money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid, missing } from './errors.ts';

/** '12.34' of a transfer; null where it cannot be told exactly. */
export function amountOf(body: JsonObject): Money | null {
  return decimalMoney(asString(field(body, 'amount')), asString(field(body, 'iso_currency_code')) ?? 'USD', currencyExponent);
}

/** An amount above nothing, or Plaid's objection. */
export function requireAmount(body: JsonObject): Money {
  if ((field(body, 'amount') ?? null) === null) throw missing(['amount']);
  const money = amountOf(body);
  if (money === null || BigInt(money.minor) <= 0n) throw invalid('amount must be a decimal string greater than zero with two digits of precision e.g. "10.00"');
  return money;
}

export const usd = (minor: bigint): Money => ofMinor(minor, { currency: 'USD', exponent: 2 });

/** Minor units of what is kept as '12.34'. */
export const minorOf = (text: string): bigint => BigInt(decimalMoney(text, 'USD', currencyExponent)!.minor);

export const textOf = (money: Money): string => decimalText(money);

/** { currency: 'GBP', value: 12.34 } of a payment: a JSON number. */
export function paymentAmountOf(value: JsonValue | undefined): Money | null {
  const amount = asObject(value);
  return decimalMoney(decimalNumber(field(amount, 'value')), asString(field(amount, 'currency')), currencyExponent);
}

export function requirePaymentAmount(value: JsonValue | undefined): Money {
  if (asObject(value) === null) throw missing(['amount']);
  const money = paymentAmountOf(value);
  if (money === null || BigInt(money.minor) <= 0n) throw invalid('amount must have a currency and a value greater than zero with no more decimals than the currency has');
  return money;
}

/** Small enough to be exact as a number: `decimalNumber` takes no more digits. */
export function shownPayment(money: Money): JsonObject {
  return { currency: money.currency, value: Number(decimalText(money)) };
}
