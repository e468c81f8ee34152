import type { IncomingMessage } from 'node:http';
import { Http2ServerRequest } from 'node:http2';
import type { Headers } from '../model/exchange.ts';
import type { Budget } from './budget.ts';
import type { Connection } from './connection.ts';
import { receivedLimit, unreadable } from './fault.ts';
import type { Fault } from './fault.ts';
import { pairs } from './http-head.ts';

export type HttpBody =
  | { readonly kind: 'body'; readonly bytes: Buffer; readonly trailers: Headers }
  /** `received`: the part that arrived, at most 64 KiB */
  | { readonly kind: 'cut'; readonly fault: Fault; readonly received: Buffer };

/** A body in single bytes costs a thousand times the work and memory of its size: refused early. */
const manyChunks = 16_384;
const smallChunk = 16;
const together = 1_024;

/** Chunks in order. Each is an object of its own and holds the packet it came in, so many small ones are joined on the way. */
function gathering(): { push(chunk: Buffer): void; whole(): Buffer } {
  const joined: Buffer[] = [];
  const loose: Buffer[] = [];
  return {
    push(chunk) {
      loose.push(chunk);
      if (loose.length === together) joined.push(Buffer.concat(loose.splice(0)));
    },
    whole: () => Buffer.concat([...joined, ...loose]),
  };
}

/**
 * The whole body with its trailers, or why there is none. Holds at most `limit` bytes; reading stops there.
 * What a whole body took of the budget is the caller's to give back.
 * @param options.timeout ms from now until the last byte
 */
export function readBody(
  request: IncomingMessage | Http2ServerRequest, connection: Connection, options: { readonly limit: number; readonly timeout: number; readonly budget: Budget },
): Promise<HttpBody> {
  const chunks = gathering();
  let size = 0;
  let count = 0;
  return new Promise((resolve) => {
    const hear = (chunk: Buffer) => {
      size += chunk.length;
      count += 1;
      if (size > options.limit) cut(unreadable(413, `the body has more than ${options.limit} bytes`));
      else if (count > manyChunks && size < count * smallChunk) cut(unreadable(413, `the body comes in more than ${manyChunks} chunks of less than ${smallChunk} bytes`));
      else if (options.budget.take(chunk.length)) chunks.push(chunk);
      else cut(unreadable(503, 'the gateway holds as many unanswered bytes as it may: try again'));
    };
    // Whatever 'end' means: a message Node has not seen the end of, or a stream that is already reset, is not whole.
    const stream = request instanceof Http2ServerRequest ? request.stream : null;
    const isWhole = () => (stream === null ? request.complete : !stream.closed && !stream.destroyed);
    const whole = () => !isWhole() ? gone() : done({ kind: 'body', bytes: chunks.whole(), trailers: pairs(request.rawTrailers) });
    const gone = () => cut(unreadable(400, `the client closed after ${size} bytes, before the end of the body`));
    const cut = (fault: Fault) => {
      const received = chunks.whole();
      options.budget.give(received.length);
      done({ kind: 'cut', fault, received: received.subarray(0, receivedLimit) });
    };
    const done = (body: HttpBody) => {
      clearTimeout(timer);
      connection.reading = null;
      request.off('data', hear).off('end', whole).off('aborted', gone).off('close', gone);
      // What still comes is dropped by whoever closes the connection; an abort afterwards is no news.
      request.on('error', () => {});
      if (body.kind === 'cut') request.pause();
      resolve(body);
    };
    const timer = setTimeout(() => cut(unreadable(408, `the body did not arrive within ${options.timeout} ms`)), options.timeout);
    // One request is read at a time on HTTP/1; a stream of HTTP/2 hears of its own faults itself.
    if (connection.session === null) {
      connection.reading = (fault) => {
        if (request.complete) return false;
        cut(fault);
        return true;
      };
    }
    request.on('data', hear).on('end', whole).on('aborted', gone).on('error', gone).on('close', gone);
  });
}
