import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { isTrue, textOf } from './parameters.ts';

/** A field that can be searched by: its text, a number that ranges compare (ms of a time, a decimal amount), or whether it is so. */
export interface Searchable<T> {
  readonly kind: 'text' | 'amount' | 'time' | 'flag';
  readonly of: (value: T) => string | number | boolean | null;
}

const texts: Readonly<Record<string, (found: string, wanted: string) => boolean>> = {
  is: (found, wanted) => found === wanted, is_not: (found, wanted) => found !== wanted, starts_with: (found, wanted) => found.startsWith(wanted),
  ends_with: (found, wanted) => found.endsWith(wanted), contains: (found, wanted) => found.includes(wanted),
};
const ranges: Readonly<Record<string, (found: number, wanted: number) => boolean>> = { is: (found, wanted) => found === wanted, min: (found, wanted) => found >= wanted, max: (found, wanted) => found <= wanted };

/** Why a search cannot be answered here; null when it can. One that is answered as if a criterion were not there would be a lie. */
export function searchFault<T>(search: JsonObject, known: Readonly<Record<string, Searchable<T>>>): string | null {
  for (const [name, criterion] of Object.entries(search)) {
    if (!Object.hasOwn(known, name)) return 'a search by something that is not simulated';
    const { kind } = known[name]!;
    if (kind === 'flag' || asArray(criterion) !== null && kind === 'text') continue;
    const operators = Object.entries(asObject(criterion) ?? {});
    const able = kind === 'text' ? texts : ranges;
    const compared = operators.every(([operator, value]) => Object.hasOwn(able, operator) && (kind === 'text' || Number.isFinite(number(value, kind))));
    if (operators.length === 0 || !compared) return 'a search in a way that is not simulated';
  }
  return null;
}

export function matches<T>(value: T, search: JsonObject, known: Readonly<Record<string, Searchable<T>>>): boolean {
  return Object.entries(search).every(([name, criterion]) => {
    const { kind, of } = known[name]!;
    const found = of(value);
    if (kind === 'flag') return found === isTrue(criterion);
    const wanted = asArray(criterion);
    if (wanted !== null) return wanted.some((each) => textOf(each) === found);
    return Object.entries(asObject(criterion) ?? {}).every(([operator, given]) => kind === 'text'
      ? texts[operator]!(String(found ?? '').toLowerCase(), (textOf(given) ?? '').toLowerCase())
      : found !== null && ranges[operator]!(Number(found), number(given, kind)));
  });
}

/** Good enough to compare by: no amount is made of it. */
function number(value: JsonValue | undefined, kind: 'amount' | 'time' | 'flag'): number {
  const text = textOf(value) ?? '';
  return kind === 'time' ? Date.parse(text) : /^[0-9]{1,12}(?:\.[0-9]{1,4})?$/.test(text) ? Number(text) : Number.NaN;
}

/** The ids a page of a search asks for. */
export function idsIn(search: JsonObject): readonly string[] | null {
  return asArray(field(search, 'ids'))?.flatMap((id) => textOf(id) ?? []) ?? null;
}
