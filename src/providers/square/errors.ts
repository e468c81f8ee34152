import type { HttpResponse } from '../../model/exchange.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://developer.squareup.com/reference/square/objects/Error */
export interface Fault {
  readonly category: 'AUTHENTICATION_ERROR' | 'INVALID_REQUEST_ERROR' | 'PAYMENT_METHOD_ERROR' | 'REFUND_ERROR' | 'API_ERROR';
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
}

/** A call that Square would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class SquareFailure extends Error {
  override readonly name = 'SquareFailure';
  readonly status: number;
  readonly fault: Fault;
  constructor(status: number, fault: Fault) {
    super(fault.detail);
    this.status = status;
    this.fault = fault;
  }
}

/** `more`: what stands beside the errors, as the payment that failed. */
export function errorReply(status: number, fault: Fault, more: JsonObject = {}): HttpResponse {
  return jsonReply(status, { errors: [fault], ...more });
}

export function invalid(code: string, detail: string, field?: string): SquareFailure {
  return new SquareFailure(400, { category: 'INVALID_REQUEST_ERROR', code, detail, ...(field === undefined ? {} : { field }) });
}

export function missing(field: string): SquareFailure {
  return invalid('MISSING_REQUIRED_PARAMETER', 'Missing required parameter.', field);
}

export function notFound(what: string, id: string): SquareFailure {
  return new SquareFailure(404, { category: 'INVALID_REQUEST_ERROR', code: 'NOT_FOUND', detail: `Could not find ${what} with id: ${id.slice(0, 100)}` });
}

export function refundError(code: string, detail: string): SquareFailure {
  return new SquareFailure(400, { category: 'REFUND_ERROR', code, detail });
}

/** Said plainly, and never as a success: nobody may believe that it worked. */
export function notSimulated(what: string, field?: string): SquareFailure {
  return invalid('BAD_REQUEST', `fourthwall does not simulate ${what} yet; the call was recorded and nothing was done`, field);
}
