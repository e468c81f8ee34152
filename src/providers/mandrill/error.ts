import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/**
 * Every error of the API has this body; its libraries tell them apart by `name` and look at no status but 200. Which one Mandrill
 * gives is documented nowhere (docs/discoveries/mandrill.md): 400, for nothing in between tries that again.
 */
export function errorReply(name: string, code: number, message: string): HttpResponse {
  return jsonReply(400, { status: 'error', code, name, message });
}

export function unknownMessage(id: string): HttpResponse {
  return errorReply('Unknown_Message', 11, `No message exists with the id '${id}'`);
}
