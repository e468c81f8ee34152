import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

interface Captured {
  readonly provider: string; readonly operation: string; readonly outcome: string; readonly title: string;
  readonly recipients: readonly { readonly address: string }[];
  readonly request: { readonly version: string; readonly trailers: readonly unknown[]; readonly body: { readonly size: number; readonly streamed?: { readonly whole: boolean } } };
  readonly reply: { readonly trailers: readonly unknown[] };
}

let gateway: RunningGateway;
let upstream: Upstream;
let ca: string;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-upstream-'));
  const theirs = await openCertificateAuthority({ directory, now: Date.now });
  await writeFile(join(directory, 'theirs.pem'), theirs.certificatePem);
  upstream = await startUpstream((arrived, response) => {
    if (arrived.url === '/half') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('only the beginning', () => response.socket?.destroy());
      return;
    }
    response.writeHead(200, { 'content-type': 'application/grpc', trailer: 'grpc-status' });
    response.write(`got ${arrived.size}`);
    response.addTrailers({ 'grpc-status': '0' });
    response.end();
  }, await theirs.secureContext('localhost'));
  gateway = await startGateway({ env: { NODE_EXTRA_CA_CERTS: join(directory, 'theirs.pem') }, policy: `version: 1
safe: { emails: ["*@example.test"] }
default: reject
internal:
  - { hosts: [localhost], cidrs: ["127.0.0.0/8", "::1/128"], ports: [${upstream.port}] }
rules:
  - { id: our-own, when: { host: localhost }, then: { forward: { internal: true } }, because: internal services are part of staging }
  - { id: understood, when: { channel: [email, payment] }, then: capture, because: staging sends nothing }
` });
  ca = await readFile(gateway.caFile, 'utf8');
});
afterAll(async () => {
  await discard(gateway);
  await upstream.close();
  await rm(directory, { recursive: true, force: true });
});

async function tunnel(authority: string): Promise<Socket> {
  const connect = request({ host: '127.0.0.1', port: gateway.ports['http'], method: 'CONNECT', path: authority, headers: { host: authority, 'proxy-authorization': `Basic ${Buffer.from('shop:x').toString('base64')}` }, agent: false });
  connect.end();
  const [response, socket] = await once(connect, 'connect') as [{ statusCode: number }, Socket];
  if (response.statusCode !== 200) throw new Error(`CONNECT ${authority}: ${response.statusCode}`);
  return socket;
}

/** HTTP/2 by ALPN, inside a CONNECT. */
async function session(host: string): Promise<ClientHttp2Session> {
  const socket = connectTls({ socket: await tunnel(`${host}:443`), servername: host, ca, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  expect(socket.alpnProtocol).toBe('h2');
  return connectHttp2(`https://${host}`, { createConnection: () => socket });
}

interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly trailers: IncomingHttpHeaders; readonly body: string }

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let trailers: IncomingHttpHeaders = {};
  stream.on('trailers', (fields: IncomingHttpHeaders) => { trailers = fields; });
  const [headers] = await once(stream, 'response') as [IncomingHttpHeaders & { ':status': number }];
  let body = '';
  for await (const chunk of stream) body += String(chunk);
  return { status: headers[':status'], headers, trailers, body };
}

const latest = (): Promise<Captured> => gateway.api<Captured>('/api/captures/latest');

const mail = (subject: string): Buffer => Buffer.from(JSON.stringify({
  personalizations: [{ to: [{ email: 'ann@example.test' }] }], from: { email: 'shop@example.test' }, subject, content: [{ type: 'text/plain', value: 'hello' }],
}));
const sendgrid: OutgoingHttpHeaders = { ':method': 'POST', ':path': '/v3/mail/send', authorization: 'Bearer SG.test', 'content-type': 'application/json' };

