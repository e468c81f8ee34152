import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { decimalNumber } from '../wire/decimal-number.ts';
import { decimalMoney, decimalText, ofMinor } from '../wire/decimal-money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid } from './errors.ts';

/** A JSON number of whole units, and a currency; null where it cannot be told exactly. */
export function moneyOf(value: JsonValue | undefined, currency: JsonValue | undefined): Money | null {
  return decimalMoney(decimalNumber(value) ?? asString(value), asString(currency), currencyExponent);
}

/** { value: 10.5, currency: 'EUR' } */
export function amountOf(value: JsonValue | undefined): Money | null {
  const amount = asObject(value);
  return moneyOf(field(amount, 'value'), field(amount, 'currency'));
}

export function requireCurrency(body: JsonObject, name: string): string {
  const currency = asString(field(body, name));
  if (currency === null || !/^[A-Z]{3}$/.test(currency)) throw invalid(name, `${name} must be a currency code of three letters`);
  return currency;
}

export function requirePositive(given: Money | null, path: string): Money {
  if (given === null || BigInt(given.minor) <= 0n) throw invalid(path, 'The amount must be greater than zero, with no more decimals than its currency has');
  return given;
}

/** As Wise writes it, a JSON number: exact, because no amount taken here has more than 15 digits. */
export function numberOf(amount: Money): number {
  return Number(decimalText(amount));
}

export function shown(amount: Money): JsonObject {
  return { value: numberOf(amount), currency: amount.currency };
}

export function money(minor: bigint, currency: string): Money {
  return ofMinor(minor, { currency, exponent: currencyExponent(currency) });
}
