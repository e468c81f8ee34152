import type { Money } from '../../model/money.ts';
import { decimalMoney, decimalText, ofMinor } from '../wire/decimal-money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { malformed, missing, unprocessable } from './errors.ts';

/** https://developer.paypal.com/reference/currency-codes/: these take no decimals, every other has two. */
const whole = ['HUF', 'JPY', 'TWD'];

export function exponentOf(currency: string): number {
  return whole.includes(currency) ? 0 : 2;
}

/** { currency_code, value }, and { currency, value } in payouts. Null where it cannot be told exactly. */
export function moneyOf(value: JsonValue | undefined): Money | null {
  const object = asObject(value);
  return decimalMoney(asString(field(object, 'value')), asString(field(object, 'currency_code')) ?? asString(field(object, 'currency')), exponentOf);
}

export function shown(money: Money): JsonObject {
  return { currency_code: money.currency, value: decimalText(money) };
}

/** An amount that PayPal would take, or PayPal's own objection. `at` is where it stands: '/amount'. */
export function requireMoney(value: JsonValue | undefined, at: string): Money {
  const object = asObject(value);
  if (object === null) throw missing(at);
  const text = asString(field(object, 'value'));
  const currency = asString(field(object, 'currency_code'));
  if (currency === null) throw missing(`${at}/currency_code`);
  if (text === null) throw missing(`${at}/value`);
  if (!/^[A-Z]{3}$/.test(currency)) throw malformed({ field: `${at}/currency_code`, value: currency.slice(0, 20), location: 'body', issue: 'INVALID_PARAMETER_SYNTAX', description: 'The value of a field does not conform to the expected format.' });
  if (!/^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(text)) throw malformed({ field: `${at}/value`, value: text.slice(0, 20), location: 'body', issue: 'INVALID_PARAMETER_SYNTAX', description: 'The value of a field does not conform to the expected format.' });
  const decimals = text.split('.')[1]?.length ?? 0;
  if (exponentOf(currency) === 0 && decimals > 0) throw unprocessable('DECIMALS_NOT_SUPPORTED', 'Currency does not support decimals.', { field: `${at}/value`, value: text, location: 'body' });
  if (decimals > 2) throw unprocessable('DECIMAL_PRECISION', 'If the currency supports decimals, only two decimal place precision is supported.', { field: `${at}/value`, value: text, location: 'body' });
  return decimalMoney(text, currency, exponentOf)!;
}

export function requirePositive(value: JsonValue | undefined, at: string): Money {
  const money = requireMoney(value, at);
  if (BigInt(money.minor) <= 0n) throw unprocessable('CANNOT_BE_ZERO_OR_NEGATIVE', 'Must be greater than zero.', { field: `${at}/value`, value: decimalText(money), location: 'body' });
  return money;
}

/** What is left to the seller: a rate like PayPal's (3.49 % and 0.49), which differs by seller and country. */
export function breakdown(amount: Money): JsonObject {
  const gross = BigInt(amount.minor);
  const rated = (gross * 349n + 5000n) / 10_000n + (amount.exponent === 2 ? 49n : 0n);
  const fee = rated > gross ? gross : rated;
  return { gross_amount: shown(amount), paypal_fee: shown(ofMinor(fee, amount)), net_amount: shown(ofMinor(gross - fee, amount)) };
}
