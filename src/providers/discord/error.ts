import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export function discordError(status: 400 | 401 | 403 | 404, code: number, message: string, errors?: unknown): HttpResponse {
  return jsonReply(status, { message, code, ...errors === undefined ? {} : { errors } });
}

export const unauthorized: HttpResponse = discordError(401, 0, '401: Unauthorized');
export const unknownMessage: HttpResponse = discordError(404, 10_008, 'Unknown Message');

export function formError(name: string, code: string, message: string): HttpResponse {
  return discordError(400, 50_035, 'Invalid Form Body', { [name]: { _errors: [{ code, message }] } });
}
