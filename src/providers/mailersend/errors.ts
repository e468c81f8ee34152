import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** What is wrong with fields, in the framework's shape. https://developers.mailersend.com/general.html#validation-errors */
export function invalid(errors: Readonly<Record<string, readonly string[]>>): HttpResponse {
  return jsonReply(422, { message: 'The given data was invalid.', errors });
}

export function notFound(): HttpResponse {
  return jsonReply(404, { message: 'Resource not found.' });
}
