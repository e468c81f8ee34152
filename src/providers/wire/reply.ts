import type { Headers, HttpResponse } from '../../model/exchange.ts';
import type { Bytes } from '../../model/bytes.ts';

/** Replies carry no Content-Length and no Date: whoever writes them to the wire knows both. */
export function jsonReply(status: number, value: unknown, headers: Headers = []): HttpResponse {
  return reply(status, [['Content-Type', 'application/json'], ...headers], Buffer.from(JSON.stringify(value), 'utf8'));
}

export function textReply(status: number, text: string, headers: Headers = []): HttpResponse {
  return reply(status, [['Content-Type', 'text/plain; charset=utf-8'], ...headers], Buffer.from(text, 'utf8'));
}

export function emptyReply(status: number, headers: Headers = []): HttpResponse {
  return reply(status, headers, new Uint8Array(0));
}

function reply(status: number, headers: Headers, body: Bytes): HttpResponse {
  return { kind: 'http', status, headers, trailers: [], body };
}
