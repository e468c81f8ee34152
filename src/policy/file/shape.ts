import type { LineCounter, Node } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Problem } from '../problem.ts';
import { didYouMean } from './nearest.ts';

/** What a file is read against. Problems are collected here while reading goes on. */
export interface Reading {
  readonly file: string;
  readonly lines: LineCounter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly providers: readonly { readonly name: string; readonly channels: readonly string[] }[];
  readonly problems: Problem[];
}

export type Schema = Readonly<Record<string, unknown>>;

/**
 * One shape serves three ends, so that they cannot drift apart: it reads a YAML node into a checked value, words the
 * problem when it cannot, and gives the JSON Schema that editors use. `read` returns undefined after reporting a problem.
 */
export interface Shape<T> {
  readonly schema: Schema;
  read(node: Node, key: string, reading: Reading): T | undefined;
}

export function report(node: Node, key: string, reading: Reading, expected: string, found = foundText(node)): undefined {
  const { line, col } = reading.lines.linePos(node.range?.[0] ?? 0);
  reading.problems.push({ file: reading.file, line: Math.max(line, 1), column: Math.max(col, 1), key, found, expected });
  return undefined;
}

function foundText(node: Node): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return 'something else';
  const found = JSON.stringify(node.value) ?? String(node.value);
  return found.length > 80 ? `${found.slice(0, 77)}...` : found;
}

const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const variableSchema = { type: 'string', pattern: variable.source, description: 'the value of an environment variable' };

/** A scalar with `${NAME}` replaced. `shown` is what may be printed: the name, never the value. */
function scalar(node: Node, key: string, reading: Reading): { readonly value: unknown; readonly shown: string } | undefined {
  if (!isScalar(node)) return { value: undefined, shown: '' };
  if (typeof node.value !== 'string') return { value: node.value, shown: String(node.value) };
  const name = variable.exec(node.value)?.[1];
  if (name === undefined) {
    return node.value.includes('${') ? report(node, key, reading, '${NAME} alone, or text without ${') : { value: node.value, shown: node.value };
  }
  const value = reading.env[name];
  if (value === undefined || value === '') return report(node, key, reading, `the environment variable ${name} to be set`);
  return { value, shown: node.value };
}

/** What a text is parsed into, or in words what it should have been. */
export type Parsed<T> = { readonly value: T } | { readonly expected: string };

/** A string that `parse` understands. `shown` is what a sentence may quote. */
export function text<T>(
  description: string,
  parse: (value: string, shown: string, reading: Reading) => Parsed<T>,
  schema: Schema = {},
): Shape<T> {
  return {
    schema: { type: 'string', minLength: 1, description, ...schema },
    read(node, key, reading) {
      const found = scalar(node, key, reading);
      if (found === undefined) return undefined;
      if (typeof found.value !== 'string' || found.value === '') return report(node, key, reading, description);
      const parsed = parse(found.value, found.shown, reading);
      return 'value' in parsed ? parsed.value : report(node, key, reading, parsed.expected);
    },
  };
}

/** A string that is printed as it stands, so it may not come from a variable. */
export function literal(description: string, pattern: RegExp): Shape<string> {
  return {
    schema: { type: 'string', pattern: pattern.source, description },
    read(node, key, reading) {
      const value = isScalar(node) ? node.value : undefined;
      return typeof value === 'string' && pattern.test(value) && !value.includes('${') ? value : report(node, key, reading, description);
    },
  };
}

export function choice<const T extends string>(...names: readonly T[]): Shape<T> {
  return {
    schema: { anyOf: [{ enum: names }, variableSchema] },
    read(node, key, reading) {
      const found = scalar(node, key, reading);
      if (found === undefined) return undefined;
      const name = names.find((each) => each === found.value);
      return name ?? report(node, key, reading, `${oneOf(names)}${typeof found.value === 'string' ? didYouMean(found.value, names) : ''}`);
    },
  };
}

export function integer(least: number, most: number): Shape<number> {
  return as(shownInteger(least, most), ({ value }) => value);
}

/** With what a sentence may say of it. */
export function shownInteger(least: number, most: number): Shape<{ readonly value: number; readonly shown: string }> {
  return {
    schema: { anyOf: [{ type: 'integer', minimum: least, maximum: most }, variableSchema] },
    read(node, key, reading) {
      const found = scalar(node, key, reading);
      if (found === undefined) return undefined;
      // a variable is always text; a quoted number in the file is a mistake
      const fromVariable = typeof found.value === 'string' && found.shown !== found.value && /^[0-9]{1,15}$/.test(found.value);
      const value = fromVariable ? Number(found.value) : found.value;
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
      return fits ? { value, shown: found.shown } : report(node, key, reading, `a whole number from ${least} to ${most}`);
    },
  };
}

/** Exactly this YAML value: `version: 1`, `internal: true`. */
export function exactly<const T extends string | number | boolean>(value: T): Shape<T> {
  return {
    schema: { const: value },
    read: (node, key, reading) => (isScalar(node) && node.value === value ? value : report(node, key, reading, JSON.stringify(value))),
  };
}

