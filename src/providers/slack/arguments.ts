import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import { formBody, isBodiless, jsonBody } from '../wire/body.ts';
import { bearer } from '../wire/credential.ts';
import { parseQuery } from '../wire/form.ts';
import { asObject, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mediaType } from '../wire/media-type.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** What every method takes. */
const common: readonly string[] = ['token', 'team_id'];
/** Arguments that are JSON: a text of it in a form, itself or a text of it in a JSON body. */
const structured: ReadonlySet<string> = new Set(['blocks', 'attachments', 'metadata', 'files', 'chunks', 'file_ids']);

export interface Arguments {
  readonly kind: 'arguments';
  /** structured ones parsed, all others texts */
  readonly values: JsonObject;
}

/**
 * The arguments of a Web API method: of the query (GET), or of a form or a JSON body (POST). Both at once is refused: which Slack
 * prefers is not documented. https://docs.slack.dev/apis/web-api/#methods_supporting_json
 */
export function readArguments(request: HttpRequest): Arguments | Unread {
  const read = sent(request);
  if ('kind' in read) return read;
  const values: Record<string, JsonValue> = {};
  for (const [name, value] of read.pairs) {
    if (Object.hasOwn(values, name) || name === '__proto__') return unreadable(`argument '${name.slice(0, 40)}' is given twice`);
    const plain = structured.has(name) ? structure(value) : scalar(value);
    if (plain === undefined) return unreadable(`argument '${name.slice(0, 40)}' is not of its kind`);
    if (plain !== null) values[name] = plain;
  }
  return { kind: 'arguments', values };
}

/** Null: as good as not given. Undefined: nothing Slack takes. */
function structure(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'string') return typeof value === 'object' ? value : undefined;
  if (value.trim() === '') return null;
  const json = parseJson(Buffer.from(value));
  return json.kind === 'json' && typeof json.value === 'object' ? json.value : undefined;
}

function scalar(value: JsonValue): JsonValue | undefined {
  if (value === null) return null;
  return typeof value === 'object' ? undefined : String(value);
}

function sent(request: HttpRequest): { readonly pairs: readonly (readonly [string, JsonValue])[] } | Unread {
  if (request.method === 'GET') {
    if (!isBodiless(request)) return unreadable('a GET carries a body');
    const query = parseQuery(request.query);
    return query.kind === 'unreadable' ? query : { pairs: query.fields };
  }
  if (request.method !== 'POST') return unreadable(`Slack has no ${request.method}`);
  if (request.query !== null && request.query !== '') return unreadable('a POST carries arguments in its query');
  if (isBodiless(request)) return { pairs: [] };
  if (mediaType(request.headers)?.type === 'application/json') {
    const json = jsonBody(request);
    if (json.kind === 'unreadable') return json;
    const object = asObject(json.value);
    return object === null ? unreadable('the body is not a JSON object') : { pairs: Object.entries(object) };
  }
  const form = formBody(request);
  return form.kind === 'unreadable' ? form : { pairs: form.fields };
}

/** The name of an argument that a laxer reader would take for one of these; null where there is none. */
export function misspelt({ values }: Arguments, known: readonly string[]): string | null {
  return lookalike(Object.keys(values), [...known, ...common]);
}

export function unknownArguments({ values }: Arguments, known: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !known.includes(name) && !common.includes(name)));
}

/** A text argument; null when it is not there or empty. */
export function text({ values }: Arguments, name: string): string | null {
  const value = field(values, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

export function structureOf({ values }: Arguments, name: string): JsonValue | undefined {
  return field(values, name);
}

export function isOn(args: Arguments, name: string): boolean {
  return ['true', '1', 'yes'].includes((text(args, name) ?? '').toLowerCase());
}

/** The token of the header, else of the arguments. Null when there is none, or when there are two headers. */
export function tokenOf(request: HttpRequest): string | null {
  if (headerAll(request.headers, 'authorization').length > 0) return bearer(request.headers);
  const args = readArguments(request);
  return args.kind === 'unreadable' ? null : text(args, 'token');
}
