import type { Bytes } from '../../model/bytes.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import { strictText } from './text.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

export type JsonValue = null | boolean | number | string | JsonObject | readonly JsonValue[];
export interface JsonObject { readonly [key: string]: JsonValue }
export type JsonLimits = Pick<Limits, 'jsonDepth' | 'jsonKeys'>;

/**
 * JSON by RFC 8259, read so that no second parser can see something else in it: strict UTF-8 without BOM, no duplicate
 * key (compared after unescaping), no `__proto__`, no unpaired surrogate, no number beyond a double, nothing behind the
 * value. JSON.parse keeps the last of two equal keys; a vendor may keep the first.
 */
export function parseJson(bytes: Bytes, limits: JsonLimits = defaultLimits): { readonly kind: 'json'; readonly value: JsonValue } | Unread {
  const text = strictText(bytes);
  if (text.kind === 'unreadable') return text;
  const reader = readJson(text.text, limits);
  const value = reader();
  return typeof value === 'object' && value !== null && value instanceof Fault ? unreadable(value.why) : { kind: 'json', value };
}

/** A private result of the reader, told apart from any JSON value by its class. */
class Fault {
  readonly why: string;
  constructor(why: string) { this.why = why; }
}

const whitespace = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function readJson(text: string, limits: JsonLimits): () => JsonValue | Fault {
  let at = 0;
  let keys = 0;
  const fail = (why: string): Fault => new Fault(`JSON at character ${at}: ${why}`);
  const skip = (): void => { whitespace.lastIndex = at; whitespace.test(text); at = Math.max(at, whitespace.lastIndex); };
  return () => {
    const value = readValue(1);
    if (value instanceof Fault) return value;
    skip();
    return at === text.length ? value : fail('something follows the value');
  };

  function readValue(depth: number): JsonValue | Fault {
    if (depth > limits.jsonDepth) return fail(`nested deeper than ${limits.jsonDepth}`);
    skip();
    switch (text[at]) {
      case undefined: return fail('ends where a value is expected');
      case '{': return readObject(depth);
      case '[': return readArray(depth);
      case '"': return readString();
      case 't': return readWord('true', true);
      case 'f': return readWord('false', false);
      case 'n': return readWord('null', null);
      default: return readNumber();
    }
  }

  function readObject(depth: number): JsonObject | Fault {
    const object: Record<string, JsonValue> = {};
    at += 1;
    skip();
    if (text[at] === '}') { at += 1; return object; }
    for (;;) {
      skip();
      if (text[at] !== '"') return fail('expected a key in double quotes');
      const key = readString();
      if (key instanceof Fault) return key;
      if (key === '__proto__') return fail('key __proto__ is refused');
      if (Object.hasOwn(object, key)) return fail('a key occurs twice in one object');
      keys += 1;
      if (keys > limits.jsonKeys) return fail(`more than ${limits.jsonKeys} keys and elements`);
      skip();
      if (text[at] !== ':') return fail("expected ':' after a key");
      at += 1;
      const value = readValue(depth + 1);
      if (value instanceof Fault) return value;
      object[key] = value;
      skip();
      const next = text[at];
      if (next !== ',' && next !== '}') return fail("expected ',' or '}' in an object");
      at += 1;
      if (next === '}') return object;
    }
  }

  function readArray(depth: number): readonly JsonValue[] | Fault {
    const array: JsonValue[] = [];
    at += 1;
    skip();
    if (text[at] === ']') { at += 1; return array; }
    for (;;) {
      keys += 1;
      if (keys > limits.jsonKeys) return fail(`more than ${limits.jsonKeys} keys and elements`);
      const value = readValue(depth + 1);
      if (value instanceof Fault) return value;
      array.push(value);
      skip();
      const next = text[at];
      if (next !== ',' && next !== ']') return fail("expected ',' or ']' in an array");
      at += 1;
      if (next === ']') return array;
    }
  }

  /** A loop, not one pattern: attachments are strings of megabytes, on which a repeated group would exhaust the pattern's stack. */
  function readString(): string | Fault {
    let end = at + 1;
    let escaped = false;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === 0x22) break;
      if (Number.isNaN(code)) return fail('a string is not closed');
      if (code < 0x20) return fail('a string holds a control character');
      if (code !== 0x5c) { end += 1; continue; }
      escaped = true;
      escape.lastIndex = end;
      if (!escape.test(text)) return fail('a string holds an unknown escape');
      end = escape.lastIndex;
    }
    const value = escaped ? (JSON.parse(text.slice(at, end + 1)) as string) : text.slice(at + 1, end);
    if (!value.isWellFormed()) return fail('a string holds an unpaired surrogate');
    at = end + 1;
    return value;
  }

  function readNumber(): number | Fault {
    number.lastIndex = at;
    const match = number.exec(text)?.[0];
    if (match === undefined) return fail('expected a value');
    const value = Number(match);
    if (!Number.isFinite(value)) return fail('a number is too large');
    at += match.length;
    return value;
  }

  function readWord<T extends JsonValue>(word: string, value: T): T | Fault {
    if (!text.startsWith(word, at)) return fail('expected a value');
    at += word.length;
    return value;
  }
}

export function asObject(value: JsonValue | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !isArray(value) ? value : null;
}

export function asArray(value: JsonValue | undefined): readonly JsonValue[] | null {
  return value !== undefined && isArray(value) ? value : null;
}

export function asString(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** An own field; never one that the object inherits. */
export function field(object: JsonObject | null, name: string): JsonValue | undefined {
  return object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
