import type { Money } from '../../model/money.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { money } from './currency.ts';

/**
 * The amount a request tells, exactly. Null where it does not: a capture or refund names no currency, and what the whole
 * amount is only the vendor knows. v2: `amount: { value, currency }`. Checkout: the sum of its lines.
 */
export function amountOf(params: JsonObject): Money | null {
  const amount = field(params, 'amount');
  const nested = asObject(amount);
  if (nested !== null) return moneyOf(field(nested, 'value'), field(nested, 'currency'));
  return amount === undefined ? linesOf(params) : moneyOf(amount, field(params, 'currency'));
}

function moneyOf(amount: JsonValue | undefined, currency: JsonValue | undefined): Money | null {
  const digits = whole(amount);
  const code = asString(currency);
  return digits === null || code === null ? null : money(digits, code);
}

/** v1 writes numbers as text; v2 as text or as a JSON number. */
function whole(value: JsonValue | undefined): string | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : asString(value ?? null);
}

/** Only when every line has its own price in one currency. */
function linesOf(params: JsonObject): Money | null {
  const lines = asArray(field(params, 'line_items'));
  if (lines === null || lines.length === 0) return null;
  const prices = lines.map((line) => {
    const item = asObject(line);
    const price = asObject(field(item, 'price_data'));
    const one = moneyOf(field(price, 'unit_amount'), field(price, 'currency'));
    const quantity = whole(field(item, 'quantity')) ?? '1';
    return one === null || !/^[0-9]{1,9}$/.test(quantity) ? null : { currency: one.currency, minor: BigInt(one.minor) * BigInt(quantity) };
  });
  const currency = prices[0]?.currency;
  if (currency === undefined || prices.some((price) => price?.currency !== currency)) return null;
  return money(String(prices.reduce((sum, price) => sum + price!.minor, 0n)), currency);
}
