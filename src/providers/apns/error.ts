import type { Headers, HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
export function apnsError(status: number, reason: string, headers: Headers = []): HttpResponse {
  return jsonReply(status, { reason }, headers);
}
