import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { decimalMoney, decimalText } from '../wire/decimal-money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { unprocessable } from './errors.ts';

/** { currency, value: '10.00' }; null where it cannot be told exactly. */
export function moneyOf(value: JsonValue | undefined): Money | null {
  const object = asObject(value);
  return decimalMoney(asString(field(object, 'value')), asString(field(object, 'currency')), currencyExponent);
}

export function shown(money: Money): JsonObject {
  return { value: decimalText(money), currency: money.currency };
}

/** An amount above nothing with exactly the currency's decimals, or Mollie's objection. */
export function requireAmount(value: JsonValue | undefined): Money {
  const given = asString(field(asObject(value), 'value'));
  const money = moneyOf(value);
  if (asObject(value) === null) throw unprocessable('The amount is required.', 'amount');
  if (money === null || given !== decimalText(money)) throw unprocessable("The amount contains an invalid value: it is a text with exactly the decimals of its currency, as '10.00'.", 'amount');
  if (BigInt(money.minor) <= 0n) throw unprocessable('The amount is lower than the minimum.', 'amount');
  return money;
}
