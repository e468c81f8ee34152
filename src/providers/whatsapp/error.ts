import type { HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes: the code is said in the message too. */
export function errorReply(status: number, code: number, message: string, details: string, trace: string): HttpResponse {
  return jsonReply(status, { error: { message: `(#${code}) ${message}`, type: 'OAuthException', code, error_data: { messaging_product: 'whatsapp', details }, fbtrace_id: trace } });
}

/** What Graph says of an object that is not there, or that the token may not see. */
export function notFound(id: string, context: SimulationContext): HttpResponse {
  return jsonReply(400, {
    error: {
      message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
      type: 'GraphMethodException', code: 100, error_subcode: 33, fbtrace_id: context.id('A', { length: 22 }),
    },
  });
}
