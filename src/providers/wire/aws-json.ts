import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import { content } from './content.ts';
import { asObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { isText, mediaType } from './media-type.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** A call of an AWS JSON API: POST / with the operation in X-Amz-Target. */
export interface AwsJsonCall {
  readonly kind: 'json';
  readonly operation: string;
  readonly body: JsonObject;
}

/** @param target what stands before the operation: 'PinpointSMSVoiceV2' of 'PinpointSMSVoiceV2.SendTextMessage' */
export function readAwsJson(request: HttpRequest, { target, version }: { readonly target: string; readonly version: '1.0' | '1.1' }): AwsJsonCall | Unread {
  if (request.method !== 'POST' || request.path !== '/' || (request.query ?? '') !== '') return unreadable('a JSON call is a POST to / without a query');
  const targets = headerAll(request.headers, 'x-amz-target');
  const [service, operation, ...rest] = (targets[0] ?? '').split('.');
  if (targets.length !== 1 || service !== target || rest.length > 0 || !/^[A-Za-z]{1,100}$/.test(operation ?? '')) return unreadable(`there is not exactly one X-Amz-Target ${target}.Operation`);
  if (!isText(mediaType(request.headers), `application/x-amz-json-${version}`)) return unreadable(`content-type is not one application/x-amz-json-${version} in UTF-8`);
  const body = content(request);
  const json = body.kind === 'unreadable' ? body : parseJson(body.bytes);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : { kind: 'json', operation: operation!, body: object };
}
