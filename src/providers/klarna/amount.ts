import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { badValue } from './errors.ts';

/** Klarna counts in whole minor units. Null where it cannot be told exactly. */
export function minorOf(value: JsonValue | undefined): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

export function moneyOf(amount: JsonValue | undefined, currency: JsonValue | undefined): Money | null {
  const minor = minorOf(amount);
  const code = asString(currency)?.toUpperCase() ?? '';
  return minor === null || !/^[A-Z]{3}$/.test(code) ? null : { minor: String(minor), exponent: currencyExponent(code), currency: code };
}

/** A whole amount of at least `least`, or Klarna's objection. */
export function requireMinor(body: JsonObject, name: string, least = 1n): bigint {
  const minor = minorOf(field(body, name));
  if (minor === null || minor < least) throw badValue(name);
  return minor;
}

/** The lines of an order make up its amount, or Klarna's objection. */
export function requireLines(body: JsonObject): void {
  const lines = asArray(field(body, 'order_lines'));
  if (lines === null || lines.length === 0) throw badValue('order_lines');
  const total = lines.reduce<bigint>((sum, line, index) => {
    const one = minorOf(field(asObject(line), 'total_amount'));
    if (one === null) throw badValue(`order_lines[${index}].total_amount`);
    return sum + one;
  }, 0n);
  if (total !== requireMinor(body, 'order_amount', 0n)) throw badValue('order_amount');
}

/** What a purchase is made of: https://docs.klarna.com/api/payments/ */
export function requirePurchase(body: JsonObject): void {
  if (!/^[A-Za-z]{2}$/.test(asString(field(body, 'purchase_country')) ?? '')) throw badValue('purchase_country');
  if (!/^[A-Za-z]{3}$/.test(asString(field(body, 'purchase_currency')) ?? '')) throw badValue('purchase_currency');
  requireLines(body);
}
