import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid } from './errors.ts';

/** Where Adyen's minor units are not those of ISO 4217. https://docs.adyen.com/development-resources/currency-codes */
const exponents: Readonly<Record<string, number | undefined>> = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };

/** { value, currency }: whole minor units. Null where it cannot be told exactly. */
export function moneyOf(given: JsonValue | undefined): Money | null {
  const object = asObject(given);
  const value = field(object, 'value');
  const currency = asString(field(object, 'currency'));
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || currency === null || !/^[A-Z]{3}$/.test(currency)) return null;
  return { minor: String(BigInt(value)), exponent: exponents[currency] ?? currencyExponent(currency), currency };
}

export function shown({ minor, currency }: Pick<Money, 'minor' | 'currency'>): JsonObject {
  return { value: Number(BigInt(minor)), currency };
}

/** An amount that Adyen would take, or Adyen's own objection. Zero is one: it only verifies a card. */
export function requireMoney(given: JsonValue | undefined): Money {
  const object = asObject(given);
  if (object === null || field(object, 'value') === undefined) throw invalid('100', 'No amount specified');
  const currency = asString(field(object, 'currency'));
  if (currency === null || !/^[A-Z]{3}$/.test(currency)) throw invalid('138', 'Unsupported currency specified');
  const money = moneyOf(object);
  if (money === null || BigInt(money.minor) < 0n || BigInt(money.minor) > 999_999_999_999n) throw invalid('137', 'Invalid amount specified');
  return money;
}
