import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import { content } from './content.ts';
import { parseForm } from './form.ts';
import type { Form } from './form.ts';
import { parseJson } from './json.ts';
import type { JsonValue } from './json.ts';
import { isText, mediaType } from './media-type.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** True when the call carries no body and does not say it does. */
export function isBodiless(request: HttpRequest): boolean {
  return request.body.length === 0 && headerAll(request.headers, 'content-length').every((length) => length === '0');
}

/** The body as JSON: media type, content coding and grammar all strict. */
export function jsonBody(request: HttpRequest): { readonly kind: 'json'; readonly value: JsonValue } | Unread {
  if (!isText(mediaType(request.headers), 'application/json')) return unreadable('content-type is not one application/json in UTF-8');
  const body = content(request);
  return body.kind === 'unreadable' ? body : parseJson(body.bytes);
}

/** The body as form fields. */
export function formBody(request: HttpRequest): Form | Unread {
  if (!isText(mediaType(request.headers), 'application/x-www-form-urlencoded')) {
    return unreadable('content-type is not one application/x-www-form-urlencoded in UTF-8');
  }
  const body = content(request);
  return body.kind === 'unreadable' ? body : parseForm(body.bytes);
}
