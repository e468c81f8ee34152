import { asArray, asObject } from './json.ts';
import type { JsonValue } from './json.ts';
import { leaves } from './unknown-fields.ts';
import { lookalike } from './lookalike.ts';
import type { Leaf } from './strangers.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** What a vendor documents of an input: `text` a string, `scalar` a number or boolean too, `any` whatever it likes, a list of one shape, or fields by name. */
export type Shape = 'text' | 'scalar' | 'any' | { readonly list: Shape } | { readonly fields: Readonly<Record<string, Shape>> };

export interface Shaped {
  readonly kind: 'shaped';
  /** every text that stands in a field the shape has not, the names of such fields included: see `strangers` */
  readonly unknown: readonly Leaf[];
}

/**
 * Holds an input against its shape. A list or an object where a text is expected, and the other way round, is unreadable, and so is a name that a
 * laxer reader would take for a known one: what AWS makes of them cannot be told. An empty list is '' in the query protocol.
 */
export function readShape(value: JsonValue | undefined, shape: Shape, path = 'the input'): Shaped | Unread {
  if (value === undefined || value === null || shape === 'any') return nothing;
  if (shape === 'text') return typeof value !== 'string' ? unreadable(`${path} is not a text`) : nothing;
  if (shape === 'scalar') return typeof value === 'object' ? unreadable(`${path} is not a single value`) : nothing;
  if ('list' in shape) {
    const items = value === '' ? [] : asArray(value);
    return items === null ? unreadable(`${path} is not a list`) : joined(items.map((item, index) => item === null ? unreadable(`${path} has a null in it`) : readShape(item, shape.list, `${path}.${index}`)));
  }
  const object = asObject(value);
  if (object === null) return unreadable(`${path} is not an object`);
  const odd = lookalike(Object.keys(object), Object.keys(shape.fields));
  if (odd !== null) return unreadable(`${path} has a field '${odd.slice(0, 40)}', which is not spelt as AWS spells it`);
  return joined(Object.entries(object).map(([name, item]) => {
    const known = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    return known === undefined ? { kind: 'shaped', unknown: [{ path: name, text: name }, ...leaves(item, name)] } : readShape(item, known, `${path}.${name}`);
  }));
}

const nothing: Shaped = { kind: 'shaped', unknown: [] };

function joined(results: readonly (Shaped | Unread)[]): Shaped | Unread {
  const unknown: Leaf[] = [];
  for (const result of results) {
    if (result.kind === 'unreadable') return result;
    for (const leaf of result.unknown) unknown.push(leaf);
  }
  return { kind: 'shaped', unknown };
}
