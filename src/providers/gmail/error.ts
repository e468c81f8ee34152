import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://developers.google.com/workspace/gmail/api/guides/handle-errors */
export function googleError(code: number, status: string, reason: string, message: string): HttpResponse {
  return jsonReply(code, { error: { code, message, errors: [{ message, domain: 'global', reason }], status } });
}

export function notFound(): HttpResponse {
  return googleError(404, 'NOT_FOUND', 'notFound', 'Requested entity was not found.');
}
