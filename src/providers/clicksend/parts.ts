import type { HttpResponse } from '../../model/exchange.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { trimmed } from '../wire/trim.ts';

export function text(object: JsonObject | null, name: string): string | null {
  return asString(field(object, name));
}

/** A string or a number as one, blanks around it taken off; '' is none. */
export function named(object: JsonObject | null, name: string): string | null {
  const value = field(object, name);
  const written = typeof value === 'number' ? String(value) : trimmed(asString(value) ?? '');
  return written === '' ? null : written;
}

/** Every answer of ClickSend has the same envelope. */
export function success(message: string, data: unknown): HttpResponse {
  return jsonReply(200, { http_code: 200, response_code: 'SUCCESS', response_msg: message, data });
}

export function failure(status: number, code: string, message: string): HttpResponse {
  return jsonReply(status, { http_code: status, response_code: code, response_msg: message, data: null });
}

export const currency = { currency_name_short: 'AUD', currency_prefix_d: '$', currency_prefix_c: 'c', currency_name_long: 'Australian Dollars' };
