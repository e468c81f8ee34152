import type { HttpResponse } from '../../model/exchange.ts';
import { jsonReply } from '../wire/reply.ts';

/** Most errors of the API; its SDK shows `error.message` before `message`. */
export function failure(status: number, message: string, path: string | null = null): HttpResponse {
  return jsonReply(status, path === null ? { success: false, message } : { success: false, message, error: { path, message } });
}

/** A list as every listing endpoint gives it, all on one page. */
export function page(items: readonly unknown[]): HttpResponse {
  const pagination = { totalResults: items.length, returnedResults: items.length, perPage: 20, totalPages: 1, nextCursor: null, nextPage: null };
  return jsonReply(200, { pagination, data: items });
}
