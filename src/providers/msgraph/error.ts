import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://learn.microsoft.com/en-us/graph/errors. Without `innerError`: its date would need a clock where a call is refused. */
export function graphError(status: number, code: string, message: string): HttpResponse {
  return jsonReply(status, { error: { code, message } });
}

export function notInStore(): HttpResponse {
  return graphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}
