import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { invalid } from './errors.ts';

/** More than anybody pays, and sums of it are still exact as JSON numbers. */
const most = 999_999_999_999n;

/** Whole hundredths, as a number or a text of digits. Null where it is none. */
export function minorOf(value: JsonValue | undefined): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return /^[0-9]{1,15}$/.test(asString(value) ?? '') ? BigInt(value as string) : null;
}

/** Paystack counts every currency in hundredths, XOF and RWF too, which have none. https://paystack.com/docs/api/#supported-currency */
export function moneyOf(minor: bigint, currency: string): Money {
  return { minor: String(minor), exponent: 2, currency };
}

export function currencyOf(body: JsonObject | null): string | null {
  const said = field(body, 'currency');
  if (said === undefined || said === null || said === '') return 'NGN';
  return typeof said === 'string' && /^[A-Za-z]{3}$/.test(said) ? said.toUpperCase() : null;
}

/** Null where it cannot be told exactly. */
export function moneyIn(body: JsonObject | null): Money | null {
  const [minor, currency] = [minorOf(field(body, 'amount')), currencyOf(body)];
  return minor === null || currency === null ? null : moneyOf(minor, currency);
}

export function requireMoney(body: JsonObject): { readonly amount: bigint; readonly currency: string } {
  const amount = minorOf(field(body, 'amount'));
  if (amount === null || amount <= 0n || amount > most) throw invalid('Invalid Amount Sent', 'invalid_amount', 'Ensure that the amount is a whole number of the currency\'s subunit');
  const currency = currencyOf(body);
  if (currency === null) throw invalid('Currency not supported by merchant', 'unsupported_currency');
  return { amount, currency };
}
