import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** Every error of the API has this body. https://developers.brevo.com/docs/how-it-works#error-codes */
export function errorReply(status: number, code: string, message: string): HttpResponse {
  return jsonReply(status, { code, message });
}

export function notFound(what: string): HttpResponse {
  return errorReply(404, 'document_not_found', `${what} does not exist`);
}
