import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** application/problem+json, as Messages, Verify v2 and Voice answer. @param type behind api-errors: '#unauthorized', '/messages#1150' */
export function problem(status: number, { type, title, detail, instance, more = {} }: {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
  readonly more?: Readonly<Record<string, unknown>>;
}): HttpResponse {
  const reply = jsonReply(status, { type: `https://developer.vonage.com/api-errors${type}`, title, detail, instance, ...more });
  return { ...reply, headers: [['Content-Type', 'application/problem+json']] };
}

export function notFound(what: string, instance: string): HttpResponse {
  return problem(404, { type: '#not-found', title: 'Not Found', detail: what, instance });
}

/** The SMS API says everything with 200: whether a message failed stands in its status. The count is a string, as it really is. */
export function smsFailure(status: string, text: string, to: string | null): HttpResponse {
  return jsonReply(200, { 'message-count': '1', messages: [{ ...(to === null ? {} : { to }), status, 'error-text': text }] });
}
