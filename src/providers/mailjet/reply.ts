import type { HttpResponse } from '../../model/exchange.ts';
import { emptyReply } from '../wire/reply.ts';

/** An identifier beyond what a double holds (MessageID has 19 digits): written as a bare integer, as Mailjet does. */
export interface LongInteger { readonly digits: string }

/** JSON with its long integers written out. TypeScript's library does not know JSON.rawJSON (ES2026) yet. */
export function longJson(value: unknown): string {
  const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };
  return JSON.stringify(value, (_key, each: unknown) => isLong(each) ? rawJSON(each.digits) : each);
}

function isLong(value: unknown): value is LongInteger {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1 && 'digits' in value && typeof value.digits === 'string' && /^[1-9]\d{0,30}$/.test(value.digits);
}

export function mailjetReply(status: number, value: unknown): HttpResponse {
  return { ...emptyReply(status, [['Content-Type', 'application/json']]), body: Buffer.from(longJson(value), 'utf8') };
}

/** A page of /v3/REST */
export function dataReply(status: number, data: readonly unknown[], total = data.length): HttpResponse {
  return mailjetReply(status, { Count: data.length, Data: data, Total: total });
}

export function restError(status: number, message: string): HttpResponse {
  return mailjetReply(status, { ErrorInfo: '', ErrorMessage: message, StatusCode: status });
}
