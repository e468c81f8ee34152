import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** A call that Wise would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class WiseFailure extends Error {
  override readonly name = 'WiseFailure';
  readonly status: number;
  readonly code: string;
  readonly path: string | null;
  constructor(status: number, code: string, message: string, path: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.path = path;
  }
}

/** https://docs.wise.com/guides/developer/errors */
export function errorReply(status: number, code: string, message: string, path: string | null = null): HttpResponse {
  return jsonReply(status, { errors: [{ code, message, path, arguments: path === null ? [] : [path] }] });
}

export function invalid(path: string, message: string): WiseFailure {
  return new WiseFailure(422, 'NOT_VALID', message, path);
}

export function notFound(what: string): WiseFailure {
  return new WiseFailure(404, 'NOT_FOUND', `${what} not found`);
}
