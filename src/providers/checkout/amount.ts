import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid } from './errors.ts';

/** More than anybody pays, and sums of it are still exact as JSON numbers. */
const most = 999_999_999_999n;

/** Whole minor units; null where it is none. */
export function minorOf(value: JsonValue | undefined): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

/** ISO 4217's, but for Chilean pesos, of which Checkout.com counts hundredths. https://www.checkout.com/docs/developer-resources/codes/country-codes */
export function moneyOf(minor: bigint, currency: string): Money {
  return { minor: String(minor), exponent: currency === 'CLP' ? 2 : currencyExponent(currency), currency };
}

function currencyIn(body: JsonObject | null): string | null {
  const currency = asString(field(body, 'currency'));
  return currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : null;
}

/** Null where it cannot be told exactly. */
export function moneyIn(body: JsonObject | null): Money | null {
  const [minor, currency] = [minorOf(field(body, 'amount') ?? 0), currencyIn(body)];
  return minor === null || currency === null ? null : moneyOf(minor, currency);
}

/** Nothing (a card is only looked at) or more. */
export function requireMoney(body: JsonObject, least = 0n): { readonly amount: bigint; readonly currency: string } {
  const amount = minorOf(field(body, 'amount') ?? 0);
  if (amount === null || amount < least || amount > most) throw invalid('amount_invalid');
  if (field(body, 'currency') === undefined) throw invalid('currency_required');
  const currency = currencyIn(body);
  if (currency === null) throw invalid('currency_invalid');
  return { amount, currency };
}
