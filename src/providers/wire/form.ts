import type { Bytes } from '../../model/bytes.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { strictText } from './text.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

export type FormField = readonly [name: string, value: string];
export type Form = { readonly kind: 'form'; readonly fields: readonly FormField[] };

/**
 * application/x-www-form-urlencoded (WHATWG URL §5.1), but strict: a '%' needs two hex digits and the result must be
 * UTF-8. Duplicates are kept in order; what they mean is the provider's to say. Also good for a query.
 */
export function parseForm(bytes: Bytes, limits: Pick<Limits, 'jsonKeys'> = defaultLimits): Form | Unread {
  const text = strictText(bytes);
  if (text.kind === 'unreadable') return text;
  const fields: FormField[] = [];
  for (const pair of text.text.split('&')) {
    if (pair === '') continue;
    if (fields.length >= limits.jsonKeys) return unreadable(`form has more than ${limits.jsonKeys} fields`);
    const equals = pair.indexOf('=');
    const name = unescapeForm(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescapeForm(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === null || value === null) return unreadable(`form field ${fields.length + 1} has an invalid percent escape or is not UTF-8`);
    fields.push([name, value]);
  }
  return { kind: 'form', fields };
}

/** The query of a request as fields; a request without one has none. */
export function parseQuery(query: string | null): Form | Unread {
  return parseForm(Buffer.from(query ?? '', 'latin1'));
}

function unescapeForm(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // URIError: a bad escape or bad UTF-8. Null makes the whole form unreadable.
    return null;
  }
}

/** Fields as application/x-www-form-urlencoded text. */
export function formText(fields: readonly FormField[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of fields) form.append(name, value);
  return form.toString();
}

/** Every value of a field, in order. */
export function formAll(fields: readonly FormField[], name: string): readonly string[] {
  return fields.filter(([field]) => field === name).map(([, value]) => value);
}

/** A node while it is built: leaf text, pushed elements (`a[]=`), or named children (`a[b]=`, `a[0]=`). */
type Node =
  | { readonly kind: 'leaf'; readonly value: string }
  | { readonly kind: 'pushed'; readonly values: string[] }
  | { readonly kind: 'named'; readonly children: Map<string, Node> };

/**
 * Form fields nested the way Stripe writes them: `a[b][c]=v` objects, `a[]=x` and `a[0]=x` arrays. Children whose names
 * are exactly 0, 1, ... n-1 become an array in that order; any other set of names an object (so a map with the one key
 * '0' comes out as an array of one). A scalar given twice, or a name that is both scalar and nested, is refused.
 */
export function formTree(fields: readonly FormField[]): { readonly kind: 'tree'; readonly value: JsonObject } | Unread {
  const root = new Map<string, Node>();
  for (const [name, value] of fields) {
    const path = formPath(name);
    if (path === null) return unreadable('a form field name has unbalanced or empty brackets');
    if (path.length > defaultLimits.jsonDepth) return unreadable(`a form field is nested deeper than ${defaultLimits.jsonDepth}`);
    if (path.includes('__proto__')) return unreadable('form field __proto__ is refused');
    const fault = place(root, path, value);
    if (fault !== null) return unreadable(fault);
  }
  return { kind: 'tree', value: Object.fromEntries([...root].map(([name, node]) => [name, built(node)])) };
}

/** 'a[b][]' to ['a', 'b', '']; only the last step may be empty. */
function formPath(name: string): readonly string[] | null {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) return null;
  const steps = match[2] === '' ? [] : match[2]!.slice(1, -1).split('][');
  return steps.slice(0, -1).includes('') ? null : [match[1]!, ...steps];
}

function place(root: Map<string, Node>, path: readonly string[], value: string): string | null {
  const pushes = path.at(-1) === '';
  const names = pushes ? path.slice(0, -1) : path;
  let children = root;
  for (const step of names.slice(0, -1)) {
    const known = children.get(step);
    if (known !== undefined && known.kind !== 'named') return 'a form field is given both a value and fields of its own';
    const next = known ?? { kind: 'named', children: new Map<string, Node>() };
    children.set(step, next);
    children = next.children;
  }
  const last = names.at(-1)!;
  const known = children.get(last);
  if (!pushes) {
    if (known !== undefined) return 'a form field is given twice';
    children.set(last, { kind: 'leaf', value });
    return null;
  }
  if (known === undefined) children.set(last, { kind: 'pushed', values: [value] });
  else if (known.kind === 'pushed') known.values.push(value);
  else return 'a form field is given both as a list and otherwise';
  return null;
}

function built(node: Node): JsonValue {
  if (node.kind === 'leaf') return node.value;
  if (node.kind === 'pushed') return node.values;
  const names = [...node.children.keys()];
  const list = names.map((_, index) => node.children.get(String(index)));
  return list.every((child) => child !== undefined)
    ? list.map(built)
    : Object.fromEntries([...node.children].map(([name, child]) => [name, built(child)]));
}
