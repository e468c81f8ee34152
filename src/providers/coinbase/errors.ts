import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** A call that Coinbase would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class CoinbaseFailure extends Error {
  override readonly name = 'CoinbaseFailure';
  readonly status: number;
  readonly type: string;
  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

/** The types are those that the SDK has an error class for. */
export function errorReply(status: number, type: string, message: string): HttpResponse {
  return jsonReply(status, { error: { type, message } });
}

export function invalid(message: string): CoinbaseFailure {
  return new CoinbaseFailure(400, 'invalid_request', message);
}

export function required(name: string): CoinbaseFailure {
  return new CoinbaseFailure(400, 'param_required', `${name} is required.`);
}

export function notFound(): CoinbaseFailure {
  return new CoinbaseFailure(404, 'not_found', 'Not found');
}
