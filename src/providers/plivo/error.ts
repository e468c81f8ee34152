import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** `error` becomes the message of the SDK's error; its type goes by the status. 500 and more it tries again for calls. */
export function plivoError(status: number, error: string, apiId: string): HttpResponse {
  return jsonReply(status, { api_id: apiId, error });
}
