import type { Headers, HttpRequest } from '../../src/model/exchange.ts';
import { header } from '../../src/model/exchange.ts';

/** How a call says what it says, as far as a mutation has to know. Text is latin1: one character a byte. */
export type Shape =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly text: string }
  /** `pieces` join with the delimiter to the body again: what stands before the first, the parts, what closes */
  | { readonly kind: 'multipart'; readonly delimiter: string; readonly pieces: readonly string[]; /** the first part is the root (RFC 2387) */ readonly rooted: boolean }
  | { readonly kind: 'xml'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

export function shapeOf(request: HttpRequest): Shape {
  const type = header(request.headers, 'content-type') ?? '';
  const text = Buffer.from(request.body).toString('latin1');
  const boundary = /^multipart\/.*;\s*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) {
    const delimiter = `--${boundary}`;
    return { kind: 'multipart', delimiter, pieces: text.split(delimiter), rooted: !/^multipart\/form-data/i.test(type) };
  }
  if (/urlencoded/i.test(type)) return { kind: 'form', text };
  const value = parsed(Buffer.from(request.body).toString('utf8'));
  if (typeof value === 'object' && value !== null) return { kind: 'json', value };
  if (/xml/i.test(type) || /^\s*</.test(text)) return { kind: 'xml', text };
  return { kind: 'text', text };
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What is no JSON is another shape.
    return undefined;
  }
}

/** With another body, and a Content-Length that is its. */
export function withBody(request: HttpRequest, body: Uint8Array | string): HttpRequest {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const headers: Headers = request.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...request, headers: [...headers, ['Content-Length', String(bytes.length)]], body: bytes };
}

export function withJson(request: HttpRequest, value: unknown): HttpRequest {
  return withBody(request, Buffer.from(JSON.stringify(value)));
}
