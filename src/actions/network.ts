import type { Agent } from 'undici';
import type { HttpRequest, HttpResponse } from '../model/exchange.ts';
import type { Limits } from '../model/limits.ts';
import type { Network } from './call.ts';

/** Sends what was parsed, serialised anew by undici: exact path, our own header list, one attempt, no redirect. */
export function createNetwork(agent: Agent, limits: Pick<Limits, 'httpBodyDecoded' | 'requestTimeout'>): Network & { close(): Promise<void> } {
  return {
    async send(request: HttpRequest): Promise<HttpResponse> {
      const { host, port } = request.authority;
      const shown = host.includes(':') ? `[${host}]` : host;
      const response = await agent.request({
        origin: `${request.scheme}://${shown}:${port}`,
        method: request.method as 'GET',
        path: request.query === null ? request.path : `${request.path}?${request.query}`,
        headers: sentHeaders(request, shown),
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
    close: () => agent.close(),
  };
}

/** Host and framing are ours: they are made from the value that was decided on. */
function sentHeaders(request: HttpRequest, host: string): string[] {
  const plain = request.scheme === 'https' ? 443 : 80;
  const authority = request.authority.port === plain ? host : `${host}:${request.authority.port}`;
  const own = new Set(['host', 'content-length', 'expect']);
  return ['host', authority, ...request.headers.filter(([name]) => !own.has(name.toLowerCase())).flat()];
}

function pairs(raw: readonly (Buffer | string)[]): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    list.push([Buffer.from(raw[i] as Buffer).toString('latin1'), Buffer.from(raw[i + 1] as Buffer).toString('latin1')]);
  }
  return list;
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
