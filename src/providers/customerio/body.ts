import type { HttpRequest } from '../../model/exchange.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** A JSON object; no API of Customer.io's takes a query with one. */
export function objectBody(request: HttpRequest): { readonly kind: 'object'; readonly object: JsonObject } | Unread {
  if (request.query !== null) return unreadable('the call has a query');
  if (isBodiless(request)) return unreadable('the call has no body');
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : { kind: 'object', object };
}
