import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

export interface SendGridError {
  readonly message: string;
  readonly field: string | null;
  readonly help: string | null;
}

/** Every error of the v3 API has this body; its SDKs turn it into a ResponseError. */
export function errorReply(status: number, errors: readonly SendGridError[]): HttpResponse {
  return jsonReply(status, { errors });
}

export function notFound(): HttpResponse {
  return errorReply(404, [{ message: 'resource not found', field: null, help: null }]);
}

/** One thing that is wrong with the body; `name` is the field. */
export function badBody(message: string, name: string | null): HttpResponse {
  return errorReply(400, [{ message, field: name, help: null }]);
}
