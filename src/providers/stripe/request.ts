import type { Bytes } from '../../model/bytes.ts';
import { headerAll } from '../../model/exchange.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import { content } from '../wire/content.ts';
import { formTree, parseForm, parseQuery } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { asObject, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { isText, mediaType } from '../wire/media-type.ts';
import { parseMultipart } from '../wire/multipart.ts';
import { strictText } from '../wire/text.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { findRoute } from './routes.ts';
import type { Found } from './routes.ts';

/** A call to a route that exists, with its parameters from query and body in one tree. v1 values are text. */
export interface StripeCall extends Found {
  readonly params: JsonObject;
  readonly uploads: readonly Upload[];
}

/** A file that was sent. Its bytes are measured, and kept nowhere. */
export interface Upload {
  /** the parameter that it stands for */
  readonly name: string;
  readonly filename: string;
  readonly bytes: Bytes;
}

export type ReadCall =
  | { readonly kind: 'call'; readonly call: StripeCall }
  | { readonly kind: 'no-route'; readonly why: string }
  | Unread;

/** Headers that say whose call it is, or which: two of them could be read two ways. */
const single = ['authorization', 'stripe-account', 'stripe-context', 'idempotency-key'];
const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override'];

/**
 * What a request says. Everything doubtful is 'unreadable': two credentials, a body on a GET, a field given twice,
 * a v1 body that is not a form, a v2 body that is not one JSON object.
 */
export function readCall(request: HttpRequest): ReadCall {
  const twice = single.find((name) => headerAll(request.headers, name).length > 1);
  if (twice !== undefined) return unreadable(`the request has two ${twice} headers`);
  const override = overrides.find((name) => headerAll(request.headers, name).length > 0);
  if (override !== undefined) return unreadable(`the request would change its method by ${override}`);
  const found = findRoute(request.method, request.path);
  if (found === null) return { kind: 'no-route', why: `Stripe has no route ${request.method} ${request.path.slice(0, 200)}` };
  const query = queryFields(request.query);
  if (query.kind === 'unreadable') return query;
  const body = found.route.version === 'v2' ? jsonParams(request) : formFields(request, found);
  if (body.kind === 'unreadable') return body;
  // v2 takes its query from GETs only; a POST that carries both could be read two ways
  if (body.kind === 'json') return query.fields.length > 0 ? unreadable('a v2 call has parameters in its query and in its body') : { kind: 'call', call: { ...found, params: body.value, uploads: [] } };
  const merged = formTree([...query.fields, ...body.fields]);
  return merged.kind === 'unreadable' ? merged : { kind: 'call', call: { ...found, params: merged.value, uploads: body.uploads ?? [] } };
}

interface Fields { readonly kind: 'fields'; readonly fields: readonly FormField[]; readonly uploads?: readonly Upload[] }

export function queryFields(query: string | null): Fields | Unread {
  const fault = garbled(query ?? '');
  if (fault !== null) return unreadable(`query: ${fault}`);
  const form = parseQuery(query);
  return form.kind === 'unreadable' ? form : { kind: 'fields', fields: form.fields };
}

export function formFields(request: HttpRequest, found: Found): Fields | Unread {
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  if (body.bytes.length === 0) return { kind: 'fields', fields: [] };
  if (found.route.method === 'GET') return unreadable('a GET carries a body');
  const type = mediaType(request.headers);
  if (type?.type === 'multipart/form-data') return multipartFields(body.bytes, headerAll(request.headers, 'content-type')[0]!);
  if (!isText(type, 'application/x-www-form-urlencoded')) return unreadable('content-type is not one application/x-www-form-urlencoded or multipart/form-data');
  const text = strictText(body.bytes);
  if (text.kind === 'unreadable') return text;
  const fault = garbled(text.text);
  if (fault !== null) return unreadable(`body: ${fault}`);
  const form = parseForm(body.bytes);
  return form.kind === 'unreadable' ? form : { kind: 'fields', fields: form.fields };
}

/** The file itself is no parameter: only its name is kept. */
function multipartFields(bytes: Uint8Array, contentType: string): Fields | Unread {
  const read = parseMultipart(bytes, contentType);
  if (read.kind === 'unreadable') return read;
  const fields: FormField[] = [];
  const uploads: Upload[] = [];
  for (const part of read.parts) {
    if (part.filename !== null) {
      fields.push([part.name, part.filename]);
      uploads.push({ name: part.name, filename: part.filename, bytes: part.bytes });
      continue;
    }
    const text = strictText(part.bytes);
    if (text.kind === 'unreadable') return text;
    fields.push([part.name, text.text]);
  }
  return { kind: 'fields', fields, uploads };
}

function jsonParams(request: HttpRequest): { readonly kind: 'json'; readonly value: JsonObject } | Fields | Unread {
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  if (body.bytes.length === 0) return { kind: 'fields', fields: [] };
  if (request.method === 'GET') return unreadable('a GET carries a body');
  if (!isText(mediaType(request.headers), 'application/json')) return unreadable('content-type is not one application/json in UTF-8');
  const json = parseJson(body.bytes);
  if (json.kind === 'unreadable') return json;
  const value = asObject(json.value);
  return value === null ? unreadable('body is not a JSON object') : { kind: 'json', value };
}

/** Stripe's clients write every parameter as name=value with escaped control characters; anything else is a cut or garbled form. */
function garbled(text: string): string | null {
  if (/\p{Cc}/u.test(text)) return 'a control character stands in it';
  return text.split('&').some((pair) => pair !== '' && !/^[0-9A-Za-z_]+(?:=|(?:\[|%5B).*=)/i.test(pair)) ? "a parameter has no '=' or no plain name" : null;
}
