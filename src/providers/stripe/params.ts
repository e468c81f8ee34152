import { asArray, asObject } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { currencies } from './currency.ts';
import { invalid } from './errors.ts';

/** Reads one parameter. Undefined: not given. Null: given empty, which unsets it. Throws StripeFailure naming it. */
export type Field<T> = (value: JsonValue | undefined, name: string) => T;
export type Optional<T> = Field<T | null | undefined>;
export type Spec = Readonly<Record<string, Field<unknown>>>;
export type Given<S extends Spec> = { readonly [K in keyof S]: ReturnType<S[K]> };

/** Reads all parameters of a call; one that the operation does not know is an error, as at Stripe. */
export function readParams<S extends Spec>(spec: S, params: JsonObject): Given<S> {
  // `key` is the credential of calls without an Authorization header
  const unknown = Object.keys(params).filter((name) => name !== 'key' && !Object.hasOwn(spec, name));
  if (unknown.length > 0) {
    throw invalid(`Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`, { code: 'parameter_unknown', param: unknown[0]! });
  }
  return Object.fromEntries(Object.entries(spec).map(([name, field]) => [name, field(params[name], name)])) as Given<S>;
}

export function required<T>(field: Field<T>): Field<Exclude<T, null | undefined>> {
  return (value, name) => {
    if (value === undefined) throw invalid(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
    const read = field(value, name);
    if (read === null || read === undefined) {
      throw invalid(
        `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. `
        + `You should remove '${name}' from your request or supply a non-empty value.`, { code: 'parameter_invalid_empty', param: name });
    }
    return read as Exclude<T, null | undefined>;
  };
}

export const text: Optional<string> = (value, name) => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(`Invalid string: ${JSON.stringify(value)}`, { param: name });
  return value === '' ? null : value;
};

/** Whole numbers only; no floating point is ever parsed. */
export function integer(bounds: { readonly min?: number; readonly max?: number } = {}): Optional<number> {
  return (value, name) => {
    const digits = text(value, name);
    if (digits === undefined || digits === null) return digits;
    if (!/^-?[0-9]{1,15}$/.test(digits)) throw invalid(`Invalid integer: ${digits}`, { code: 'parameter_invalid_integer', param: name });
    const number = Number(digits);
    if (bounds.min !== undefined && number < bounds.min) {
      throw invalid(`This value must be greater than or equal to ${bounds.min}.`, { code: 'parameter_invalid_integer', param: name });
    }
    if (bounds.max !== undefined && number > bounds.max) {
      throw invalid(`This value must be less than or equal to ${bounds.max}.`, { code: 'parameter_invalid_integer', param: name });
    }
    return number;
  };
}

export const flag: Optional<boolean> = (value, name) => {
  const word = text(value, name);
  if (word === undefined || word === null) return word;
  if (word !== 'true' && word !== 'false') throw invalid(`Invalid boolean: ${word}`, { param: name });
  return word === 'true';
};

export function oneOf(...words: readonly string[]): Optional<string> {
  return (value, name) => {
    const word = text(value, name);
    if (word === undefined || word === null || words.includes(word)) return word;
    const choice = words.length === 1 ? words[0]! : `one of ${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
    throw invalid(`Invalid ${name}: must be ${choice}`, { param: name });
  };
}

export const currency: Optional<string> = (value, name) => {
  const word = text(value, name);
  if (word === undefined || word === null) return word;
  if (!currencies.includes(word.toLowerCase())) {
    throw invalid(`Invalid currency: ${word.toLowerCase()}. Stripe currently supports these currencies: ${currencies.join(', ')}`, { param: name });
  }
  return word.toLowerCase();
};

export const hash: Optional<JsonObject> = (value, name) => {
  if (value === undefined || value === '') return value === '' ? null : undefined;
  // a hash whose only keys are 0, 1, ... arrives as a list (wire/form.ts)
  const list = asArray(value);
  const object = list === null ? asObject(value) : Object.fromEntries(list.map((item, index) => [String(index), item]));
  if (object === null) throw invalid('Invalid object', { param: name });
  return object;
};

export const words: Optional<readonly string[]> = (value, name) => {
  if (value === undefined || value === '') return value === '' ? null : undefined;
  const list = asArray(value);
  if (list === null || !list.every((item) => typeof item === 'string')) throw invalid('Invalid array', { param: name });
  return list as readonly string[];
};

/** An address, as loosely checked as at Stripe. */
export const email: Optional<string> = (value, name) => {
  const address = text(value, name);
  if (address !== undefined && address !== null && !/^[^\s@]+@[^\s@]+$/.test(address)) {
    throw invalid(`Invalid email address: ${address}`, { code: 'email_invalid', param: name });
  }
  return address;
};

/** Up to 50 keys of 40 characters with values of 500. A key given empty is removed. https://docs.stripe.com/api/metadata */
export const metadata: Optional<Readonly<Record<string, string>>> = (value, name) => {
  const entries = hash(value, name);
  if (entries === undefined || entries === null) return entries;
  for (const [key, entry] of Object.entries(entries)) {
    if (typeof entry !== 'string') throw invalid(`Invalid string: ${JSON.stringify(entry)}`, { param: `${name}[${key}]` });
    if (key.length > 40) throw invalid(`Metadata keys can have up to 40 characters, but you passed in a key that is ${key.length} characters. Invalid key: ${key}`, { param: name });
    if (entry.length > 500) throw invalid(`Metadata values can have up to 500 characters, but you passed in a value that is ${entry.length} characters. Invalid value: ${entry}`, { param: name });
  }
  return entries as Readonly<Record<string, string>>;
};

/** What is in `now` after `given` was applied: null empties it, an empty value removes its key. */
export function mergeMetadata(now: JsonObject, given: Readonly<Record<string, string>> | null | undefined): JsonObject {
  if (given === undefined) return now;
  if (given === null) return {};
  const merged = { ...now, ...given };
  const kept = Object.entries(merged).filter(([, value]) => value !== '');
  if (kept.length > 50) throw invalid(`You can have up to 50 metadata keys, but you would have ${kept.length}.`, { param: 'metadata' });
  return Object.fromEntries(kept);
}

/** A parameter that is taken and has no effect here. */
export const any: Optional<JsonValue> = (value) => value;

export function ignored<N extends string>(...names: readonly N[]): Readonly<Record<N, Optional<JsonValue>>> {
  return Object.fromEntries(names.map((name) => [name, any])) as Record<N, Optional<JsonValue>>;
}
