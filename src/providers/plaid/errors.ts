import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** A call that Plaid would refuse without having changed anything. Thrown by whatever finds it, caught once, in operation.ts. */
export class PlaidFailure extends Error {
  override readonly name = 'PlaidFailure';
  readonly status: number;
  readonly type: string;
  readonly code: string;
  constructor(type: string, code: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.code = code;
    this.status = status;
  }
}

/** https://plaid.com/docs/errors/ */
export function errorReply({ type, code, message, status = 400, requestId }: { readonly type: string; readonly code: string; readonly message: string; readonly status?: number; readonly requestId: string }): HttpResponse {
  return jsonReply(status, {
    display_message: null, documentation_url: `https://plaid.com/docs/?ref=error#${type.toLowerCase().replaceAll('_', '-')}-errors`, error_code: code, error_message: message, error_type: type,
    request_id: requestId, suggested_action: null,
  });
}

export function missing(names: readonly string[]): PlaidFailure {
  return new PlaidFailure('INVALID_REQUEST', 'MISSING_FIELDS', `the following required fields are missing: ${names.join(', ')}`);
}

export function invalid(message: string): PlaidFailure {
  return new PlaidFailure('INVALID_REQUEST', 'INVALID_FIELD', message);
}

export function notFound(what: string): PlaidFailure {
  return new PlaidFailure('INVALID_REQUEST', 'NOT_FOUND', `${what} not found`, 404);
}
