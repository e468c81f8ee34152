import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Http2ServerRequest } from 'node:http2';
import { header, headerAll } from '../model/exchange.ts';
import type { Header, Headers, HttpRequest } from '../model/exchange.ts';
import { isConnectionField, isOwnField } from '../model/headers.ts';
import type { Limits } from '../model/limits.ts';
import { unreadable } from './fault.ts';
import type { Fault } from './fault.ts';

/** A request line and its fields as the client wrote them, before anything is judged or taken out. */
export interface HttpHead {
  readonly method: string;
  readonly target: string;
  readonly version: HttpRequest['version'];
  /** every field in order; the pseudo fields of HTTP/2 are not among them */
  readonly headers: Headers;
  /** HTTP/2's :authority and :scheme; null on HTTP/1 */
  readonly pseudo: { readonly authority: string | null; readonly scheme: string } | null;
}

export function headOf(request: IncomingMessage | Http2ServerRequest, target: string): HttpHead {
  const headers = pairs(request.rawHeaders);
  if (request instanceof Http2ServerRequest) {
    const authority = headers.find(([name]) => name === ':authority')?.[1] ?? null;
    return { method: request.method, target, version: '2', headers: headers.filter(([name]) => !name.startsWith(':')), pseudo: { authority, scheme: request.scheme } };
  }
  return { method: request.method ?? '', target, version: request.httpVersion === '1.0' ? '1.0' : '1.1', headers, pseudo: null };
}

/** Node's flat list of names and values, as pairs. */
export function pairs(flat: readonly string[]): Headers {
  return flat.flatMap((name, n): Header[] => (n % 2 === 0 ? [[name, flat[n + 1] ?? '']] : []));
}

/** Why this head cannot be taken; null when it can. Node's parser has already refused what no grammar allows. */
export function headFault(head: HttpHead, limits: Limits): Fault | null {
  if (head.target.length > limits.url) return unreadable(414, `the request target has ${head.target.length} bytes, at most ${limits.url} are taken`);
  return tooMany(head.headers, limits) ?? badFields(head.headers) ?? badFraming(head) ?? badConnection(head.headers) ?? refusedWish(head);
}

/** Fields after the body: the same bounds, and none that frames, routes or authenticates (RFC 9110 §6.5.1). */
export function trailerFault(trailers: Headers, limits: Limits): Fault | null {
  const early = trailers.find(([name]) => /^(?:host|content-.*|transfer-encoding|te|connection|trailer|upgrade|expect|authorization|proxy-.*|cookie|set-cookie)$/i.test(name));
  return tooMany(trailers, limits) ?? badFields(trailers) ??
    (early === undefined ? null : unreadable(400, `the trailer field ${early[0]} must stand before the body`));
}

function tooMany(headers: Headers, limits: Limits): Fault | null {
  if (headers.length > limits.httpHeaders) return unreadable(431, `the request has ${headers.length} header fields, at most ${limits.httpHeaders} are taken`);
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  return bytes > limits.httpHeaderBytes ? unreadable(431, `the header fields have ${bytes} bytes, at most ${limits.httpHeaderBytes} are taken`) : null;
}

/**
 * Values are kept as latin1-decoded text, so UTF-8 in a value passes byte for byte. Bytes that are no UTF-8 are refused: two
 * readers would see two values (issue 2, bad input).
 */
function badFields(headers: Headers): Fault | null {
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return unreadable(400, `the header name ${JSON.stringify(name)} is not a token`);
    // eslint-disable-next-line no-control-regex -- these are the characters RFC 9110 §5.5 forbids
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return unreadable(400, `the header ${name} holds a control character`);
    if (/[\x80-\xff]/.test(value) && !isUtf8(Buffer.from(value, 'latin1'))) return unreadable(400, `the header ${name} holds bytes that are not UTF-8`);
  }
  return null;
}

/** RFC 9112 §6.3, without its lenience: one way to tell the length of the body, or none at all. */
function badFraming({ headers, version }: HttpHead): Fault | null {
  const lengths = headerAll(headers, 'content-length');
  const codings = headerAll(headers, 'transfer-encoding');
  if (lengths.length > 1) return unreadable(400, 'Content-Length is given twice');
  if (lengths[0] !== undefined && !/^(?:0|[1-9][0-9]{0,14})$/.test(lengths[0])) return unreadable(400, 'Content-Length is not a plain decimal number');
  if (codings.length === 0) return null;
  if (version !== '1.1') return unreadable(400, `Transfer-Encoding is not possible in HTTP/${version}`);
  if (lengths.length > 0) return unreadable(400, 'Content-Length and Transfer-Encoding are both given');
  if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') return unreadable(400, 'Transfer-Encoding must be exactly "chunked"');
  return null;
}

/**
 * `Connection: authorization` would have a proxy take out what the decision was made on (CVE-2026-33805): a field that is
 * not hop-by-hop by its definition may not be named.
 */
function badConnection(headers: Headers): Fault | null {
  const named = headerAll(headers, 'connection').join(',').split(',').map((token) => token.trim().toLowerCase());
  const odd = named.find((token) => token !== 'close' && !isOneHop(token) && header(headers, token) !== null);
  return odd === undefined ? null : unreadable(400, `Connection names ${JSON.stringify(odd)}, which is not a hop-by-hop field`);
}

function refusedWish({ method, headers, version }: HttpHead): Fault | null {
  const upgrade = header(headers, 'upgrade');
  if (upgrade !== null) {
    return { kind: 'fault', check: 'websocket', status: 403, authority: null, reason: `an upgrade to ${JSON.stringify(upgrade)} is refused: what it carries could not be read` };
  }
  if (method === 'TRACE') return unreadable(405, 'TRACE is refused: it would give credentials back');
  const expect = header(headers, 'expect');
  if (expect !== null && version !== '1.0' && expect.toLowerCase() !== '100-continue') return unreadable(417, `the expectation ${JSON.stringify(expect)} is not known`);
  return null;
}

/** What belongs to the call itself: without hop-by-hop fields, proxy fields, our own fields, and Expect, which we have met. */
export function endToEnd(headers: Headers): Headers {
  return headers.filter(([name]) => !isOneHop(name.toLowerCase()) && name.toLowerCase() !== 'expect');
}

function isOneHop(name: string): boolean {
  return isConnectionField(name) || isOwnField(name) || name.startsWith('proxy-');
}
