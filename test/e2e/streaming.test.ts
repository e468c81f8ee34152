import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { passPolicy, startUpstream, type Upstream } from '../support/upstream.ts';

const MiB = 1024 * 1024;

interface StoredCapture {
  readonly outcome: string;
  readonly rule: string;
  readonly size: number;
  readonly request: { readonly headers: readonly (readonly [string, string])[]; readonly body: Body; readonly trailers: readonly (readonly [string, string])[] };
  readonly reply: { readonly status: number; readonly body: Body; readonly trailers: readonly (readonly [string, string])[] } | null;
}
interface Body { readonly size: number; readonly truncated: boolean; readonly data: string; readonly streamed?: { readonly sha256: string | null; readonly whole: boolean } }

let upstream: Upstream;
let gateway: RunningGateway;

beforeAll(async () => {
  upstream = await startUpstream((arrived, response) => {
    if (arrived.url.startsWith('/down')) {
      const size = Number(new URL(arrived.url, 'http://x').searchParams.get('size'));
      response.writeHead(200, { 'content-length': String(size) });
      return void (async () => {
        const block = Buffer.alloc(MiB, 'd');
        for (let left = size; left > 0; left -= block.length) if (!response.write(block.subarray(0, left))) await once(response, 'drain');
        response.end();
      })();
    }
    if (arrived.url === '/trailers') {
      response.writeHead(200, { 'content-type': 'application/grpc', Trailer: 'grpc-status' });
      response.write('message');
      response.addTrailers({ 'grpc-status': '0', 'grpc-message': 'fine' });
      return void response.end();
    }
    if (arrived.url === '/half') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('only the beginning', () => response.socket?.destroy());
      return;
    }
    if (arrived.url === '/half-chunked') {
      response.write('only the beginning', () => response.socket?.destroy());
      return;
    }
    if (arrived.url === '/never') return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ size: arrived.size, sha256: arrived.sha256 }));
  });
  gateway = await startGateway({ policy: passPolicy(upstream.port, 1) });
});
afterAll(async () => {
  await discard(gateway);
  await upstream.close();
});

function open(path: string, options: { readonly method?: string; readonly headers?: Record<string, string | readonly string[]>; readonly port?: number } = {}): ClientRequest {
  return httpRequest({
    host: '127.0.0.1', port: gateway.ports['http'], method: options.method ?? 'POST', path: `http://localhost:${options.port ?? upstream.port}${path}`,
    headers: { host: `localhost:${options.port ?? upstream.port}`, ...options.headers }, agent: false,
  });
}

async function answerOf(request: ClientRequest): Promise<{ readonly response: IncomingMessage; readonly body: Buffer }> {
  const [response] = await once(request, 'response') as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { response, body: Buffer.concat(chunks) };
}

const captureOf = (response: IncomingMessage): Promise<StoredCapture> => gateway.api<StoredCapture>(`/api/captures/${String(response.headers['x-fourthwall-capture'])}`);

/** The newest capture, once its outcome is written. */
async function settled(): Promise<StoredCapture> {
  for (;;) {
    const capture = await gateway.api<StoredCapture>('/api/captures/latest');
    if (capture.outcome !== 'pending') return capture;
  }
}

/** Writes `blocks` of 1 MiB as fast as they are taken. */
async function upload(request: ClientRequest, blocks: number): Promise<string> {
  const hash = createHash('sha256');
  const block = randomBytes(MiB);
  for (let n = 0; n < blocks; n += 1) {
    block.writeUInt32BE(n, 0);
    hash.update(block);
    if (!request.write(Buffer.from(block))) await once(request, 'drain');
  }
  request.end();
  return hash.digest('hex');
}

const memoryOf = async (pid: number): Promise<number> => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

describe('a plain forward to one of our own services', () => {
  it('passes 64 MiB up, far beyond the limit of a held body, with flat memory; what is stored is the hash of what was sent', async () => {
    const pid = gateway.process.pid!;
    const warm = open('/up', { headers: { 'transfer-encoding': 'chunked' } });
    await upload(warm, 8);
    await answerOf(warm);
    const before = await memoryOf(pid);
    let most = 0;
    const watch = setInterval(() => void memoryOf(pid).then((now) => { most = Math.max(most, now); }), 20);
    const request = open('/up', { headers: { 'transfer-encoding': 'chunked' } });
    const sha256 = await upload(request, 64);
    const { response, body } = await answerOf(request);
    clearInterval(watch);
    expect(JSON.parse(body.toString())).toEqual({ size: 64 * MiB, sha256 });
    const capture = await captureOf(response);
    expect(capture).toMatchObject({ outcome: 'forwarded', rule: 'our-own', size: 64 * MiB, request: { body: { size: 64 * MiB, truncated: true, streamed: { sha256, whole: true } } } });
    expect(Buffer.byteLength(capture.request.body.data, 'base64')).toBeLessThanOrEqual(64 * 1024);
    expect(most - before).toBeLessThan(48 * MiB);
  });
});
