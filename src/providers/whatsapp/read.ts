import type { HttpRequest } from '../../model/exchange.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { CallContent } from '../wire/json-api.ts';
import { lookalike } from '../wire/lookalike.ts';
import { parametersOf } from '../wire/parameters.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** Fields that decide who is reached, and those by which Graph takes a call for another one. */
const telling = ['to', 'recipient', 'recipient_type', 'type', 'status', 'message_id', 'messaging_product', 'group_id'];
/** https://developers.facebook.com/docs/graph-api/overview: a `method` is taken instead of the real one, a `batch` holds other calls. */
const taking = new Set(['method', 'batch', 'suppress_http_code', 'relative_url', 'ids']);

/** The parameters of a call, from query, form or JSON, as Graph takes them. In a form what is no text is JSON. */
export function parameters(request: HttpRequest): CallContent | Unread {
  const read = parametersOf(request);
  if (read.kind === 'unreadable') return read;
  const body = asObject(read.body) ?? {};
  const names = Object.keys(body);
  const odd = names.find((name) => !/^[a-z_]{1,60}$/.test(name) || taking.has(name)) ?? lookalike(names, telling);
  return odd === null ? { ...read, body } : unreadable(`parameter '${odd.replaceAll(/[^A-Za-z0-9_[\]-]/g, '?').slice(0, 40)}' is none of its own, or not spelt as Meta spells it`);
}

/** The same for a question: nothing but what a question may be asked with. */
export function question(request: HttpRequest): CallContent | Unread {
  const read = parameters(request);
  if (read.kind === 'unreadable') return read;
  const odd = Object.keys(asObject(read.body) ?? {}).find((name) => !['fields', 'access_token', 'appsecret_proof', 'limit', 'after', 'before', 'phone_number_id', 'name', 'messaging_product'].includes(name));
  return odd === undefined ? read : unreadable(`parameter '${odd.slice(0, 40)}' is none that a question is asked with`);
}

/** A field that is an object, or in a form a text that holds one. */
export function objectIn(body: JsonObject, name: string): JsonObject | null {
  const value = field(body, name);
  if (typeof value !== 'string') return asObject(value);
  const json = parseJson(Buffer.from(value));
  return json.kind === 'json' ? asObject(json.value) : null;
}

export function text(body: JsonObject | null, name: string): string | null {
  return asString(field(body, name));
}
