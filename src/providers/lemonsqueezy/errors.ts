import type { HttpResponse } from '../../model/exchange.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';

export const mediaTypeOfApi = 'application/vnd.api+json';
const titles: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 422: 'Unprocessable Entity' };

/** A call that Lemon Squeezy would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class LemonFailure extends Error {
  override readonly name = 'LemonFailure';
  readonly status: number;
  readonly pointer: string | null;
  constructor(status: number, detail: string, pointer: string | null = null) {
    super(detail);
    this.status = status;
    this.pointer = pointer;
  }
}

export function documentReply(status: number, document: JsonObject): HttpResponse {
  return { ...jsonReply(status, { jsonapi: { version: '1.0' }, ...document }), headers: [['Content-Type', mediaTypeOfApi]] };
}

/** https://docs.lemonsqueezy.com/api/getting-started/errors */
export function errorReply(status: number, detail: string, pointer: string | null = null): HttpResponse {
  return documentReply(status, { errors: [{ detail, ...(pointer === null ? {} : { source: { pointer } }), status: String(status), title: titles[status] ?? 'Error' }] });
}

export function invalid(detail: string, pointer: string): LemonFailure {
  return new LemonFailure(422, detail, pointer);
}

export function notFound(): LemonFailure {
  return new LemonFailure(404, 'The requested resource does not exist.');
}
