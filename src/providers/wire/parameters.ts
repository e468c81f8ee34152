import type { HttpRequest } from '../../model/exchange.ts';
import { formBody, isBodiless, jsonBody } from './body.ts';
import { parseQuery } from './form.ts';
import type { CallContent } from './json-api.ts';
import { asObject } from './json.ts';
import type { JsonValue } from './json.ts';
import { mediaType } from './media-type.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/**
 * The parameters of a vendor that takes them from the query, a form and a JSON object alike, as one object. None may be given twice,
 * in whatever place: which one the vendor takes cannot be told.
 */
export function parametersOf(request: HttpRequest): CallContent | Unread {
  if (request.method === 'GET' && !isBodiless(request)) return unreadable('a GET carries a body');
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const body = isBodiless(request) ? [] : fieldsOf(request);
  if ('kind' in body) return body;
  const all = [...query.fields, ...body];
  const names = new Set(all.map(([name]) => name));
  if (names.size !== all.length) return unreadable('a parameter is given twice');
  // What a laxer reader makes of a control character or a blank in a name cannot be told.
  if ([...names].some((name) => name === '__proto__' || !/^[\x21-\x7e]+$/.test(name))) return unreadable('a parameter has a name that is none');
  return { kind: 'content', body: Object.fromEntries(all), query: query.fields };
}

function fieldsOf(request: HttpRequest): readonly (readonly [string, JsonValue])[] | Unread {
  if (mediaType(request.headers)?.type === 'application/x-www-form-urlencoded') {
    const form = formBody(request);
    return form.kind === 'unreadable' ? form : form.fields;
  }
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : Object.entries(object);
}
