import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://developers.telnyx.com/docs/messaging/messages/error-codes */
export function errorReply(status: number, code: string, title: string, detail: string): HttpResponse {
  return jsonReply(status, { errors: [{ code, title, detail, meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` } }] });
}

export function notFound(): HttpResponse {
  return errorReply(404, '10005', 'Resource not found', 'The requested resource or URL could not be found.');
}
