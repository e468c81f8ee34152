import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** A call that Klarna would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class KlarnaFailure extends Error {
  override readonly name = 'KlarnaFailure';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** https://docs.klarna.com/api/errors/ */
export function errorReply(status: number, code: string, message: string, correlationId: string): HttpResponse {
  return jsonReply(status, { correlation_id: correlationId, error_code: code, error_messages: [message] }, [['Klarna-Correlation-Id', correlationId]]);
}

export function badValue(where: string): KlarnaFailure {
  return new KlarnaFailure(400, 'BAD_VALUE', `Bad value: ${where}`);
}

/** https://docs.klarna.com/resources/error-details/errors-in-order-management/ */
export function noSuchOrder(id: string): KlarnaFailure {
  return new KlarnaFailure(404, 'NO_SUCH_ORDER', `Order ${id} cannot be found`);
}

export function notFound(what: string): KlarnaFailure {
  return new KlarnaFailure(404, 'NOT_FOUND', `${what} cannot be found`);
}

/** 'CAPTURE', 'REFUND', 'CANCEL'; '' = the rest */
export function notAllowed(what: string, why: string): KlarnaFailure {
  return new KlarnaFailure(403, what === '' ? 'NOT_ALLOWED' : `${what}_NOT_ALLOWED`, why);
}
