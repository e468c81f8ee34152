import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { decimalNumber } from '../wire/decimal-number.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid, required } from './errors.ts';

/** Decimals of the coins that a price may be in; any other currency is a country's. */
const coins: Readonly<Record<string, number>> = { BTC: 8, BCH: 8, LTC: 8, DOGE: 8, USDC: 6, USDT: 6, ETH: 18, DAI: 18, MATIC: 18, POL: 18, APE: 18, SHIB: 18 };

/** { amount: '100.00', currency: 'USD' }; null where it cannot be told exactly. */
export function priceOf(value: JsonValue | undefined): Money | null {
  const price = asObject(value);
  const amount = field(price, 'amount');
  const currency = asString(field(price, 'currency'));
  const found = /^([0-9]{1,15})(?:\.([0-9]{1,18}))?$/.exec(asString(amount) ?? decimalNumber(amount) ?? '');
  if (found === null || currency === null || !/^[A-Za-z]{3,6}$/.test(currency)) return null;
  const code = currency.toUpperCase();
  const exponent = Object.hasOwn(coins, code) ? coins[code]! : code.length === 3 ? currencyExponent(code) : null;
  const [, whole = '', fraction = ''] = found;
  if (exponent === null || /[1-9]/.test(fraction.slice(exponent))) return null;
  return ofMinor(BigInt(`${whole}${fraction.slice(0, exponent).padEnd(exponent, '0')}`), { currency: code, exponent });
}

/** What is to be paid, or Coinbase's objection; null where the payer decides. */
export function requirePrice(body: JsonObject): JsonObject | null {
  const type = asString(field(body, 'pricing_type'));
  if (type !== 'fixed_price' && type !== 'no_price') throw type === null ? required('pricing_type') : invalid('pricing_type must be one of fixed_price, no_price.');
  return type === 'no_price' ? null : requireLocalPrice(body);
}

export function requireLocalPrice(body: JsonObject): JsonObject {
  const price = asObject(field(body, 'local_price'));
  if (price === null) throw required('local_price');
  const money = priceOf(price);
  if (money === null) throw invalid("local_price is no amount of a currency: amount is a decimal text ('100.00') with no more decimals than its currency has, currency an ISO 4217 code or a coin.");
  if (BigInt(money.minor) <= 0n) throw invalid('local_price must be greater than zero.');
  return { amount: String(field(price, 'amount')), currency: money.currency };
}
