import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/** An object as Paddle shows it; that is how it is remembered. */
export type View = JsonObject & { readonly id: string };

export function textOf(view: JsonObject | null, name: string): string | null {
  return asString(field(view, name));
}

export function partOf(view: JsonObject | null, name: string): JsonObject | null {
  return asObject(field(view, name));
}

export function itemsOf(view: JsonObject | null, name = 'items'): readonly JsonObject[] {
  return (asArray(field(view, name)) ?? []).map(asObject).filter((item) => item !== null);
}

export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => field(from, name) === undefined ? [] : [[name, field(from, name)!]]));
}

/** Paddle writes minor units as a text. */
export function minorOf(value: JsonValue | undefined): bigint | null {
  return typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? BigInt(value) : null;
}

export function moneyOf(value: JsonObject | null): Money | null {
  const minor = minorOf(field(value, 'amount'));
  const currency = textOf(value, 'currency_code');
  return minor === null || currency === null || !/^[A-Z]{3}$/.test(currency) ? null : money(minor, currency);
}

export function money(minor: bigint, currency: string): Money {
  return ofMinor(minor, { currency, exponent: currencyExponent(currency) });
}

export function wholeOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** One billing cycle on; a month that is shorter ends earlier. */
export function cycleAfter(from: string, cycle: JsonObject | null): string {
  const at = new Date(from);
  const count = wholeOf(field(cycle, 'frequency')) ?? 1;
  const days = { day: count, week: 7 * count }[textOf(cycle, 'interval') ?? ''];
  if (days !== undefined) return iso(at.getTime() + days * 24 * 3600_000);
  const months = count * (textOf(cycle, 'interval') === 'year' ? 12 : 1);
  const to = new Date(at);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(at.getUTCDate(), last));
  return to.toISOString();
}
