import { asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';

export function text(object: JsonObject | null, name: string): string | null {
  return asString(field(object, name));
}

/** A number, an id or a URL, blanks around it taken off; '' is none. */
export function named(object: JsonObject | null, name: string): string | null {
  const value = trimmed(text(object, name) ?? '');
  return value === '' ? null : value;
}

/** A string, or a list of nothing else; null is anything other. */
export function stringsOf(value: JsonValue | undefined): readonly string[] | null {
  if (value === undefined || value === null) return [];
  const all = typeof value === 'string' ? [value] : Array.isArray(value) ? value as readonly JsonValue[] : null;
  return all !== null && all.every((each) => typeof each === 'string') ? all : null;
}

/** '447700900123' of '+447700900123': Infobip writes numbers without the plus. */
export function bare(number: string): string {
  return number.replace(/^\+/, '');
}

/** '2026-11-21T09:00:00.250+0000' */
export function time(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
