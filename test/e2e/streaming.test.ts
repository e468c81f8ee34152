import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { passPolicy, startRawUpstream, startUpstream, type Upstream } from '../support/upstream.ts';

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

/** Until the newest capture is in this state. */
async function gatewayHas(outcome: string): Promise<void> {
  while ((await gateway.api<StoredCapture>('/api/captures/latest')).outcome !== outcome);
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
  it('passes 256 MiB up, far beyond the limit of a held body, with flat memory; what is stored is the hash of what was sent', async () => {
    const pid = gateway.process.pid!;
    const warm = open('/up', { headers: { 'transfer-encoding': 'chunked' } });
    await upload(warm, 64);
    await answerOf(warm);
    const before = await memoryOf(pid);
    let most = 0;
    const watch = setInterval(() => void memoryOf(pid).then((now) => { most = Math.max(most, now); }), 20);
    const request = open('/up', { headers: { 'transfer-encoding': 'chunked' } });
    const sha256 = await upload(request, 256);
    const { response, body } = await answerOf(request);
    clearInterval(watch);
    expect(JSON.parse(body.toString())).toEqual({ size: 256 * MiB, sha256 });
    const capture = await captureOf(response);
    expect(capture).toMatchObject({ outcome: 'forwarded', rule: 'our-own', size: 256 * MiB, request: { body: { size: 256 * MiB, truncated: true, streamed: { sha256, whole: true } } } });
    const { length } = Buffer.from(capture.request.body.data, 'base64');
    expect(length).toBeGreaterThan(32 * 1024);
    expect(length).toBeLessThanOrEqual(64 * 1024);
    expect(most - before).toBeLessThan(128 * MiB);
  });

  it('passes 64 MiB down at the pace of the reader', async () => {
    const request = open(`/down?size=${64 * MiB}`, { method: 'GET' });
    request.end();
    const { response, body } = await answerOf(request);
    expect(body.length).toBe(64 * MiB);
    expect(response.headers['content-length']).toBe(String(64 * MiB));
    const capture = await captureOf(response);
    expect(capture).toMatchObject({ outcome: 'forwarded', reply: { status: 200, body: { size: 64 * MiB, truncated: true, streamed: { whole: true, sha256: createHash('sha256').update(body).digest('hex') } } } });
    expect(capture.request.body.streamed).toBeUndefined();
  });

  it('sends path, query, header order and case, the declared length and the body byte for byte', async () => {
    const body = JSON.stringify({ a: 'ü', b: [1, 2] });
    const request = open('/v1/a~b/%7Ex?q=a%20b&q=+&e', { method: 'PATCH', headers: { 'X-One': ['1', '2'], 'content-TYPE': 'application/json', 'X-Fourthwall-Service': 'shop', 'Content-Length': String(Buffer.byteLength(body)) } });
    request.end(body);
    const { response } = await answerOf(request);
    const arrived = upstream.arrived.at(-1)!;
    expect(arrived).toMatchObject({ method: 'PATCH', url: '/v1/a~b/%7Ex?q=a%20b&q=+&e', size: Buffer.byteLength(body), sha256: createHash('sha256').update(body).digest('hex') });
    expect(arrived.headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(arrived.headers['transfer-encoding']).toBeUndefined();
    expect(arrived.rawHeaders.join('\n')).toContain('X-One\n1\nX-One\n2\ncontent-TYPE\napplication/json');
    expect(arrived.rawHeaders.join('\n').toLowerCase()).not.toContain('x-fourthwall-service');
    expect(arrived.headers['x-fourthwall-capture']).toBe(response.headers['x-fourthwall-capture']);
    expect((await captureOf(response)).request.body).toMatchObject({ data: body, truncated: false });
  });

  it('cuts a credential out of the beginning that it keeps, and sends it untouched', async () => {
    const key = `sk_${'live_'}${'a1B2c3D4'.repeat(4)}`;
    const request = open('/up', { headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` } });
    const body = `{"token":"${key}"}`;
    request.end(body);
    const { response } = await answerOf(request);
    expect(upstream.arrived.at(-1)).toMatchObject({ sha256: createHash('sha256').update(body).digest('hex'), headers: { authorization: `Bearer ${key}` } });
    const stored = JSON.stringify(await captureOf(response));
    expect(stored).not.toContain(key);
    expect(stored).toContain('"redactions":[{');
  });

  it('answers Expect: 100-continue itself and does not send it on', async () => {
    const request = open('/up', { headers: { expect: '100-continue', 'content-length': '5' } });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('hello');
    await answerOf(request);
    expect(upstream.arrived.at(-1)).toMatchObject({ size: 5 });
    expect(upstream.arrived.at(-1)!.headers.expect).toBeUndefined();
  });

  it('passes trailers of the answer on, and records those of the request', async () => {
    const request = open('/trailers', { headers: { 'transfer-encoding': 'chunked', trailer: 'x-checksum' } });
    request.addTrailers({ 'x-checksum': 'abc' });
    request.end('message');
    const { response, body } = await answerOf(request);
    expect(body.toString()).toBe('message');
    expect(response.trailers).toEqual({ 'grpc-status': '0', 'grpc-message': 'fine' });
    const capture = await captureOf(response);
    expect(capture.request.trailers).toEqual([['x-checksum', 'abc']]);
    expect(capture.reply!.trailers).toEqual([['grpc-status', '0'], ['grpc-message', 'fine']]);
  });

  it('is taken up by the next call on the same connection', async () => {
    const socket = connectTcp(gateway.ports['http']!, '127.0.0.1');
    const call = `POST http://localhost:${upstream.port}/up HTTP/1.1\r\nHost: localhost:${upstream.port}\r\nContent-Length: 2\r\n\r\nhi`;
    socket.write(call + call);
    let text = '';
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.split('"size":2').length === 3) break;
    }
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});

describe('whoever breaks off a call that passes', () => {
  it('the client, in the middle of its body: the service sees a break, and the outcome is failed', async () => {
    const calls = upstream.arrived.length;
    const request = open('/up', { headers: { 'content-length': String(10 * MiB) } });
    request.on('error', () => {});
    request.write(Buffer.alloc(MiB));
    await gatewayHas('pending');
    request.destroy();
    await upstream.count(calls + 1);
    expect(upstream.arrived.at(-1)).toMatchObject({ whole: false });
    const capture = await settled();
    expect(capture).toMatchObject({ outcome: 'failed', request: { body: { streamed: { whole: false } } } });
    expect(capture.request.body.size).toBeLessThanOrEqual(MiB);
  });

  it('the client, while it waits for an answer: nobody knows what the service did, so the outcome is unknown', async () => {
    const calls = upstream.arrived.length;
    const request = open('/never', { headers: { 'content-length': '2' } });
    request.on('error', () => {});
    request.end('hi');
    await upstream.count(calls + 1);
    request.destroy();
    expect(await settled()).toMatchObject({ outcome: 'unknown', request: { body: { data: 'hi', streamed: { whole: true } } } });
  });

  it.each(['/half', '/half-chunked'])('the service, in the middle of its answer (%s): the client sees a break, never an end', async (path) => {
    const request = open(path, { method: 'GET' });
    request.end();
    const [response] = await once(request, 'response') as [IncomingMessage];
    let text = '';
    await expect((async () => {
      for await (const chunk of response) text += String(chunk);
    })()).rejects.toThrow(/aborted/);
    expect(response.complete).toBe(false);
    expect('only the beginning').toContain(text);
    expect(await settled()).toMatchObject({ outcome: 'failed', reply: { status: 200, body: { streamed: { whole: false } } } });
  });

  it('nobody listens there: 502 in our words, with rule and capture', async () => {
    const request = open('/x', { port: 1 });
    request.end('hi');
    const { response, body } = await answerOf(request);
    expect(response.statusCode).toBe(502);
    expect(JSON.parse(body.toString())).toMatchObject({ rule: 'our-own', reason: 'localhost:1 was not reached: it refused the connection', capture: response.headers['x-fourthwall-capture'] });
    expect(await captureOf(response)).toMatchObject({ outcome: 'failed', reply: { status: 502 } });
  });
});

describe('a service that answers before it has read the call', () => {
  it('is heard, the rest of the body is not waited for, and the record says how much had passed', async () => {
    const early = await startRawUpstream((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig');
      });
    });
    await writeFile(join(gateway.directory, 'config', 'policy.yaml'), passPolicy(upstream.port, 1, early.port));
    while (!(await gateway.api<{ text: string }>('/api/policy')).text.includes(String(early.port)));
    const request = open('/big', { port: early.port, headers: { 'content-length': String(10 * MiB) } });
    request.on('error', () => {});
    request.write(Buffer.alloc(256 * 1024));
    const { response, body } = await answerOf(request);
    expect([response.statusCode, body.toString()]).toEqual([413, 'big']);
    const capture = await captureOf(response);
    expect(capture).toMatchObject({ outcome: 'forwarded', reply: { status: 413 }, request: { body: { streamed: { whole: false } } } });
    expect(capture.request.body.size).toBeLessThan(10 * MiB);
    request.destroy();
    await early.close();
    expect(gateway.process.exitCode).toBeNull();
  });
});

describe('everything else is held as before', () => {
  it('refuses a body over the limit for a host that no rule forwards to, before it is read', async () => {
    const request = httpRequest({ host: '127.0.0.1', port: gateway.ports['http'], method: 'POST', path: 'http://elsewhere.example/up', headers: { host: 'elsewhere.example', 'content-length': String(64 * MiB) }, agent: false });
    request.on('error', () => {});
    request.flushHeaders();
    const { response } = await answerOf(request);
    expect(response.statusCode).toBe(413);
    expect(await captureOf(response)).toMatchObject({ outcome: 'rejected', rule: 'gateway:unreadable' });
  });

  it('refuses a path that can be read in two ways', async () => {
    const calls = upstream.arrived.length;
    const request = open('/a/%2e%2e/b');
    request.end('x');
    const { response } = await answerOf(request);
    expect(response.statusCode).toBe(403);
    expect(await captureOf(response)).toMatchObject({ outcome: 'rejected' });
    expect(upstream.arrived).toHaveLength(calls);
  });
});
