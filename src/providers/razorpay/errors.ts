import type { HttpResponse } from '../../model/exchange.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://razorpay.com/docs/api/errors */
export interface Fault {
  readonly code: 'BAD_REQUEST_ERROR' | 'GATEWAY_ERROR' | 'SERVER_ERROR';
  readonly description: string;
  readonly source: string;
  readonly step: string;
  readonly reason: string;
  readonly metadata: JsonObject;
  readonly field?: string;
}

/** A call that Razorpay would refuse. Thrown by whatever finds it, caught once, in operation.ts. */
export class RazorpayFailure extends Error {
  override readonly name = 'RazorpayFailure';
  readonly status: number;
  readonly fault: Fault;
  /** a payment that failed is kept and told all the same */
  readonly keeps: boolean;
  constructor(status: number, fault: Fault, keeps = false) {
    super(fault.description);
    this.status = status;
    this.fault = fault;
    this.keeps = keeps;
  }
}

export function errorReply(status: number, fault: Fault): HttpResponse {
  return jsonReply(status, { error: fault });
}

export function faultOf(description: string, facts: Partial<Fault> = {}): Fault {
  return { code: 'BAD_REQUEST_ERROR', description, source: 'NA', step: 'NA', reason: 'NA', metadata: {}, ...facts };
}

/** The application said something wrong. */
export function bad(description: string, facts: Partial<Fault> = {}): RazorpayFailure {
  return new RazorpayFailure(400, faultOf(description, { source: 'business', step: 'payment_initiation', ...facts }));
}

/** Of whatever kind: Razorpay does not say which. */
export function unknownId(): RazorpayFailure {
  return bad('The id provided does not exist', { reason: 'input_validation_failed' });
}
