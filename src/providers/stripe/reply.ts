import type { Headers, HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Refusal } from '../../model/decision.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorBody } from './errors.ts';
import type { ErrorFields } from './errors.ts';

/** The API version of SDK 23.1.0: what a caller without Stripe-Version is taken to speak. */
export const defaultVersion = '2026-10-28.endive';

export interface ReplyFacts {
  readonly requestId: string;
  /** the request id of the call that first used this idempotency key */
  readonly originalRequest?: string;
  readonly replayed?: boolean;
}

/** A reply with the headers that Stripe's SDKs read. Never `stripe-notice`: it makes the SDK print a warning. */
export function stripeReply(request: HttpRequest, status: number, body: JsonObject, facts: ReplyFacts): HttpResponse {
  const key = header(request.headers, 'idempotency-key');
  const account = header(request.headers, 'stripe-account');
  const headers: Headers = [
    ...(key === null ? [] : [['Idempotency-Key', key] as const]),
    ...(facts.originalRequest === undefined ? [] : [['Original-Request', facts.originalRequest] as const]),
    ...(facts.replayed === true ? [['Idempotent-Replayed', 'true'] as const] : []),
    ['Request-Id', facts.requestId],
    ...(account === null ? [] : [['Stripe-Account', account] as const]),
    // the SDK retries 409 and 5xx by itself unless told not to
    ...(status >= 400 ? [['Stripe-Should-Retry', 'false'] as const] : []),
    ['Stripe-Version', header(request.headers, 'stripe-version') ?? defaultVersion],
    ...(status === 401 ? [['WWW-Authenticate', 'Bearer realm="Stripe"'] as const] : []),
  ];
  return jsonReply(status, body, headers);
}

/** A refusal as a missing permission: 403 raises StripePermissionError and is never retried. */
export function refusalReply(request: HttpRequest, { rule, reason, capture }: Refusal): HttpResponse {
  const message = `fourthwall refused this call (rule ${rule}): ${reason}`;
  const requestId = `req_${capture.replaceAll(/[^0-9A-Za-z]/g, '').slice(-14).padStart(14, '0')}`;
  return stripeReply(request, 403, refusalBody(request.path, message), { requestId });
}

/** The body of an error, in the shape of its API: OAuth (RFC 6749 §5.2) says a word and a sentence, v2 a code and a sentence. */
export function failureBody(path: string, fields: ErrorFields, word = 'invalid_request'): JsonObject {
  if (path.startsWith('/oauth/')) return { error: word, error_description: fields.message };
  // v2 errors are told apart by their code; a type of v1 says nothing there (SDK, generateV2Error)
  return path.startsWith('/v2/') ? { error: { ...(fields.code === undefined ? {} : { code: fields.code }), message: fields.message } } : errorBody(fields);
}

function refusalBody(path: string, message: string): JsonObject {
  return failureBody(path, { type: 'invalid_request_error', code: 'request_blocked', message }, 'access_denied');
}
