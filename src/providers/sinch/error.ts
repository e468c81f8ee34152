import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** `code` is one of 'syntax_invalid_parameter_format', 'syntax_constraint_violation', 'unknown_group' and the like. */
export function errorReply(status: number, code: string, text: string): HttpResponse {
  return jsonReply(status, { code, text });
}

export function notFound(): HttpResponse {
  return errorReply(404, 'not_found', 'Requested resource not found');
}
