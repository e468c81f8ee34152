import type { HttpResponse } from '../../model/exchange.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';

/** A call that Paddle would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class PaddleFailure extends Error {
  override readonly name = 'PaddleFailure';
  readonly status: number;
  readonly code: string;
  readonly errors: readonly JsonObject[];
  constructor(status: number, code: string, detail: string, errors: readonly JsonObject[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** https://developer.paddle.com/api-reference/about/errors */
export function errorReply({ status, code, message, errors }: Pick<PaddleFailure, 'status' | 'code' | 'message' | 'errors'>, requestId: string): HttpResponse {
  return jsonReply(status, {
    error: { type: 'request_error', code, detail: message, documentation_url: `https://developer.paddle.com/v1/errors/${code.includes('_') ? code.slice(0, code.indexOf('_')) : 'shared'}/${code}`, ...(errors.length === 0 ? {} : { errors }) },
    meta: { request_id: requestId },
  });
}

export function refused(code: string, detail: string): PaddleFailure {
  return new PaddleFailure(400, code, detail);
}

export function invalid(field: string, message: string): PaddleFailure {
  return new PaddleFailure(400, 'invalid_field', 'Request does not pass validation.', [{ field, message }]);
}

export function notFound(id: string): PaddleFailure {
  return new PaddleFailure(404, 'not_found', `Entity ${id} not found`);
}
