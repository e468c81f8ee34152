import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';
import type { JsonObject } from '../wire/json.ts';

export type FaultType = 'validation_failed' | 'invalid_api_usage' | 'invalid_state';

/** A call that GoCardless would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class GoCardlessFailure extends Error {
  override readonly name = 'GoCardlessFailure';
  readonly status: number;
  readonly type: FaultType;
  readonly errors: readonly JsonObject[];
  constructor(status: number, type: FaultType, message: string, errors: readonly JsonObject[]) {
    super(message);
    this.status = status;
    this.type = type;
    this.errors = errors;
  }
}

/** https://developer.gocardless.com/api-reference/#api-usage-errors */
export function errorReply(failure: Pick<GoCardlessFailure, 'status' | 'type' | 'message' | 'errors'>, requestId: string): HttpResponse {
  const { status, type, message, errors } = failure;
  return jsonReply(status, { error: { message, errors, documentation_url: `https://developer.gocardless.com/api-reference#${errors[0]?.['reason'] === undefined ? type : String(errors[0]['reason'])}`, type, request_id: requestId, code: status } });
}

export function misuse(status: number, reason: string, message: string): GoCardlessFailure {
  return new GoCardlessFailure(status, 'invalid_api_usage', message, [{ reason, message }]);
}

export function notFound(): GoCardlessFailure {
  return misuse(404, 'resource_not_found', 'Resource not found');
}

export function wrongState(reason: string, message: string, links?: JsonObject): GoCardlessFailure {
  return new GoCardlessFailure(reason === 'idempotent_creation_conflict' ? 409 : 422, 'invalid_state', message, [{ reason, message, ...(links === undefined ? {} : { links }) }]);
}

/** `pointer`: '/payments/amount' */
export function invalid(pointer: string, message: string): GoCardlessFailure {
  return new GoCardlessFailure(422, 'validation_failed', 'Validation failed', [{ message, field: pointer.slice(pointer.lastIndexOf('/') + 1), request_pointer: pointer }]);
}
