import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** Every product's error body; the SDKs turn it into RestException / TwilioRestException. https://www.twilio.com/docs/usage/twilios-response */
export function restError(status: number, code: number, message: string): HttpResponse {
  return jsonReply(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

export function notFound(path: string): HttpResponse {
  return restError(404, 20404, `The requested resource ${path} was not found`);
}
