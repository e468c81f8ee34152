import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** The shape of most APIs, and that of SMS v3. */
export function ibError(request: HttpRequest, status: number, code: string, text: string): HttpResponse {
  return request.path.startsWith('/sms/3/')
    ? jsonReply(status, { errorCode: `E${status}`, description: text, action: 'Check the request and try again.', violations: [], resources: [] })
    : jsonReply(status, { requestError: { serviceException: { messageId: code, text } } });
}

export function notFound(request: HttpRequest, what: string): HttpResponse {
  return ibError(request, 404, 'NOT_FOUND', `${what} does not exist`);
}
