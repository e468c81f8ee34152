import { field } from '../../wire/json.ts';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { unreadable } from '../../wire/unread.ts';
import type { Unread } from '../../wire/unread.ts';

export interface Selection {
  /** what it is called in the answer */
  readonly key: string;
  readonly name: string;
  readonly arguments: JsonObject;
  /** the type of the fragment it stands in */
  readonly on: string | null;
  readonly selections: readonly Selection[];
}

export interface Document { readonly kind: 'document'; readonly operation: 'query' | 'mutation'; readonly root: Selection }

/** Nothing that a person would write is longer or deeper. */
const limits = { tokens: 5_000, depth: 20, fields: 2_000 };

const ignored = /(?:[ \t\r\n,]|#[^\r\n]*)*/y;
const lexeme = /\.\.\.|[{}()[\]:=!$@|]|[A-Za-z_][A-Za-z0-9_]*|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|"(?!"")(?:[^"\\\r\n]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * One operation with one field at its root, and its fragments; arguments come with their variables filled in. Directives, block strings,
 * several operations and several root fields are refused: nobody needs them to pay.
 */
export function readDocument(source: string, variables: JsonObject): Document | Unread {
  const tokens = tokensOf(source);
  if (tokens === null) return unreadable('a GraphQL text that cannot be read');
  try {
    return parser(tokens, variables)();
  } catch (error) {
    // thrown below, for nothing but what cannot be read; nobody is let out
    if (!(error instanceof Fault)) throw error;
    return unreadable(`GraphQL: ${error.message}`);
  }
}

class Fault extends Error {}

function tokensOf(source: string): readonly string[] | null {
  const tokens: string[] = [];
  for (let at = 0; ;) {
    ignored.lastIndex = at;
    at += ignored.exec(source)?.[0].length ?? 0;
    if (at >= source.length) return tokens;
    lexeme.lastIndex = at;
    const found = lexeme.exec(source)?.[0];
    if (found === undefined || tokens.length >= limits.tokens) return null;
    tokens.push(found);
    at += found.length;
  }
}

interface Raw { readonly key: string; readonly name: string; readonly arguments: JsonObject; readonly selections: readonly RawItem[] | null }
type RawItem = { readonly kind: 'field'; readonly field: Raw } | { readonly kind: 'inline'; readonly on: string | null; readonly items: readonly RawItem[] } | { readonly kind: 'spread'; readonly name: string };

function parser(tokens: readonly string[], variables: JsonObject): () => Document {
  let at = 0;
  let fields = 0;
  const defaults = new Map<string, JsonValue | undefined>();
  const fragments = new Map<string, { readonly on: string; readonly items: readonly RawItem[] }>();
  const peek = (): string => tokens[at] ?? '';
  const next = (): string => { at += 1; return tokens[at - 1] ?? ''; };
  const expect = (wanted: string): void => { if (next() !== wanted) throw new Fault(`'${wanted}' is missing`); };
  const name = (): string => { const found = next(); if (!/^[A-Za-z_]/.test(found)) throw new Fault('a name is missing'); return found; };
  const taken = (wanted: string): boolean => { if (peek() !== wanted) return false; at += 1; return true; };

  function variableDefinitions(): void {
    while (!taken(')')) {
      expect('$');
      const variable = name();
      if (defaults.has(variable)) throw new Fault('a variable is defined twice');
      expect(':');
      while (taken('[')) { /* a list of them */ }
      name();
      while (taken('!') || taken(']')) { /* of whatever is needed */ }
      defaults.set(variable, taken('=') ? value(true) : undefined);
    }
  }

  function value(constant = false, depth = 0): JsonValue {
    if (depth > limits.depth) throw new Fault('a value is nested too deep');
    const token = next();
    if (token === '$' && !constant) {
      const variable = name();
      if (!defaults.has(variable)) throw new Fault('a variable is not defined');
      return field(variables, variable) ?? defaults.get(variable) ?? null;
    }
    if (token === '[') {
      const items: JsonValue[] = [];
      while (!taken(']')) items.push(value(constant, depth + 1));
      return items;
    }
    if (token === '{') return named(() => value(constant, depth + 1), '}');
    if (token.startsWith('"')) return JSON.parse(token) as string;
    if (/^-?[0-9]/.test(token)) return Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new Fault('a value is missing');
    return token === 'true' ? true : token === 'false' ? false : token === 'null' ? null : token;
  }

  function named(read: () => JsonValue, end: string): JsonObject {
    const found: Record<string, JsonValue> = {};
    while (!taken(end)) {
      const key = name();
      if (Object.hasOwn(found, key) || key === '__proto__') throw new Fault('a name is given twice');
      expect(':');
      found[key] = read();
    }
    return found;
  }

  function selectionSet(depth: number): readonly RawItem[] {
    if (depth > limits.depth) throw new Fault('fields are nested too deep');
    const items: RawItem[] = [];
    while (!taken('}')) {
      fields += 1;
      if (fields > limits.fields || at >= tokens.length) throw new Fault('fields that do not end');
      if (taken('...')) {
        if (peek() === '{' || peek() === 'on') {
          const on = taken('on') ? name() : null;
          expect('{');
          items.push({ kind: 'inline', on, items: selectionSet(depth + 1) });
        } else items.push({ kind: 'spread', name: name() });
        continue;
      }
      const first = name();
      const own = taken(':') ? name() : first;
      const given = taken('(') ? named(() => value(), ')') : {};
      items.push({ kind: 'field', field: { key: first, name: own, arguments: given, selections: taken('{') ? selectionSet(depth + 1) : null } });
    }
    return items;
  }

  function resolved(items: readonly RawItem[], on: string | null, within: readonly string[]): readonly Selection[] {
    return items.flatMap((item): readonly Selection[] => {
      if (item.kind === 'inline') return resolved(item.items, item.on ?? on, within);
      if (item.kind === 'spread') {
        const fragment = fragments.get(item.name);
        if (fragment === undefined || within.includes(item.name)) throw new Fault('a fragment that is not there, or in itself');
        return resolved(fragment.items, fragment.on, [...within, item.name]);
      }
      fields += 1;
      if (fields > limits.fields * 5) throw new Fault('more fields than are read');
      const { key, name: own, arguments: given, selections } = item.field;
      return [{ key, name: own, arguments: given, on, selections: selections === null ? [] : resolved(selections, null, within) }];
    });
  }

  return () => {
    let operation: { readonly kind: 'query' | 'mutation'; readonly items: readonly RawItem[] } | null = null;
    while (at < tokens.length) {
      if (taken('fragment')) {
        const fragment = name();
        if (fragments.has(fragment)) throw new Fault('a fragment is defined twice');
        expect('on');
        const on = name();
        expect('{');
        fragments.set(fragment, { on, items: selectionSet(1) });
        continue;
      }
      const kind = peek() === '{' ? 'query' : next();
      if (kind !== 'query' && kind !== 'mutation' || operation !== null) throw new Fault('not one query or one mutation');
      if (/^[A-Za-z_]/.test(peek())) at += 1;
      if (taken('(')) variableDefinitions();
      expect('{');
      operation = { kind, items: selectionSet(1) };
    }
    if (operation === null) throw new Fault('no operation');
    const roots = resolved(operation.items, null, []);
    if (roots.length !== 1) throw new Fault('not one field at the root');
    return { kind: 'document', operation: operation.kind, root: roots[0]! };
  };
}
