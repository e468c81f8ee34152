import type { HttpRequest } from '../../model/exchange.ts';
import { jsonBody } from '../wire/body.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** Fields that decide whom a call reaches, wherever they stand: a look-alike of one makes the call unreadable. */
const deciding = ['message', 'to', 'email', 'bcc_address', 'headers', 'raw_message', 'preserve_recipients', 'key'];

export type Body = { readonly kind: 'body'; readonly body: JsonObject } | Unread;

/** The one JSON object of a call; every call is a POST with its key in it. */
export function bodyOf(request: HttpRequest): Body {
  const json = jsonBody(request);
  return json.kind === 'unreadable' ? json : objectIn(json.value, 'the body');
}

export function objectIn(value: JsonValue | undefined, where: string): Body {
  const body = asObject(value);
  if (body === null) return unreadable(`${where} is not a JSON object`);
  const odd = lookalike(Object.keys(body), deciding);
  return odd === null ? { kind: 'body', body } : unreadable(`field '${odd.slice(0, 40)}' of ${where} is not spelt as Mandrill spells it`);
}

export function keyOf(request: HttpRequest): string | null {
  const read = bodyOf(request);
  return read.kind === 'body' ? textOf(read.body, 'key') : null;
}

export function textOf(object: JsonObject | null, name: string): string | null {
  const text = asString(field(object, name));
  return text === null || text === '' ? null : text;
}
