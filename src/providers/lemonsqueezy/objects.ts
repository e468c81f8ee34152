import { currencyExponent, moneyText } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { ofMinor } from '../wire/decimal-money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

export const api = 'https://api.lemonsqueezy.com/v1';

/** An object of JSON:API as it is remembered: its links and relationships are made of it when it is shown. */
export interface Resource {
  readonly id: string;
  readonly attributes: JsonObject;
  /** what the caller said at its checkout: told with each of its webhooks */
  readonly custom: JsonObject | null;
}

const related: Readonly<Record<string, readonly string[]>> = {
  'stores': ['products', 'orders', 'subscriptions', 'discounts', 'license-keys', 'webhooks'], 'products': ['store', 'variants'], 'variants': ['product', 'files', 'price-model'], 'customers': ['store', 'orders', 'subscriptions', 'license-keys'],
  'checkouts': ['store', 'variant'], 'orders': ['store', 'customer', 'order-items', 'subscriptions', 'license-keys', 'discount-redemptions'],
  'subscriptions': ['store', 'customer', 'order', 'order-item', 'product', 'variant', 'subscription-items', 'subscription-invoices'], 'subscription-invoices': ['store', 'subscription', 'customer'],
};

export function shown(type: string, { id, attributes }: Resource): JsonObject {
  const self = `${api}/${type}/${id}`;
  return {
    type, id, attributes,
    relationships: Object.fromEntries((related[type] ?? []).map((name) => [name, { links: { related: `${self}/${name}`, self: `${self}/relationships/${name}` } }])), links: { self },
  };
}

export function textOf(from: JsonObject | null, name: string): string | null {
  return asString(field(from, name));
}

export function partOf(from: JsonObject | null, name: string): JsonObject | null {
  return asObject(field(from, name));
}

export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => field(from, name) === undefined ? [] : [[name, field(from, name)!]]));
}

/** Cents are whole numbers. */
export function centsOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function amountIn(attributes: JsonObject, name: string): number {
  return centsOf(field(attributes, name)) ?? 0;
}

export function moneyOf(cents: number, currency: string): Money {
  return ofMinor(BigInt(cents), { currency, exponent: currencyExponent(currency) });
}

const signs: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' };

/** '$9.99' */
export function formatted(cents: number, currency: string): string {
  const text = moneyText(moneyOf(cents, currency)).slice(currency.length + 1);
  return Object.hasOwn(signs, currency) ? `${signs[currency]}${text}` : `${currency} ${text}`;
}

/** Sums as Lemon Squeezy shows them: in cents, in dollars, as text. Rates are not known, so that a dollar is a dollar and anything else as well. */
export function sums(all: Readonly<Record<string, number>>, currency: string): JsonObject {
  return Object.fromEntries(Object.entries(all).flatMap(([name, cents]) => [[name, cents], [`${name}_usd`, cents], [`${name}_formatted`, formatted(cents, currency)]]));
}

/** '2026-11-21T09:00:00.000000Z' */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000000Z`;
}

/** One billing interval on; a month that is shorter ends earlier. */
export function intervalAfter(from: string, unit: string, count: number): string {
  const at = new Date(from);
  const days = { day: count, week: 7 * count }[unit];
  if (days !== undefined) return iso(at.getTime() + days * 24 * 3600_000);
  const months = unit === 'year' ? 12 * count : count;
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).getUTCDate();
  return iso(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, Math.min(at.getUTCDate(), last), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()));
}
