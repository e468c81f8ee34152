import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://docs.adyen.com/development-resources/error-codes/ */
interface Fault {
  readonly errorCode: string;
  readonly message: string;
  readonly errorType: 'validation' | 'security' | 'internal';
}

/** A call that Adyen would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class AdyenFailure extends Error {
  override readonly name = 'AdyenFailure';
  readonly status: number;
  readonly fault: Fault;
  constructor(status: number, fault: Fault) {
    super(fault.message);
    this.status = status;
    this.fault = fault;
  }
}

export function errorReply(status: number, fault: Fault): HttpResponse {
  return jsonReply(status, { status, ...fault });
}

export function invalid(errorCode: string, message: string): AdyenFailure {
  return new AdyenFailure(422, { errorCode, message, errorType: 'validation' });
}
