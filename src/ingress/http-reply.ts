import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Http2ServerResponse, OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { header } from '../model/exchange.ts';
import type { Header, Headers, HttpResponse } from '../model/exchange.ts';
import { isConnectionField } from '../model/headers.ts';

/** How long a refused client may go on sending before its connection is cut: it gets to read the answer first. */
const linger = 1_000;

/** Writes the reply as given: fields in order with their case, our own framing. Throws on a reply no grammar allows. */
export function sendHttp1(response: ServerResponse, reply: HttpResponse, method: string): void {
  const trailers = response.req.httpVersion === '1.1' && hasContent(reply, method) ? reply.trailers : [];
  // Node's own Date would make a simulated reply differ from its fixture.
  response.sendDate = false;
  if (trailers.length === 0) {
    response.writeHead(finalStatus(reply), framed(reply, method).flat());
  } else {
    response.writeHead(finalStatus(reply), [...fieldsOf(reply.headers), ['Trailer', trailers.map(([name]) => name).join(', ')], ['Transfer-Encoding', 'chunked']].flat());
    response.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]));
  }
  response.end(hasContent(reply, method) ? reply.body : undefined);
}

/** The same on a stream of HTTP/2. Names are lower-case there; fields of one name are sent together. */
export function sendHttp2(response: Http2ServerResponse, reply: HttpResponse, method: string): void {
  const { stream } = response;
  if (stream.destroyed) return;
  const waitForTrailers = reply.trailers.length > 0;
  // `sendDate` is read by Node and missing in its types.
  const options = { waitForTrailers, sendDate: false };
  // Sent by the response's own listener once the content is out.
  if (waitForTrailers) response.addTrailers(grouped(reply.trailers));
  stream.respond({ ...grouped(waitForTrailers ? fieldsOf(reply.headers) : framed(reply, method)), ':status': finalStatus(reply) }, options);
  stream.end(hasContent(reply, method) ? reply.body : undefined);
  // Content the client still sends would hold the stream open.
  if (!stream.readableEnded) stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
}

/** Writes a last reply by hand and closes: what else is on the connection cannot be trusted, or cannot be waited for. */
export function sendLast(socket: Socket, reply: HttpResponse, method: string): void {
  if (socket.destroyed) return;
  const fields = [...framed(reply, method), ['Connection', 'close']].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const status = finalStatus(reply);
  const head = Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${fields}\r\n`, 'latin1');
  closeGently(socket, hasContent(reply, method) ? Buffer.concat([head, reply.body]) : head);
}

/** A close with unread input is a reset, which takes the last answer with it: so read on for a moment and drop it. */
export function closeGently(socket: Socket, last: Buffer): void {
  const timer = setTimeout(() => socket.destroy(), linger);
  socket.removeAllListeners('data');
  socket.removeAllListeners('readable');
  socket.on('data', () => {});
  socket.on('error', () => {});
  socket.once('end', () => socket.destroySoon());
  socket.once('close', () => clearTimeout(timer));
  socket.end(last);
  socket.resume();
}

/** 1xx would leave the client waiting for another. */
export function finalStatus({ status }: HttpResponse): number {
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error(`a reply has status ${status}, it must be 200 to 599`);
  return status;
}

export function hasContent(reply: HttpResponse, method: string): boolean {
  return method !== 'HEAD' && reply.status !== 204 && reply.status !== 304;
}

function framed(reply: HttpResponse, method: string): Headers {
  const fields = fieldsOf(reply.headers);
  if (reply.status === 204) return fields;
  // The answer to HEAD, and 304, tell the length of what they leave out (RFC 9110 §8.6).
  const told = hasContent(reply, method) || reply.body.length > 0 ? null : header(reply.headers, 'content-length');
  if (reply.status === 304 && told === null) return fields;
  return [...fields, ['Content-Length', told ?? String(reply.body.length)]];
}

/** Fields that may be written as they are: no framing of another connection among them. Throws on one no grammar allows. */
export function fieldsOf(headers: Headers): Headers {
  const fields = headers.filter(([name]) => !isConnectionField(name) && name.toLowerCase() !== 'content-length');
  for (const field of fields) refuseBroken(field);
  return fields;
}

/** sendLast writes by hand, where nothing else would notice a line break. */
function refuseBroken([name, value]: Header): void {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new Error(`a reply has a header ${JSON.stringify(name)} that cannot be written`);
}

export function grouped(headers: Headers): OutgoingHttpHeaders {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of headers) (fields[name.toLowerCase()] ??= []).push(value);
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}
