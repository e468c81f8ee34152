import type { JsonValue } from '../wire/json.ts';
import { asArray } from '../wire/json.ts';
import { invalid } from './errors.ts';
import { hash, text } from './params.ts';
import type { Field, Given, Optional, Spec } from './params.ts';

/** Named fields inside a parameter, each told as Stripe names it: 'recurring[interval]'. */
export function nested<S extends Spec>(spec: S): Optional<Given<S>> {
  return (value, name) => {
    const object = hash(value, name);
    if (object === undefined || object === null) return object;
    const unknown = Object.keys(object).find((key) => !Object.hasOwn(spec, key));
    if (unknown !== undefined) throw invalid(`Received unknown parameter: ${name}[${unknown}]`, { code: 'parameter_unknown', param: `${name}[${unknown}]` });
    return Object.fromEntries(Object.entries(spec).map(([key, field]) => [key, field(object[key], `${name}[${key}]`)])) as Given<S>;
  };
}

/** A list in which every item is read alike. */
export function listOf<T>(field: Field<T>): Optional<readonly T[]> {
  return (value, name) => {
    if (value === undefined || value === '') return value === '' ? null : undefined;
    const items = asArray(value);
    if (items === null) throw invalid('Invalid array', { param: name });
    return items.map((item: JsonValue, index) => field(item, `${name}[${index}]`));
  };
}

/** A hash whose keys the caller chooses, each value read alike: `currency_options`. */
export function mapOf<T>(field: Field<T>): Optional<Readonly<Record<string, T>>> {
  return (value, name) => {
    const object = hash(value, name);
    return object === undefined || object === null ? object : Object.fromEntries(Object.entries(object).map(([key, item]) => [key, field(item, `${name}[${key}]`)]));
  };
}

/** A number with at most `places` decimals, kept as the text it came as, without zeros that say nothing. */
export function decimal(places: number): Optional<string> {
  return (value, name) => {
    const digits = text(value, name);
    if (digits === undefined || digits === null) return digits;
    const [, whole, , fraction = ''] = /^([0-9]{1,15})(\.([0-9]*))?$/.exec(digits) ?? [];
    if (whole === undefined || fraction.length > places) throw invalid(`Invalid decimal: ${digits}`, { param: name });
    const shown = fraction.replace(/0+$/, '');
    return `${whole.replace(/^0+(?=[0-9])/, '')}${shown === '' ? '' : `.${shown}`}`;
  };
}