describe('HTTP/2 inside a CONNECT, to a provider', () => {
  it.each<[string, (body: Buffer) => Buffer, OutgoingHttpHeaders]>([
    ['as it is', (body) => body, {}],
    ['gzip', (body) => gzipSync(body), { 'content-encoding': 'gzip' }],
    ['brotli', (body) => brotliCompressSync(body), { 'content-encoding': 'br' }],
  ])('reads a body that came in frames, %s', async (name, pack, fields) => {
    const client = await session('api.sendgrid.com');
    const body = pack(mail(`over h2, ${name}`));
    const stream = client.request({ ...sendgrid, ...fields });
    for (const byte of body.subarray(0, 20)) stream.write(Buffer.from([byte]));
    stream.end(body.subarray(20));
    const answer = await answerOf(stream);
    client.close();
    expect(answer.status).toBe(202);
    expect(answer.headers['x-message-id']).toBeTruthy();
    expect(await latest()).toMatchObject({ provider: 'sendgrid', outcome: 'captured', title: `over h2, ${name}`, recipients: [{ address: 'ann@example.test' }], request: { version: '2', body: { size: body.length } } });
  });

  it('carries many calls at once on one connection', async () => {
    const client = await session('api.sendgrid.com');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => {
      const stream = client.request(sendgrid);
      stream.end(mail(`call ${n}`));
      return answerOf(stream);
    }));
    client.close();
    expect(new Set(answers.map(({ headers }) => headers['x-fourthwall-capture'])).size).toBe(20);
    expect(answers.every(({ status }) => status === 202)).toBe(true);
  });

  it('answers Expect: 100-continue, and records the trailers of the request', async () => {
    const client = await session('api.sendgrid.com');
    const stream = client.request({ ...sendgrid, expect: '100-continue' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-checksum': 'abc' }));
    await once(stream, 'continue');
    stream.end(mail('with trailers'));
    expect((await answerOf(stream)).status).toBe(202);
    client.close();
    expect(await latest()).toMatchObject({ title: 'with trailers', request: { trailers: [['x-checksum', 'abc']] } });
  });

  it('does not take a call that was reset for a whole one', async () => {
    const client = await session('api.stripe.com');
    const before = await gateway.api<{ total: number }>('/api/captures?provider=stripe&limit=1');
    const stream = client.request({ ':method': 'POST', ':path': '/v1/charges', 'content-type': 'application/x-www-form-urlencoded' });
    stream.on('error', () => {});
    stream.write('amount=2000&currency=eur');
    stream.close(constants.NGHTTP2_CANCEL);
    await once(stream, 'close');
    client.close();
    expect((await gateway.api<{ total: number }>('/api/captures?provider=stripe&limit=1')).total).toBe(before.total);
  });
});

describe('HTTP/1.1 inside a CONNECT, to a provider', () => {
  it('reads a chunked, compressed body with a trailer', async () => {
    const socket = connectTls({ socket: await tunnel('api.sendgrid.com:443'), servername: 'api.sendgrid.com', ca });
    await once(socket, 'secureConnect');
    const call = request({ createConnection: () => socket, method: 'POST', path: '/v3/mail/send', headers: { host: 'api.sendgrid.com', authorization: 'Bearer SG.test', 'content-type': 'application/json', 'content-encoding': 'gzip', 'transfer-encoding': 'chunked', trailer: 'x-checksum', expect: '100-continue' } });
    call.flushHeaders();
    await once(call, 'continue');
    const body = gzipSync(mail('chunked'));
    call.write(body.subarray(0, 10));
    call.addTrailers({ 'x-checksum': 'abc' });
    call.end(body.subarray(10));
    const [response] = await once(call, 'response') as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(202);
    expect(await latest()).toMatchObject({ title: 'chunked', request: { version: '1.1', trailers: [['x-checksum', 'abc']] } });
    socket.destroy();
  });
});

describe('HTTP/2 on the client leg of a forward that passes', () => {
  it('carries the body on, and gives back trailers as gRPC needs them', async () => {
    const socket = connectTls({ socket: await tunnel(`localhost:${upstream.port}`), servername: 'localhost', ca, ALPNProtocols: ['h2'] });
    await once(socket, 'secureConnect');
    const client = connectHttp2(`https://localhost:${upstream.port}`, { createConnection: () => socket });
    const stream = client.request({ ':method': 'POST', ':path': '/pkg.Service/Method', 'content-type': 'application/grpc', te: 'trailers' });
    stream.end(Buffer.alloc(100_000));
    const answer = await answerOf(stream);
    client.close();
    expect(answer).toMatchObject({ status: 200, body: 'got 100000', headers: { 'content-type': 'application/grpc' }, trailers: { 'grpc-status': '0' } });
    expect(upstream.arrived[0]).toMatchObject({ method: 'POST', url: '/pkg.Service/Method', size: 100_000 });
    expect(await latest()).toMatchObject({ outcome: 'forwarded', request: { version: '2', body: { size: 100_000, streamed: { whole: true } } }, reply: { trailers: [['grpc-status', '0']] } });
  });

  it('ends in a reset when the service breaks off', async () => {
    const socket = connectTls({ socket: await tunnel(`localhost:${upstream.port}`), servername: 'localhost', ca, ALPNProtocols: ['h2'] });
    await once(socket, 'secureConnect');
    const client = connectHttp2(`https://localhost:${upstream.port}`, { createConnection: () => socket });
    const stream = client.request({ ':path': '/half' });
    stream.end();
    await once(stream, 'response');
    stream.resume();
    const [error] = await once(stream, 'error') as [Error];
    expect(error.message).toContain('NGHTTP2_INTERNAL_ERROR');
    client.close();
  });
});
