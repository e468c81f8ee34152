import type { HttpResponse } from '../../model/exchange.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';

/** A call that Checkout.com would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class CheckoutFailure extends Error {
  override readonly name = 'CheckoutFailure';
  readonly status: number;
  /** none: an answer without a body */
  readonly codes: readonly string[];
  constructor(status: number, ...codes: readonly string[]) {
    super(`${status} ${codes.join(', ')}`);
    this.status = status;
    this.codes = codes;
  }
}

/** https://www.checkout.com/docs/developer-resources/codes/error-codes */
export function errorReply(status: number, request: string, codes: readonly string[]): HttpResponse {
  if (codes.length === 0) return emptyReply(status, [['Cko-Request-Id', request]]);
  return jsonReply(status, { request_id: request, error_type: status === 422 ? 'request_invalid' : 'invalid_request', error_codes: codes }, [['Cko-Request-Id', request]]);
}

export function invalid(...codes: readonly string[]): CheckoutFailure {
  return new CheckoutFailure(422, ...codes);
}

/** Checkout.com says no more than that. */
export function notFound(): CheckoutFailure {
  return new CheckoutFailure(404);
}

/** The payment is in no state for it. */
export function notAllowed(): CheckoutFailure {
  return new CheckoutFailure(403);
}
