import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { ProxyAgent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dial, hear, rest, secured, send, startFront, tunnel, wholeReply } from './http-harness.ts';
import type { Front } from './http-harness.ts';

let front: Front;
beforeEach(async () => {
  front = await startFront();
});
afterEach(async () => {
  await front.stop();
});

const basic = (user: string) => `Proxy-Authorization: Basic ${Buffer.from(`${user}:token`).toString('base64')}\r\n`;

const line = (n: number, more = '') => `GET http://api.stripe.com/${n} HTTP/1.1\r\nHost: api.stripe.com\r\n${more}\r\n`;

describe('an explicit proxy request', () => {
  it.each([
    ['http', 'http://api.stripe.com/v1/x?a=b', { host: 'api.stripe.com', port: 80 }],
    ['https', 'https://api.stripe.com/v1/x?a=b', { host: 'api.stripe.com', port: 443 }],
    ['http', 'HTTP://API.stripe.com:8081/v1/x?a=b', { host: 'api.stripe.com', port: 8081 }],
    ['https', 'https://[2001:DB8::1]/v1/x?a=b', { host: '2001:db8::1', port: 443 }],
  ])('in absolute form (%s) is read to one target: %s', async (scheme, target, authority) => {
    const host = /\/\/([^/]*)/.exec(target)?.[1];
    expect(await send(front.http, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    const { request: seen, origin } = await front.gateway.first('http');
    expect(seen).toMatchObject({ method: 'GET', scheme, authority, path: '/v1/x', query: 'a=b', version: '1.1' });
    expect(origin.via).toBe('proxy');
  });

  it('may leave out Host and path in HTTP/1.0', async () => {
    expect(await send(front.http, 'GET http://api.stripe.com?q HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    expect((await front.gateway.first('http')).request).toMatchObject({ path: '/', query: 'q', version: '1.0' });
  });

  it('is attributed by its credential, which goes no further', async () => {
    await send(front.http, `GET http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\n${basic('qa/shop+r7')}X-Fourthwall-Run: r8\r\nProxy-Connection: close\r\nX-Own: 1\r\nConnection: close\r\n\r\n`);
    const { request: seen, origin } = await front.gateway.first('http');
    expect(origin).toMatchObject({ space: 'qa', service: 'shop', run: 'r8', address: '127.0.0.1' });
    expect(seen.headers).toEqual([['Host', 'api.stripe.com'], ['X-Own', '1']]);
  });

  it.each([
    ['the password', 'shop:shop'], ['a UUID', '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d:x'], ['hex', `${'0a1b2c3d4e5f6789'.repeat(2)}:x`], ['base64', `${'aB3dE5gH7jK9'.repeat(2)}:`],
  ])('is attributed to nobody by a user name that is a key: %s', async (_, credential) => {
    await send(front.http, `GET http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nProxy-Authorization: Basic ${Buffer.from(credential).toString('base64')}\r\nConnection: close\r\n\r\n`);
    expect((await front.gateway.first('http')).origin).toMatchObject({ space: null, service: 'unattributed', run: null });
  });

  it('is attributed by a user name that is still percent-encoded', async () => {
    await send(front.http, `GET http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\n${basic('qa%2Fshop%2Br7')}Connection: close\r\n\r\n`);
    expect((await front.gateway.first('http')).origin).toMatchObject({ space: 'qa', service: 'shop', run: 'r7' });
  });

  it.each(['/%zz', '/a%2Fb//c/../d', '/v1/{x}|y', '/?', '/a?b?c', '/~/'])('keeps the target %s byte for byte', async (target) => {
    await send(front.http, `GET http://api.stripe.com${target} HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n`);
    const { request: seen } = await front.gateway.first('http');
    expect(`${seen.path}${seen.query === null ? '' : `?${seen.query}`}`).toBe(target);
  });

  it.each(['GET', 'PROPFIND', 'DELETE', 'QUERY', 'M-SEARCH', 'HEAD', 'OPTIONS'])('%s keeps its body, whatever its content type', async (method) => {
    await send(front.http, `${method} http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Type: ; odd\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody`);
    const { request: seen } = await front.gateway.first('http');
    expect([seen.method, Buffer.from(seen.body).toString()]).toEqual([method, 'body']);
    expect(seen.headers).toContainEqual(['Content-Type', '; odd']);
  });

  it('keeps header case, order, repetition and UTF-8 bytes', async () => {
    await send(front.http, 'GET http://api.stripe.com/ HTTP/1.1\r\nX-B: 1\r\nhost: api.stripe.com\r\nX-a: caf\xc3\xa9\r\nX-B: 2\r\nConnection: close\r\n\r\n');
    expect((await front.gateway.first('http')).request.headers).toEqual([['X-B', '1'], ['host', 'api.stripe.com'], ['X-a', 'caf\xc3\xa9'], ['X-B', '2']]);
  });

  it('undoes chunks and keeps trailers', async () => {
    await send(front.http, 'POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Sum: 42\r\n\r\n');
    const { request: seen } = await front.gateway.first('http');
    expect([Buffer.from(seen.body).toString(), seen.trailers, seen.headers]).toEqual(['abcde', [['X-Sum', '42']], [['Host', 'api.stripe.com']]]);
  });

  it('gets its 100 Continue before the body is read', async () => {
    const socket = await dial(front.http);
    socket.write('POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    expect(await hear(socket, (text) => text.endsWith('\r\n\r\n'))).toMatch(/^HTTP\/1.1 100 /);
    expect(front.gateway.of('http')).toEqual([]);
    socket.write('body');
    expect(await hear(socket, wholeReply)).toMatch(/^HTTP\/1.1 200 /);
    expect((await front.gateway.first('http')).request.headers.map(([name]) => name)).toEqual(['Host', 'Content-Length']);
    socket.destroy();
  });

  it('answers pipelined requests in their order', async () => {
    const waits: (() => void)[] = [];
    const plain = front.gateway.answer;
    front.gateway.answer = async (call) => {
      if (call.path === '/1') await new Promise<void>((resolve) => waits.push(resolve));
      else waits[0]?.();
      return plain(call);
    };
    const answers = await send(front.http, line(1) + line(2, 'Connection: close\r\n'));
    expect([...answers.matchAll(/"path":"([^"]*)"/g)].map(([, seen]) => seen)).toEqual(['/1', '/2']);
  });
});

describe('CONNECT', () => {
  it.each([
    ['HTTP/1.1', 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com:443\r\n\r\n'],
    ['HTTP/1.1 with Host lacking the port', 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n'],
    ['HTTP/1.0 without Host', 'CONNECT api.stripe.com:443 HTTP/1.0\r\n\r\n'],
    ['an IPv6 address', 'CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n'],
  ])('opens a tunnel: %s', async (_, head) => {
    const socket = await dial(front.http);
    socket.write(head);
    expect(await hear(socket, (text) => text.endsWith('\r\n\r\n'))).toBe('HTTP/1.1 200 Connection Established\r\n\r\n');
    expect(await front.gateway.first('connect')).toMatchObject({ attempt: { via: 'connect', authority: { port: 443 } }, origin: { via: 'connect' } });
    socket.destroy();
  });

  it('to an unknown host is refused on the CONNECT itself, with the reply the gateway gave', async () => {
    const answer = await send(front.http, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden\r\nContent-Type: application\/problem\+json\r\n/);
    expect(answer).toContain('"reason":"unknown host"');
    expect(front.gateway.recorded).toHaveLength(1);
  });

  it.each([['api.stripe.com', 'h2'], ['api.stripe.com', 'http/1.1'], ['203.0.113.9', 'http/1.1'], ['2001:db8::1', 'http/1.1']])('carries TLS for %s by our leaf, %s', async (host, protocol) => {
    const authority = `${host.includes(':') ? `[${host}]` : host}:443`;
    const tls = await secured(await tunnel(front.http, authority), { host, ca: front.ca.certificatePem, ALPNProtocols: [protocol], ...(/[a-z]\./.test(host) ? { servername: host } : {}) });
    expect([tls.authorized, tls.alpnProtocol]).toEqual([true, protocol]);
    tls.destroy();
  });

  it('reads the request inside TLS and attributes it by the CONNECT', async () => {
    const socket = await tunnel(front.http, 'api.stripe.com:443', `${basic('shop+r1')}X-Fourthwall-Service: other\r\nbaggage: fourthwall.run=r2\r\n`);
    const tls = await secured(socket, { servername: 'api.stripe.com', ca: front.ca.certificatePem });
    tls.write('POST /v1/charges?x HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b');
    expect(await rest(tls)).toMatch(/^HTTP\/1.1 200 /);
    const { request: seen, origin } = await front.gateway.first('http');
    expect(seen).toMatchObject({ scheme: 'https', authority: { host: 'api.stripe.com', port: 443 }, path: '/v1/charges', query: 'x', headers: [['Host', 'api.stripe.com'], ['Content-Length', '3']] });
    expect(origin).toMatchObject({ service: 'shop', run: 'r1', via: 'connect' });
  });

  it('carries plain HTTP, and TLS whose hello came before the 200', async () => {
    const socket = await dial(front.http);
    socket.write('CONNECT api.stripe.com:80 HTTP/1.1\r\nHost: api.stripe.com:80\r\n\r\nGET /early HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n');
    expect(await rest(socket)).toMatch(/^HTTP\/1.1 200 Connection Established\r\n\r\nHTTP\/1.1 200 OK/);
    expect((await front.gateway.first('http')).request).toMatchObject({ scheme: 'http', authority: { host: 'api.stripe.com', port: 80 }, path: '/early' });
  });

  it('gives a client without a server name the certificate of the CONNECT', async () => {
    const tls = await secured(await tunnel(front.http, 'api.stripe.com:443'), { servername: '', host: 'api.stripe.com', ca: front.ca.certificatePem });
    expect([tls.authorized, tls.getPeerCertificate().subjectaltname]).toEqual([true, 'DNS:api.stripe.com']);
    tls.destroy();
  });

  it('serves the real proxy client of undici', async () => {
    const agent = new ProxyAgent({ uri: `http://127.0.0.1:${front.http}`, token: basic('qa/shop').slice(21).trim(), requestTls: { ca: front.ca.certificatePem } });
    const { statusCode, body } = await request('https://api.stripe.com/v1/charges', { method: 'POST', body: 'amount=1', dispatcher: agent });
    expect([statusCode, await body.json()]).toEqual([200, { method: 'POST', path: '/v1/charges' }]);
    expect((await front.gateway.first('http')).origin).toMatchObject({ space: 'qa', service: 'shop' });
    await agent.close();
  });
});

const curl = await access('/usr/bin/curl').then(() => true, () => false);
describe.skipIf(!curl)('curl', () => {
  it.each([['--http1.1'], ['--http2']])('is served through the tunnel with %s', async (version) => {
    const caFile = path.join(tmpdir(), `fourthwall-curl-${process.pid}.pem`);
    await writeFile(caFile, front.ca.certificatePem);
    const { stdout } = await promisify(execFile)('/usr/bin/curl', ['-sS', version, '--cacert', caFile, '-x', `http://shop:x@127.0.0.1:${front.http}`, '-d', 'a=b', 'https://api.stripe.com/v1/x']);
    expect(JSON.parse(stdout)).toEqual({ method: 'POST', path: '/v1/x' });
    expect((await front.gateway.first('http')).origin.service).toBe('shop');
  });
});

describe('HTTP/2 inside a tunnel', () => {
  let session: ClientHttp2Session;
  beforeEach(async () => {
    const tls = await secured(await tunnel(front.http, 'api.stripe.com:443'), { servername: 'api.stripe.com', ca: front.ca.certificatePem, ALPNProtocols: ['h2'] });
    session = connectHttp2('https://api.stripe.com', { createConnection: () => tls });
    session.on('error', () => {});
  });
  afterEach(() => session.destroy());

  async function ask(headers: Record<string, string | string[]>, body: Buffer | string = ''): Promise<{ headers: IncomingHttpHeaders; body: string; trailers: IncomingHttpHeaders | null }> {
    const stream = session.request(headers);
    let trailers: IncomingHttpHeaders | null = null;
    stream.on('trailers', (fields) => {
      trailers = fields;
    });
    if (headers[':method'] !== undefined) stream.end(body);
    const [answer] = await once(stream, 'response') as [IncomingHttpHeaders];
    let text = '';
    for await (const chunk of stream.setEncoding('latin1')) text += chunk;
    return { headers: answer, body: text, trailers };
  }

  it('is read to the same value as HTTP/1, without pseudo fields', async () => {
    const answer = await ask({ ':method': 'POST', ':path': '/v1/%zz?a', 'x-a': ['1', '2'], 'te': 'trailers', 'x-fourthwall-run': 'r1' }, 'body');
    expect([answer.headers[':status'], answer.headers['x-fourthwall-capture'], 'date' in answer.headers]).toEqual([200, 'cap_1', false]);
    const { request: seen, origin } = await front.gateway.first('http');
    expect(seen).toMatchObject({ version: '2', scheme: 'https', authority: { host: 'api.stripe.com', port: 443 }, path: '/v1/%zz', query: 'a', headers: [['x-a', '1'], ['x-a', '2']] });
    expect([Buffer.from(seen.body).toString(), origin.run]).toEqual(['body', 'r1']);
  });

  it('takes and gives more than one flow-control window', async () => {
    front.gateway.answer = (call) => ({ kind: 'http', status: 200, headers: [], trailers: [], body: call.body });
    const { body } = await ask({ ':method': 'PUT', ':path': '/' }, Buffer.alloc(3_000_000, 'x'));
    expect(body).toHaveLength(3_000_000);
  });

  it('gives trailers and repeated fields', async () => {
    front.gateway.answer = () => ({ kind: 'http', status: 200, headers: [['Content-Type', 'application/grpc'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']], trailers: [['grpc-status', '0']], body: Buffer.from('m') });
    const answer = await ask({ ':method': 'POST', ':path': '/svc/Call' });
    expect([answer.body, answer.trailers?.['grpc-status'], answer.headers['set-cookie']]).toEqual(['m', '0', ['a=1', 'b=2']]);
  });

  it.each([
    [{ ':authority': 'api.sendgrid.com' }, 421, 'mismatch'],
    [{ ':authority': 'api.stripe.com', 'host': 'api.sendgrid.com' }, 421, 'mismatch'],
    [{ ':authority': 'api.stripe.com:444' }, 421, 'mismatch'],
    [{ ':authority': '0x7f.1' }, 400, 'unreadable'],
    [{ ':scheme': 'http' }, 400, 'unreadable'],
    [{ ':path': '/', 'expect': '200-ok' }, 417, 'unreadable'],
    [{ ':path': '/', 'x-name': 'caf\xe9' }, 400, 'unreadable'],
  ])('refuses %o and goes on with the other streams', async (fields, status, check) => {
    const answer = await ask({ ':path': '/', ...fields } as unknown as Record<string, string>);
    expect([answer.headers[':status'], (await front.gateway.first('unreadable')).fault.check]).toEqual([status, check]);
    expect((await ask({ ':path': '/after' })).headers[':status']).toBe(200);
    expect(front.gateway.of('http').map((one) => one.request.path)).toEqual(['/after']);
  });

  it.each([
    ['a line break in :path', { ':path': '/v1/x HTTP/1.1\r\nHost: x\r\n\r\nPOST /v1/payouts' }],
    ['a :path without slash', { ':path': 'v1/x' }],
    ['user information in :authority', { ':path': '/', ':authority': 'user@api.stripe.com' }],
  ])('resets a stream with %s and goes on with the others', async (_, fields) => {
    await expect(ask(fields)).rejects.toThrow('NGHTTP2_PROTOCOL_ERROR');
    expect((await ask({ ':path': '/after' })).headers[':status']).toBe(200);
    expect(front.gateway.of('http').map((one) => one.request.path)).toEqual(['/after']);
  });

  it('refuses CONNECT inside', async () => {
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'api.sendgrid.com:443' });
    const [answer] = await once(stream, 'response') as [IncomingHttpHeaders];
    expect([answer[':status'], (await front.gateway.first('unreadable')).fault.check]).toEqual([400, 'unreadable']);
    expect(front.gateway.of('connect')).toHaveLength(1);
  });

  it('gives 100 Continue before the body is read', async () => {
    const stream = session.request({ ':method': 'POST', ':path': '/', 'expect': '100-continue' });
    await once(stream, 'continue');
    expect(front.gateway.of('http')).toEqual([]);
    stream.end('body');
    const [answer] = await once(stream, 'response') as [IncomingHttpHeaders];
    expect([answer[':status'], (await front.gateway.first('http')).request.headers]).toEqual([200, []]);
  });

  it.each([['HEAD', 200, '4'], ['GET', 204, undefined]])('answers %s with %d without content', async (method, status, length) => {
    front.gateway.answer = () => ({ kind: 'http', status, headers: [], trailers: [], body: Buffer.from(status === 204 ? '' : 'body') });
    const stream = session.request({ ':method': method, ':path': '/' });
    const [answer] = await once(stream, 'response') as [IncomingHttpHeaders];
    let text = '';
    for await (const chunk of stream.setEncoding('latin1')) text += chunk;
    expect([answer[':status'], answer['content-length'], text]).toEqual([status, length, '']);
  });

  it.each(['stream', 'session', 'connection'])('records a body that its client broke off with its %s, once', async (what) => {
    const stream = session.request({ ':method': 'POST', ':path': '/half', 'expect': '100-continue' });
    stream.on('error', () => {});
    await once(stream, 'continue');
    await new Promise<void>((resolve) => stream.write('half', () => resolve()));
    if (what === 'stream') stream.destroy(new Error('changed its mind'));
    else if (what === 'session') session.destroy();
    else session.socket.destroy();
    const { what: kept, fault } = await front.gateway.first('unreadable');
    expect([fault.check, fault.status, Buffer.from(kept.received).toString('latin1').startsWith('POST /half HTTP/2\r\n')]).toEqual(['unreadable', 400, true]);
    await front.ingress.close();
    expect(front.gateway.recorded.map(({ kind }) => kind)).toEqual(['connect', 'unreadable']);
  });

  it('refuses a body over the limit without taking it', async () => {
    const answer = await ask({ ':method': 'POST', ':path': '/', 'content-length': String(20 * 1024 * 1024) }, 'x').catch((error: unknown) => error);
    expect((await front.gateway.first('unreadable')).fault).toMatchObject({ status: 413, check: 'unreadable' });
    expect(front.gateway.of('http')).toEqual([]);
    expect(answer).toBeDefined();
  });
});

describe('a reverse route', () => {
  it.each([
    ['/~/api.stripe.com/v1/x?a', { host: 'api.stripe.com', port: 443 }, '/v1/x', 'a'],
    ['/~/api.stripe.com:8443//%2e%2e/?', { host: 'api.stripe.com', port: 8443 }, '//%2e%2e/', ''],
  ])('%s means the https host', async (target, authority, seenPath, query) => {
    expect(await send(front.http, `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${front.http}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    const { request: seen, origin } = await front.gateway.first('http');
    expect(seen).toMatchObject({ scheme: 'https', authority, path: seenPath, query });
    expect(seen.headers).toEqual([['Host', authority.port === 443 ? authority.host : `${authority.host}:${authority.port}`]]);
    expect(origin.via).toBe('reverse');
  });

  it.each([
    '/~/', '/~/api.stripe.com', '/~/api.stripe.com?x', '/~/API.stripe.com/', '/~/a@api.stripe.com/', '/~/203.0.113.9/', '/~/[2001:db8::1]/', '/~/localhost/',
    '/~/api.stripe.com:/', '/~/api.stripe.com:0443/', '/~/api.stripe.com:65536/', '/~/api_x.stripe.com/', '/~/api.stripe.com./', '/~/%61pi.stripe.com/', '/~//v1/x', '/~/0x7f.1/',
  ])('%s is refused', async (target) => {
    expect(await send(front.http, `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${front.http}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
    expect((await front.gateway.first('unreadable')).fault.check).toBe('unreadable');
    expect(front.gateway.of('http')).toEqual([]);
  });

  it('has ports that need no path, plain and with TLS', async () => {
    await send(front.reverse, `POST /v1/x HTTP/1.1\r\nHost: localhost:${front.reverse}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    const tls = connectTls({ port: front.reverseTls, host: '127.0.0.1', servername: 'localhost', ca: front.ca.certificatePem });
    tls.write('POST /v1/y HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    await rest(tls);
    expect(front.gateway.of('http').map(({ request: seen, origin }) => [seen.scheme, seen.authority, seen.path, seen.headers[0], origin.via])).toEqual([
      ['https', { host: 'api.stripe.com', port: 443 }, '/v1/x', ['Host', 'api.stripe.com'], 'reverse'],
      ['https', { host: 'api.stripe.com', port: 443 }, '/v1/y', ['Host', 'api.stripe.com'], 'reverse'],
    ]);
  });

  it('gives a client that dialled its TLS port by address a certificate for that address', async () => {
    const tls = connectTls({ port: front.reverseTls, host: '127.0.0.1', ca: front.ca.certificatePem });
    await once(tls, 'secureConnect');
    expect(tls.getPeerCertificate().subjectaltname).toBe('IP Address:127.0.0.1');
    tls.destroy();
  });

  it('mints nothing on its TLS port for a name that is neither the target nor ours', async () => {
    const tls = connectTls({ port: front.reverseTls, host: '127.0.0.1', servername: 'bank.example', ca: front.ca.certificatePem });
    const [error] = await once(tls, 'error') as [NodeJS.ErrnoException];
    expect([error.code, (await front.gateway.first('unreadable')).fault.check]).toEqual(['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'mismatch']);
  });
});

describe('a transparent call', () => {
  it('by Host is read on the HTTP port', async () => {
    await send(front.http, 'GET /x HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n');
    const { request: seen, origin } = await front.gateway.first('http');
    expect([seen.scheme, seen.authority, origin.via]).toEqual(['http', { host: 'api.stripe.com', port: 80 }, 'transparent']);
  });

  it('to our own address is told the right form', async () => {
    expect(await send(front.http, `GET /x HTTP/1.1\r\nHost: localhost:${front.http}\r\n\r\n`)).toMatch(/^HTTP\/1.1 421 /);
    expect((await front.gateway.first('unreadable')).fault).toMatchObject({ check: 'misdirected', status: 421 });
  });

  it.each(['h2', 'http/1.1'])('by server name is read on the TLS port, %s', async (protocol) => {
    const tls = connectTls({ port: front.tls, host: '127.0.0.1', servername: 'api.stripe.com', ca: front.ca.certificatePem, ALPNProtocols: [protocol] });
    await once(tls, 'secureConnect');
    if (protocol === 'h2') {
      const session = connectHttp2('https://api.stripe.com', { createConnection: () => tls });
      const stream = session.request({ ':path': '/x' });
      await once(stream, 'response');
      session.destroy();
    } else {
      tls.write('GET /x HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n');
      await rest(tls);
    }
    const { request: seen, origin } = await front.gateway.first('http');
    expect([seen.scheme, seen.authority, origin.via]).toEqual(['https', { host: 'api.stripe.com', port: 443 }, 'transparent']);
    expect(await front.gateway.first('connect')).toMatchObject({ attempt: { via: 'sni', authority: { host: 'api.stripe.com', port: 443 } } });
  });

  it.each<[string, string, string, number]>([
    ['is read', 'https://api.stripe.com/x?a=1', 'api.stripe.com', 200],
    ['is refused under another name', 'https://api.twilio.com/x?a=1', 'api.stripe.com', 421],
    ['is refused when Host says another', 'https://api.stripe.com/x?a=1', 'api.twilio.com', 421],
    ['is refused without TLS', 'http://api.stripe.com/x?a=1', 'api.stripe.com', 400],
    ['is refused with a name in it', 'https://bob@api.stripe.com/x', 'api.stripe.com', 400],
  ])('that names the whole URL %s: %s for %s', async (_, target, host, status) => {
    const tls = connectTls({ port: front.tls, host: '127.0.0.1', servername: 'api.stripe.com', ca: front.ca.certificatePem, ALPNProtocols: ['http/1.1'] });
    await once(tls, 'secureConnect');
    tls.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await rest(tls)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    if (status !== 200) return;
    const { request: seen, origin } = await front.gateway.first('http');
    expect([seen.authority, seen.path, seen.query, origin.via]).toEqual([{ host: 'api.stripe.com', port: 443 }, '/x', 'a=1', 'transparent']);
  });

  it.each([['an unknown server name', 'evil.example', 'evil.example'], ['no server name', '', null]])('with %s gets the alert unrecognized_name', async (_, servername, host) => {
    const tls = connectTls({ port: front.tls, host: '127.0.0.1', servername, ca: front.ca.certificatePem });
    const [error] = await once(tls, 'error') as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
    expect((await front.gateway.first('connect')).attempt).toEqual({ kind: 'connect', via: 'sni', authority: host === null ? null : { host, port: 443 }, headers: [] });
  });

  it('belongs to the service its address is listed for', async () => {
    const listed = await startFront({}, [{ cidr: '10.0.0.0/8', service: 'other', space: null }, { cidr: '127.0.0.0/8', service: 'shop', space: 'qa' }]);
    await send(listed.http, 'GET /x HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n');
    expect((await listed.gateway.first('http')).origin).toMatchObject({ space: 'qa', service: 'shop' });
    await listed.stop();
  });
});
