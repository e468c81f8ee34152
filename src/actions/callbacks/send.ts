import type { Agent } from 'undici';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Delivery } from '../../model/provider.ts';
import { pairs, sentHeaders, targetOf } from '../network-wire.ts';
import { authorityOf } from './target.ts';

/** ms for the whole of one attempt, the answer included. A vendor waits 10 to 15 s. */
const patience = 10_000;
/** Bytes of the answer that are kept; vendors look at its status only. */
const keptAnswer = 64 * 1024;

/** The delivery as a request: what is recorded is what is sent. */
export function requestOf({ method, url: address, headers, contentType, body }: Delivery): HttpRequest {
  const url = new URL(address);
  const type = body === '' ? [] : [['Content-Type', contentType] as const];
  return {
    kind: 'http', method, scheme: url.protocol === 'https:' ? 'https' : 'http', authority: authorityOf(url), path: url.pathname,
    query: url.search === '' ? null : url.search.slice(1), version: '1.1', headers: [...type, ...headers], trailers: [], body: Buffer.from(body),
  };
}

/** One attempt over an agent that dials webhook targets only; no redirect is followed. Rejects where no answer came in time. */
export async function send(agent: Agent, request: HttpRequest): Promise<HttpResponse> {
  const response = await agent.request({
    ...targetOf(request),
    headers: sentHeaders(request),
    body: request.body.length === 0 ? null : request.body,
    headersTimeout: patience,
    bodyTimeout: patience,
    responseHeaders: 'raw',
    signal: AbortSignal.timeout(patience),
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, keptAnswer - size));
    size += chunk.length;
    if (size > keptAnswer) break;
  }
  return {
    kind: 'http', status: response.statusCode, headers: pairs(response.headers as unknown as readonly Buffer[]), trailers: [], body: Buffer.concat(chunks),
    ...(size > keptAnswer ? { streamed: { size: null, sha256: null, whole: false } } : {}),
  };
}
