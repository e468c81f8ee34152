import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** Without `errors` the SDK takes any answer for a success, whatever its status. https://developers.messagebird.com/api/#api-errors */
export function apiError(status: number, code: number, description: string, parameter: string | null = null): HttpResponse {
  return jsonReply(status, { errors: [{ code, description, parameter }] });
}

export function notFound(what: string, id: string): HttpResponse {
  return apiError(404, 20, `${what} not found`, id);
}
