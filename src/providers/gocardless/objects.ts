import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/** An object as GoCardless shows it; that is how it is remembered. */
export type View = JsonObject & { readonly id: string };

export const kinds = ['customer', 'customer_bank_account', 'mandate', 'payment', 'refund', 'payout'] as const;

export const currencies = ['AUD', 'CAD', 'DKK', 'EUR', 'GBP', 'NZD', 'SEK', 'USD'];
/** The scheme of a currency's bank accounts. */
export const schemes: Readonly<Record<string, string>> = { AUD: 'becs', CAD: 'pad', DKK: 'betalingsservice', EUR: 'sepa_core', GBP: 'bacs', NZD: 'becs_nz', SEK: 'autogiro', USD: 'ach' };

/** The one creditor that every account has here. */
export const creditor = 'CR0000FOURTHWALL';

export function linkOf(view: JsonObject | null, name: string): string | null {
  return asString(field(asObject(field(view, 'links')), name));
}

export function textOf(view: JsonObject | null, name: string): string | null {
  return asString(field(view, name));
}

/** A whole number of minor units; GoCardless takes it as a text too. */
export function wholeOf(value: JsonValue | undefined): number | null {
  const number = typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => field(from, name) === undefined ? [] : [[name, field(from, name)!]]));
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

const day = 24 * 3600_000;

/** So many working days from now: what a scheme takes at least. */
export function chargeDate(nowMs: number, days = 3): string {
  let at = nowMs;
  for (let left = days; left > 0;) {
    at += day;
    if (![0, 6].includes(new Date(at).getUTCDay())) left -= 1;
  }
  return iso(at).slice(0, 10);
}
