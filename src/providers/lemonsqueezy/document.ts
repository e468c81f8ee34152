import type { HttpRequest } from '../../model/exchange.ts';
import { isBodiless } from '../wire/body.ts';
import { content } from '../wire/content.ts';
import { parseQuery } from '../wire/form.ts';
import type { CallContent } from '../wire/json-api.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { isText, mediaType } from '../wire/media-type.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { mediaTypeOfApi } from './errors.ts';

/** JSON of JSON:API's own media type. A GET has no body, anything else no query. */
export function readDocument(request: HttpRequest): CallContent | Unread {
  if (request.method === 'GET') {
    if (!isBodiless(request)) return unreadable('a GET carries a body');
    const query = parseQuery(request.query);
    return query.kind === 'unreadable' ? query : { kind: 'content', body: null, query: query.fields };
  }
  if (request.query !== null && request.query !== '') return unreadable(`a ${request.method} carries parameters in its query`);
  if (isBodiless(request)) return { kind: 'content', body: null, query: [] };
  const type = mediaType(request.headers);
  if (!isText(type, mediaTypeOfApi) && !isText(type, 'application/json')) return unreadable(`content-type is not one ${mediaTypeOfApi} in UTF-8`);
  const body = content(request);
  const json = body.kind === 'unreadable' ? body : parseJson(body.bytes);
  if (json.kind === 'unreadable') return json;
  return json.value === null ? unreadable('the body is null') : { kind: 'content', body: json.value, query: [] };
}

export interface Document {
  readonly attributes: JsonObject;
  /** ids of the objects it is related to: { store: '1' } */
  readonly related: Readonly<Record<string, string>>;
  readonly whole: JsonObject;
}

const empty: Document = { attributes: {}, related: {}, whole: {} };

/** { data: { type, id, attributes, relationships } }, of the type and the id that the path says. No body at all says nothing. */
export function documentOf(body: JsonValue, type: string, id: string | null): Document | Unread {
  if (body === null) return empty;
  const whole = asObject(body);
  const data = asObject(field(whole, 'data'));
  if (whole === null || data === null) return unreadable("the body is not an object with 'data'");
  if (field(data, 'type') !== type) return unreadable(`the type of what it is about is not ${type}`);
  const given = field(data, 'id');
  if (id !== null && given !== undefined && given !== id) return unreadable('its id is not that of the path');
  const related = Object.entries(asObject(field(data, 'relationships')) ?? {}).flatMap(([name, relation]) => {
    const other = asString(field(asObject(field(asObject(relation), 'data')), 'id'));
    return other === null ? [] : [[name, other] as const];
  });
  return { attributes: asObject(field(data, 'attributes')) ?? {}, related: Object.fromEntries(related), whole };
}
