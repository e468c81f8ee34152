import type { Agent } from 'undici';
import type { Bytes } from '../model/bytes.ts';
import { header } from '../model/exchange.ts';
import type { Headers, HttpRequest, HttpResponse } from '../model/exchange.ts';
import { pairs, sentHeaders, targetOf } from './network-wire.ts';

/** An answer whose body still comes. */
export interface StreamedReply {
  /** with an empty body */
  readonly head: HttpResponse;
  /** Throws when the connection breaks before the end that the answer's own framing gives. */
  readonly body: AsyncIterable<Bytes>;
  /** those of the body, once it has ended; names in lower case */
  trailers(): Headers;
}

/**
 * One attempt that holds nothing: no retry, no redirect, no coding undone. A Content-Length in the head is kept to: undici
 * breaks the connection when the body is longer or shorter. Trailers of the request are not sent (undici has no way to).
 * @param body null: no body. Read as fast as the other side takes it.
 * @param signal ends the attempt and the body. The only clock: undici's own would count a long upload as a slow answer.
 */
export async function streamOver(agent: Agent, request: HttpRequest, body: AsyncIterable<Bytes> | null, signal: AbortSignal): Promise<StreamedReply> {
  const length = header(request.headers, 'content-length');
  const framing = body !== null && length !== null ? ['content-length', length] : [];
  const response = await agent.request({
    ...targetOf(request),
    headers: [...sentHeaders(request), ...framing],
    // undici takes any iterable of bytes; its types name streams only
    body: body as unknown as null,
    headersTimeout: 0,
    bodyTimeout: 0,
    responseHeaders: 'raw',
    signal,
  });
  return {
    head: { kind: 'http', status: response.statusCode, headers: pairs(response.headers as unknown as readonly Buffer[]), trailers: [], body: Buffer.alloc(0) },
    body: response.body,
    trailers: () => Object.entries(response.trailers as Readonly<Record<string, string | readonly string[]>>)
      .flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const)),
  };
}
