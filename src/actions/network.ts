import type { Agent } from 'undici';
import type { HttpRequest, HttpResponse } from '../model/exchange.ts';
import type { Limits } from '../model/limits.ts';
import type { Network } from './call.ts';
import { streamOver } from './network-stream.ts';
import { pairs, sentHeaders, targetOf } from './network-wire.ts';

/** `inside`: dials nothing that the policy's `internal` does not allow by host, address and port. */
export interface Agents { readonly inside: Agent; readonly anywhere: Agent }

/** Sends what was parsed, serialised anew by undici: exact path, our own header list, one attempt, no redirect. */
export function createNetwork({ inside, anywhere }: Agents, limits: Pick<Limits, 'httpBodyDecoded' | 'requestTimeout'>): Network & { close(): Promise<void> } {
  return {
    async send(request: HttpRequest, { internal }): Promise<HttpResponse> {
      const { host, port } = request.authority;
      const response = await (internal ? inside : anywhere).request({
        ...targetOf(request),
        headers: sentHeaders(request),
        body: request.body.length === 0 ? null : request.body,
        headersTimeout: limits.requestTimeout,
        bodyTimeout: limits.requestTimeout,
        responseHeaders: 'raw',
      });
      return {
        kind: 'http',
        status: response.statusCode,
        headers: pairs(response.headers as unknown as readonly Buffer[]),
        trailers: [],
        body: await bounded(response.body, limits.httpBodyDecoded, `${host}:${port}`),
      };
    },
    stream: (request, body, signal, { internal }) => streamOver(internal ? inside : anywhere, request, body, signal),
    close: async () => void await Promise.all([inside.close(), anywhere.close()]),
  };
}

async function bounded(body: AsyncIterable<Buffer>, limit: number, from: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new Error(`the answer of ${from} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
