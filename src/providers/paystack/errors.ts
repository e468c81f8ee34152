import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** A call that Paystack would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class PaystackFailure extends Error {
  override readonly name = 'PaystackFailure';
  readonly status: number;
  readonly code: string;
  readonly nextStep: string;
  constructor(status: number, message: string, code: string, nextStep: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.nextStep = nextStep;
  }
}

/** https://paystack.com/docs/api/errors */
export function errorReply(status: number, message: string, code: string, nextStep: string): HttpResponse {
  return jsonReply(status, { status: false, message, meta: { nextStep }, type: 'validation_error', code });
}

export function invalid(message: string, code = 'invalid_params', nextStep = 'Ensure that the value(s) you\'re passing are valid.'): PaystackFailure {
  return new PaystackFailure(400, message, code, nextStep);
}

export function notFound(what: string, code: string): PaystackFailure {
  return new PaystackFailure(404, `${what} not found`, code, `Ensure that the ${what.toLowerCase()} you're passing exists on this integration`);
}