export function list<T>(item: Shape<T>, least = 0): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema, ...(least > 0 ? { minItems: least } : {}) },
    read(node, key, reading) {
      if (!isSeq(node)) return report(node, key, reading, 'a list');
      if (node.items.length < least) return report(node, key, reading, 'a list that is not empty', 'an empty list');
      const values = node.items.map((each, index) => item.read(each as Node, `${key}[${index}]`, reading));
      return values.every((value): value is T & ({} | null) => value !== undefined) ? values : undefined;
    },
  };
}

/** One value, or a list of them that is not empty: "lists = or". */
export function oneOrMany<T>(item: Shape<T>): Shape<readonly T[]> {
  const many = list(item, 1);
  return {
    schema: { anyOf: [item.schema, many.schema] },
    read(node, key, reading) {
      if (isSeq(node)) return many.read(node, key, reading);
      const value = item.read(node, key, reading);
      return value === undefined ? undefined : [value];
    },
  };
}

/** A bare word, or a mapping that says more. */
export function wordOr<A, B>(word: Shape<A>, more: Shape<B>): Shape<A | B> {
  return {
    schema: { anyOf: [word.schema, more.schema] },
    read: (node, key, reading) => (isMap(node) ? more.read(node, key, reading) : word.read(node, key, reading)),
  };
}

export interface Field<T> { readonly shape: Shape<T>; readonly required: boolean }
type Fields = Readonly<Record<string, Field<unknown>>>;
/** optional keys that are absent read as null */
type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export function required<T>(shape: Shape<T>): Field<T> {
  return { shape, required: true };
}
export function optional<T>(shape: Shape<T>): Field<T | null> {
  return { shape, required: false };
}

/** A mapping with these keys and no others. `only: n` asks for exactly n of them; `least` for at least so many. */
export function mapping<F extends Fields>(fields: F, limits: { readonly only?: number; readonly least?: number } = {}): Shape<Values<F>> {
  const names = Object.keys(fields);
  const must = names.filter((name) => fields[name]!.required);
  const [least, most] = [limits.only ?? limits.least ?? 0, limits.only ?? Infinity];
  return {
    schema: {
      type: 'object',
      additionalProperties: false,
      ...(must.length > 0 ? { required: must } : {}),
      ...(least > 0 ? { minProperties: least } : {}),
      ...(most < Infinity ? { maxProperties: most } : {}),
      properties: Object.fromEntries(names.map((name) => [name, fields[name]!.shape.schema])),
    },
    read(node, key, reading) {
      if (!isMap(node)) return report(node, key, reading, `a mapping with ${oneOf(names)}`);
      const before = reading.problems.length;
      const values: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, null]));
      const seen = new Set<string>();
      for (const { key: name, value } of node.items as readonly { key: Node; value: Node | null }[]) {
        const word = isScalar(name) && typeof name.value === 'string' ? name.value : null;
        const field = word === null || !Object.hasOwn(fields, word) ? undefined : fields[word];
        const path = key === '' ? String(word) : `${key}.${word}`;
        if (word === null || field === undefined) report(name, path, reading, `${oneOf(names)}${word === null ? '' : didYouMean(word, names)}`);
        else if (value === null) report(name, path, reading, 'a value behind the colon', 'nothing');
        else values[word] = field.shape.read(value, path, reading);
        if (word !== null) seen.add(word);
      }
      for (const name of must.filter((each) => !seen.has(each))) report(node, key === '' ? name : `${key}.${name}`, reading, `the key ${name}`, 'nothing');
      if (seen.size < least || seen.size > most) {
        const many = most < Infinity ? `exactly ${most}` : `at least ${least}`;
        report(node, key, reading, `${many} of ${names.join(', ')}`, `${seen.size} keys`);
      }
      return reading.problems.length === before ? (values as Values<F>) : undefined;
    },
  };
}

/** A mapping of free names to values: headers. */
export function named<T>(item: Shape<T>): Shape<readonly (readonly [name: string, value: T])[]> {
  return {
    schema: { type: 'object', additionalProperties: item.schema },
    read(node, key, reading) {
      if (!isMap(node)) return report(node, key, reading, 'a mapping');
      const before = reading.problems.length;
      const pairs = (node.items as readonly { key: Node; value: Node | null }[]).map((pair) => {
        const name = isScalar(pair.key) ? String(pair.key.value) : '';
        const value = pair.value === null ? report(pair.key, `${key}.${name}`, reading, 'a value') : item.read(pair.value, `${key}.${name}`, reading);
        return [name, value as T] as const;
      });
      return reading.problems.length === before ? pairs : undefined;
    },
  };
}

/** The shape's value, made into something else. */
export function as<A, B>(shape: Shape<A>, make: (value: A) => B): Shape<B> {
  return {
    schema: shape.schema,
    read(node, key, reading) {
      const value = shape.read(node, key, reading);
      return value === undefined ? undefined : make(value);
    },
  };
}

/** A string that has to come from a variable. One that was written in the file is not repeated in the problem. */
export function secret(description: string): Shape<string> {
  return {
    schema: { ...variableSchema, description },
    read(node, key, reading) {
      const found = scalar(node, key, reading);
      if (found === undefined) return undefined;
      if (typeof found.value === 'string' && found.value !== found.shown) return found.value;
      return report(node, key, reading, description, 'a value in the file itself');
    },
  };
}

export function oneOf(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `one of ${names.join(', ')}`;
}
