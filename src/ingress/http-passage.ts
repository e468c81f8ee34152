import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { header } from '../model/exchange.ts';
import type { Headers, HttpRequest, HttpResponse } from '../model/exchange.ts';
import type { Gateway, PassingReply, PassingRequest } from '../model/gateway.ts';
import type { Limits } from '../model/limits.ts';
import type { Origin } from '../model/origin.ts';
import { turn } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Fault } from './fault.ts';
import { endToEnd, pairs, trailerFault } from './http-head.ts';
import { closeGently, fieldsOf, finalStatus, grouped, hasContent, sendHttp1, sendHttp2, sendLast } from './http-reply.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface Passing {
  readonly gateway: Gateway;
  readonly limits: Limits;
  readonly connection: Connection;
  readonly request: Request;
  readonly response: Response;
  /** with an empty body */
  readonly head: HttpRequest;
  /** the client waits for 100 before it sends */
  readonly expects: boolean;
  readonly origin: Origin;
  readonly draining: () => boolean;
}

/**
 * A call whose bodies go through without being held, when the gateway says so. 'held': nothing was read or answered, go on as
 * with every other. A fault: what came behind the head meanwhile cannot be read; nothing was answered.
 * HTTP/1.0 is never passed on so: where the answer has no length, a break would look like its end.
 */
export async function passThrough(passing: Passing): Promise<'passed' | 'held' | Fault> {
  const { gateway, connection, request, response, head, origin } = passing;
  if (head.version === '1.0') return 'held';
  // What follows the head may be in already, and unreadable: until somebody reads the body, it is noted here.
  let early: Fault | null = null;
  if (connection.session === null) {
    connection.reading = (fault) => {
      if (request.complete) return false;
      early = fault;
      return true;
    };
  }
  const gone = new AbortController();
  const left = (): void => gone.abort();
  response.once('close', left);
  const passage = await gateway.pass({
    head, body: hasBody(request, head) ? bodyOf(passing, () => early) : null, trailers: () => endToEnd(pairs(request.rawTrailers)), signal: gone.signal,
  } satisfies PassingRequest, origin);
  if (passage === null) {
    response.off('close', left);
    connection.reading = null;
    return early ?? 'held';
  }
  connection.tape.clear();
  if (passage.kind === 'answered') await answer(passing, passage.answer.reply);
  else await relay(passing, passage.reply);
  connection.reading = null;
  return 'passed';
}

function hasBody(request: Request, head: HttpRequest): boolean {
  if (request instanceof Http2ServerRequest) return !request.stream.endAfterHeaders;
  const length = header(head.headers, 'content-length');
  return length === null ? request.headers['transfer-encoding'] !== undefined : length !== '0';
}

/** The body as it comes; only asking for it tells the client to send. Throws when it breaks off or cannot be read. */
async function* bodyOf({ request, response, connection, expects, limits }: Passing, early: () => Fault | null): AsyncGenerator<Buffer> {
  const before = early();
  if (before !== null) throw new Error(before.reason);
  // On HTTP/1 what cannot be read ends the connection: both sides of the call see it break.
  if (connection.session === null) {
    connection.reading = () => {
      if (request.complete) return false;
      connection.broken = true;
      connection.socket.destroy();
      return true;
    };
  }
  if (expects) response.writeContinue();
  yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  if (!isWhole(request)) throw new Error('the client closed before the end of the body');
  const fault = trailerFault(pairs(request.rawTrailers), limits);
  if (fault !== null) throw new Error(fault.reason);
}

function isWhole(request: Request): boolean {
  return request instanceof Http2ServerRequest ? !request.stream.closed && !request.stream.destroyed : request.complete;
}

async function answer({ connection, request, response, head, draining }: Passing, reply: HttpResponse): Promise<void> {
  if (response instanceof Http2ServerResponse) return sendHttp2(response, reply, head.method);
  if (request.complete) {
    if (draining()) response.shouldKeepAlive = false;
    return sendHttp1(response, reply, head.method);
  }
  connection.broken = true;
  await turn(connection, response);
  sendLast(connection.socket, reply, head.method);
}

/** From the first chunk asked for, every way out of here ends the iteration: the outcome is written by whoever gives the body. */
async function relay(passing: Passing, reply: PassingReply): Promise<void> {
  const { connection, request, response, head } = passing;
  const body = reply.body[Symbol.asyncIterator]();
  const first = body.next();
  first.catch(() => {});
  try {
    const out = response instanceof Http2ServerResponse ? openHttp2(response, reply.head, head.method) : openHttp1(response, reply.head, head.method, passing.draining());
    for (let step = await first; step.done !== true; step = await body.next()) {
      if (!hasContent(reply.head, head.method)) continue;
      if (!out.write(step.value)) await flowing(out, response);
    }
    const trailers = reply.trailers();
    if (trailers.length > 0) addTrailers(response, fieldsOf(trailers));
    out.end();
  } catch {
    await body.return?.().catch(() => {});
    return cut(connection, response);
  }
  if (response instanceof Http2ServerResponse) {
    if (!response.stream.readableEnded) response.stream.once('finish', () => response.stream.close(constants.NGHTTP2_NO_ERROR));
  } else if (!request.complete) {
    // The client still sends what nobody reads: the next request could not be found behind it.
    connection.broken = true;
    response.once('finish', () => closeGently(connection.socket, Buffer.alloc(0)));
  }
}

function openHttp1(response: ServerResponse, reply: HttpResponse, method: string, draining: boolean): ServerResponse {
  response.sendDate = false;
  if (draining) response.shouldKeepAlive = false;
  response.writeHead(finalStatus(reply), [...framed(reply), ...announced(reply, method)].flat());
  response.flushHeaders();
  return response;
}

function openHttp2(response: Http2ServerResponse, reply: HttpResponse, method: string): Http2ServerResponse['stream'] {
  const { stream } = response;
  // `sendDate` is read by Node and missing in its types.
  const options = { waitForTrailers: hasContent(reply, method), endStream: !hasContent(reply, method), sendDate: false };
  stream.respond({ ...grouped(framed(reply)), ':status': finalStatus(reply) }, options);
  return stream;
}

/** The length the other side told, where it told one: Node writes chunks otherwise. */
function framed(reply: HttpResponse): HttpResponse['headers'] {
  const length = header(reply.headers, 'content-length');
  return length === null ? fieldsOf(reply.headers) : [...fieldsOf(reply.headers), ['Content-Length', length]];
}

/** Trailers need chunks; whether some will come is not known yet. */
function announced(reply: HttpResponse, method: string): HttpResponse['headers'] {
  return header(reply.headers, 'content-length') === null && hasContent(reply, method) ? [['Transfer-Encoding', 'chunked']] : [];
}

function flowing(out: ServerResponse | Http2ServerResponse['stream'], response: Response): Promise<void> {
  return new Promise((resolve) => {
    if (out.destroyed || response.destroyed) return resolve();
    const done = (): void => {
      out.off('drain', done);
      response.off('close', done);
      resolve();
    };
    out.once('drain', done);
    response.once('close', done);
  });
}

/** HTTP/2 sends them from the response's own listener once the content is out. */
function addTrailers(response: Response, trailers: Headers): void {
  if (response instanceof Http2ServerResponse) response.addTrailers(grouped(trailers));
  else response.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]));
}

/** A break, so that nobody takes what came for the whole. */
function cut(connection: Connection, response: Response): void {
  if (response instanceof Http2ServerResponse) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else {
    connection.broken = true;
    connection.socket.destroy();
  }
}
