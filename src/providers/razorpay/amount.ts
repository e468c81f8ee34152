import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { bad } from './errors.ts';

/** More than anybody pays, and sums of it are still exact as JSON numbers. */
const most = 999_999_999_999n;

/** Whole minor units, as a number or a text of digits (a form, the SDKs' own examples). Null where it is none. */
export function minorOf(value: JsonValue | undefined): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return /^[0-9]{1,15}$/.test(asString(value) ?? '') ? BigInt(value as string) : null;
}

export function currencyOf(value: JsonValue | undefined): string | null {
  const text = asString(value);
  return text !== null && /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null;
}

/** What a body asks for; Razorpay takes a missing currency for rupees. Null where it cannot be told exactly. */
export function moneyIn(body: JsonObject | null): Money | null {
  const minor = minorOf(field(body, 'amount'));
  const currency = field(body, 'currency') === undefined ? 'INR' : currencyOf(field(body, 'currency'));
  return minor === null || currency === null ? null : moneyOf(minor, currency);
}

export function moneyOf(minor: bigint, currency: string): Money {
  return { minor: String(minor), exponent: currencyExponent(currency), currency };
}

/** An amount that Razorpay would take, or its objection. https://razorpay.com/docs/api/orders/create */
export function requireAmount(value: JsonValue | undefined, least = 100n): bigint {
  if (value === undefined || value === null || value === '') throw bad('amount: is required.', { field: 'amount', reason: 'input_validation_failed' });
  const minor = minorOf(value);
  if (minor === null) throw bad('The amount must be an integer.', { field: 'amount', reason: 'input_validation_failed' });
  if (minor < least) throw bad('Order amount less than minimum amount allowed', { field: 'amount', reason: 'amount_less_than_minimum_amount', step: 'order_creation' });
  if (minor > most) throw bad('Amount exceeds maximum amount allowed.', { field: 'amount', reason: 'input_validation_failed' });
  return minor;
}
