import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/model/limits.ts';
import { dial, hear, rest, secured, send, startFront, tunnel } from './http-harness.ts';
import type { Front, Recorded } from './http-harness.ts';

let front: Front;
beforeAll(async () => {
  front = await startFront();
});
afterAll(async () => {
  await front.stop();
});

/** What was recorded while `doing`. */
async function during<T>(doing: () => Promise<T>): Promise<{ readonly result: T; readonly seen: readonly Recorded[] }> {
  const before = front.gateway.recorded.length;
  const result = await doing();
  return { result, seen: front.gateway.recorded.slice(before) };
}

/** What became of these bytes: everything recorded, and every answer until the gateway closed. */
async function sent(bytes: string, port = front.http) {
  const { result, seen } = await during(() => send(port, bytes));
  return {
    recorded: seen.map((one) => (one.kind === 'unreadable' ? [one.fault.check, one.fault.status] : one.kind)),
    answers: result.match(/HTTP\/1.1 \d+/g),
    reason: seen.flatMap((one) => (one.kind === 'unreadable' ? [one.fault.reason] : [])).join(),
  };
}

/** Refused: recorded once under this check, answered once, nothing passed on. */
const refusal = (status: number, check: string) => ({ recorded: [[check, status]], answers: [`HTTP/1.1 ${status}`] });

const get = (fields: string, line = 'GET http://api.stripe.com/ HTTP/1.1') => `${line}\r\nHost: api.stripe.com\r\n${fields}\r\n`;
const post = (fields: string, body: string) => `POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\n${fields}\r\n${body}`;
const second = 'POST http://api.stripe.com/smuggled HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 0\r\n\r\n';

describe('request smuggling', () => {
  it.each([
    ['Content-Length with Transfer-Encoding (CL.TE)', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${second}`)],
    ['Transfer-Encoding with Content-Length (TE.CL)', post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${second}`)],
    ['two Content-Length', post('Content-Length: 0\r\nContent-Length: 4\r\n', second)],
    ['two equal Content-Length', post('Content-Length: 0\r\nContent-Length: 0\r\n', second)],
    ['a list in Content-Length', post('Content-Length: 0, 0\r\n', second)],
    ['a sign in Content-Length', post('Content-Length: +0\r\n', second)],
    ['leading zeros in Content-Length', post('Content-Length: 00\r\n', second)],
    ['a hexadecimal Content-Length', post('Content-Length: 0x0\r\n', second)],
    ['identity, chunked', post('Transfer-Encoding: identity, chunked\r\n', `0\r\n\r\n${second}`)],
    ['gzip, chunked', post('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${second}`)],
    ['chunked, identity', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${second}`)],
    ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${second}`)],
    ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${second}`)],
    ['Transfer-Encoding in HTTP/1.0', post('Transfer-Encoding: chunked\r\n', `0\r\n\r\n${second}`).replace('HTTP/1.1', 'HTTP/1.0')],
    ['a folded field', post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${second}`)],
    ['a space before the colon', post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${second}`)],
    ['a bare CR in a field', post('X: a\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n', '')],
    ['a bare LF between fields', 'POST http://api.stripe.com/ HTTP/1.1\nHost: api.stripe.com\nContent-Length: 0\n\n'],
    ['a NUL in a field', get('X: a\0b\r\n')],
    ['a field without name', get(': x\r\n')],
    ['a chunk size that is no number', post('Transfer-Encoding: chunked\r\n', `0x1\r\na\r\n0\r\n\r\n${second}`)],
    ['a chunk that is too long', post('Transfer-Encoding: chunked\r\n', `1\r\nab\r\n0\r\n\r\n${second}`)],
    ['HTTP/2 spoken without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown method', get('', 'CHARGE http://api.stripe.com/ HTTP/1.1')],
    ['an unknown version', get('', 'GET http://api.stripe.com/ HTTP/3.7')],
    ['an HTTP/0.9 request', 'GET /\r\n\r\n'],
  ])('by %s is refused, and nothing behind it is read', async (_, bytes) => {
    expect(await sent(bytes)).toMatchObject(refusal(400, 'unreadable'));
  });

  it.each(['Host: evil.example', 'Content-Length: 5', 'Transfer-Encoding: chunked', 'Authorization: Bearer x', 'Content-Type: text/plain'])('by the trailer field %s is refused', async (field) => {
    expect(await sent(post('Transfer-Encoding: chunked\r\n', `0\r\n${field}\r\n\r\n`))).toMatchObject(refusal(400, 'unreadable'));
  });

  it.each(['authorization', 'X-Api-Key', 'Content-Type', 'Host', 'cookie, close'])('Connection may not name %s (CVE-2026-33805)', async (named) => {
    const refused = await sent(get(`Connection: ${named}\r\nAuthorization: Bearer x\r\nX-Api-Key: k\r\nContent-Type: a/b\r\nCookie: c\r\n`));
    expect(refused).toMatchObject({ ...refusal(400, 'unreadable'), reason: expect.stringContaining('Connection names') as unknown });
  });

  it('may name hop-by-hop fields, which are taken out', async () => {
    const { seen } = await during(() => send(front.http, get('Connection: close, TE, Keep-Alive, X-Absent\r\nTE: trailers\r\nKeep-Alive: timeout=5\r\nTrailer: X\r\nX-Kept: 1\r\n')));
    expect(seen).toMatchObject([{ kind: 'http', request: { headers: [['Host', 'api.stripe.com'], ['X-Kept', '1']] } }]);
  });
});

describe('one host', () => {
  it.each([
    ['two Host fields', 'GET /x HTTP/1.1\r\nHost: api.stripe.com\r\nHost: evil.example\r\n\r\n', 400, 'unreadable'],
    ['two equal Host fields', 'GET /x HTTP/1.1\r\nHost: api.stripe.com\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['no Host', 'GET /x HTTP/1.1\r\n\r\n', 400, 'unreadable'],
    ['no Host beside a URL', 'GET http://api.stripe.com/ HTTP/1.1\r\n\r\n', 400, 'unreadable'],
    ['no Host in HTTP/1.0', 'GET /x HTTP/1.0\r\n\r\n', 400, 'unreadable'],
    ['an empty Host', 'GET /x HTTP/1.1\r\nHost:\r\n\r\n', 400, 'unreadable'],
    ['a URL and another Host', 'GET http://api.stripe.com/ HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421, 'mismatch'],
    ['a URL and another port in Host', 'GET http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com:81\r\n\r\n', 421, 'mismatch'],
    ['user information in Host', 'GET /x HTTP/1.1\r\nHost: mock.test@api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['user information in the URL', 'GET http://mock.test@api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['a number that resolvers read as an address', 'GET /x HTTP/1.1\r\nHost: 0x7f.1\r\n\r\n', 400, 'unreadable'],
    ['an encoded dot', 'GET /x HTTP/1.1\r\nHost: api%2estripe.com\r\n\r\n', 400, 'unreadable'],
    ['a port out of range', 'GET /x HTTP/1.1\r\nHost: api.stripe.com:65536\r\n\r\n', 400, 'unreadable'],
    ['a slash in Host', 'GET /x HTTP/1.1\r\nHost: api.stripe.com/x\r\n\r\n', 400, 'unreadable'],
    ['a space in Host', 'GET /x HTTP/1.1\r\nHost: api.stripe.com x\r\n\r\n', 400, 'unreadable'],
    ['another scheme', 'GET ftp://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['a scheme without slashes', 'GET https:api.stripe.com/x HTTP/1.1\r\nHost: mock.test\r\n\r\n', 400, 'unreadable'],
    ['a fragment', 'GET http://mock.test#@api.stripe.com/ HTTP/1.1\r\nHost: mock.test\r\n\r\n', 400, 'unreadable'],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['bytes outside ASCII in the target', 'GET /caf\xc3\xa9 HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
  ])('%s: refused', async (_, bytes, status, check) => {
    expect(await sent(bytes)).toMatchObject(refusal(status, check));
  });

  it.each([
    ['localhost'], ['127.0.0.1'], ['127.8.9.1'], ['[::1]'], ['[::ffff:127.0.0.1]'], ['0.0.0.0'], ['[::]'],
  ])('our own listener as %s is no target, by CONNECT and by URL', async (host) => {
    for (const port of [front.http, front.tls, front.reverse]) {
      expect(await sent(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`)).toMatchObject(refusal(403, 'own-address'));
      expect(await sent(`GET http://${host}:${port}/ HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`)).toMatchObject(refusal(403, 'own-address'));
    }
  });

  it.each([
    ['without port', 'CONNECT api.stripe.com HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['as a path', 'CONNECT /x HTTP/1.1\r\nHost: api.stripe.com:443\r\n\r\n', 400, 'unreadable'],
    ['as a URL', 'CONNECT https://api.stripe.com:443/ HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n', 400, 'unreadable'],
    ['with user information', 'CONNECT mock.test@api.stripe.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'unreadable'],
    ['of everything', 'CONNECT *:443 HTTP/1.1\r\nHost: *:443\r\n\r\n', 400, 'unreadable'],
    ['with another Host', 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', 421, 'mismatch'],
    ['with another port in Host', 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com:80\r\n\r\n', 421, 'mismatch'],
    ['with two Hosts', 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com:443\r\nHost: api.stripe.com:443\r\n\r\n', 400, 'unreadable'],
    ['with a body', 'CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com:443\r\nContent-Length: 4\r\n\r\nbody', 400, 'unreadable'],
  ])('CONNECT %s is refused before anybody is asked', async (_, bytes, status, check) => {
    expect(await sent(bytes)).toMatchObject(refusal(status, check));
  });

  const inside = [
    ['no server name, the same Host', 'api.stripe.com:443', '', 'GET / HTTP/1.1\r\nHost: api.stripe.com', 200],
    ['all the same', 'api.stripe.com:443', 'api.stripe.com', 'GET / HTTP/1.1\r\nHost: api.stripe.com', 200],
    ['all the same, port written', 'api.stripe.com:443', 'API.Stripe.com', 'GET / HTTP/1.1\r\nHost: api.stripe.com:443', 200],
    ['a URL that is the same', 'api.stripe.com:443', 'api.stripe.com', 'GET https://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com', 200],
    ['another port, Host without', 'internal.test:8443', 'internal.test', 'GET / HTTP/1.1\r\nHost: internal.test', 200],
    ['another Host', 'api.stripe.com:443', 'api.stripe.com', 'GET / HTTP/1.1\r\nHost: api.sendgrid.com', 421],
    ['another port in Host', 'api.stripe.com:443', 'api.stripe.com', 'GET / HTTP/1.1\r\nHost: api.stripe.com:80', 421],
    ['another server name, Host as CONNECT', 'api.stripe.com:443', 'api.sendgrid.com', 'GET / HTTP/1.1\r\nHost: api.stripe.com', 421],
    ['another server name, Host as that', 'api.stripe.com:443', 'api.sendgrid.com', 'GET / HTTP/1.1\r\nHost: api.sendgrid.com', 421],
    ['an address in CONNECT, a known server name', '203.0.113.9:443', 'api.stripe.com', 'GET / HTTP/1.1\r\nHost: api.stripe.com', 421],
    ['another URL', 'api.stripe.com:443', 'api.stripe.com', 'GET https://api.sendgrid.com/ HTTP/1.1\r\nHost: api.stripe.com', 421],
    ['the URL in another scheme', 'api.stripe.com:443', 'api.stripe.com', 'GET http://api.stripe.com:443/ HTTP/1.1\r\nHost: api.stripe.com', 421],
  ] as const;
  it.each(inside)('in a tunnel, %s', async (_, authority, servername, head, status) => {
    const { result, seen } = await during(async () => {
      const tls = await secured(await tunnel(front.http, authority), { servername, rejectUnauthorized: false });
      tls.write(`${head}\r\nConnection: close\r\n\r\n`);
      return rest(tls);
    });
    expect(result).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(seen.slice(1).map((one) => (one.kind === 'unreadable' ? one.fault.check : one.kind))).toEqual([status === 200 ? 'http' : 'mismatch']);
  });

  it('holds for every request of a tunnel, not only the first', async () => {
    const { result, seen } = await during(async () => {
      const tls = await secured(await tunnel(front.http, 'api.stripe.com:443'), { servername: 'api.stripe.com', ca: front.ca.certificatePem });
      tls.write('GET /1 HTTP/1.1\r\nHost: api.stripe.com\r\n\r\nGET /2 HTTP/1.1\r\nHost: api.sendgrid.com\r\n\r\nGET /3 HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n');
      return rest(tls);
    });
    expect(result.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 421']);
    expect(seen.map(({ kind }) => kind).sort()).toEqual(['connect', 'http', 'unreadable']);
    expect(front.gateway.of('http').at(-1)?.request.path).toBe('/1');
  });

  it.each([['Host: api.stripe.com', 200], ['Host: api.stripe.com:443', 200], ['Host: api.sendgrid.com', 421]])('behind a server name on the TLS port, %s: %d', async (host, status) => {
    const tls = connectTls({ port: front.tls, host: '127.0.0.1', servername: 'api.stripe.com', ca: front.ca.certificatePem });
    tls.write(`GET / HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(await rest(tls)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('a tunnel inside a tunnel is refused', async () => {
    const { result, seen } = await during(async () => {
      const tls = await secured(await tunnel(front.http, 'api.stripe.com:443'), { servername: 'api.stripe.com', ca: front.ca.certificatePem });
      tls.write('CONNECT api.sendgrid.com:443 HTTP/1.1\r\nHost: api.sendgrid.com:443\r\n\r\n');
      return rest(tls);
    });
    expect(result).toMatch(/^HTTP\/1.1 400 /);
    expect(seen.map(({ kind }) => kind)).toEqual(['connect', 'unreadable']);
  });
});

describe('what cannot be inspected', () => {
  it.each([['websocket', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'], ['h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n']])('an upgrade to %s is refused and recorded', async (_, fields) => {
    expect(await sent(get(fields))).toMatchObject(refusal(403, 'websocket'));
  });

  it('TRACE is refused', async () => {
    expect(await sent(get('', 'TRACE http://api.stripe.com/ HTTP/1.1'))).toMatchObject(refusal(405, 'unreadable'));
  });

  it('an unknown expectation is refused', async () => {
    expect(await sent(get('Expect: 200-ok\r\n'))).toMatchObject(refusal(417, 'unreadable'));
  });

  it('a header that is not UTF-8 is refused, and its bytes are kept', async () => {
    expect(await sent(get('X-Name: caf\xe9\r\n'))).toMatchObject(refusal(400, 'unreadable'));
    const last = front.gateway.of('unreadable').at(-1);
    expect(Buffer.from(last!.what.received).toString('latin1')).toContain('X-Name: caf\xe9\r\n');
  });

  it('what is kept of a refused head holds no proxy credential', async () => {
    expect(await sent(get('Proxy-Authorization: Basic c2hvcDp0b2tlbg==\r\nUpgrade: x\r\nConnection: upgrade\r\n'))).toMatchObject(refusal(403, 'websocket'));
    const last = front.gateway.of('unreadable').at(-1);
    expect([last?.origin.service, Buffer.from(last!.what.received).includes('c2hvcDp0b2tlbg')]).toEqual(['shop', false]);
  });

  it.each([
    ['a command of another protocol', 'api.stripe.com:443', 'EHLO a.test\r\n', true],
    ['bytes of no protocol', 'api.stripe.com:443', '\0\x01\x02', false],
    ['SSH', 'api.stripe.com:22', 'SSH-2.0-x\r\n', true],
  ])('a tunnel that carries %s is closed and recorded', async (_, authority, bytes, answered) => {
    const { result, seen } = await during(async () => {
      const socket = await tunnel(front.http, authority);
      socket.write(Buffer.from(bytes, 'latin1'));
      return rest(socket);
    });
    expect(result.startsWith('HTTP/1.1 400 ')).toBe(answered);
    expect(seen.map((one) => (one.kind === 'unreadable' ? [one.fault.check, Buffer.from(one.what.received).toString('latin1')] : one.kind))).toEqual(['connect', ['unreadable', bytes]]);
  });

  it.each([
    ['a record that is cut short', Buffer.from([0x16, 3, 1, 0, 100, 1, 0])],
    ['a handshake that is no hello', Buffer.from([0x16, 3, 1, 0, 4, 2, 0, 0, 0])],
    ['a hello whose lengths lie', Buffer.concat([Buffer.from([0x16, 3, 1, 0, 44, 1, 0, 0, 40]), Buffer.alloc(40, 0xff)])],
    ['a record of no TLS version', Buffer.from([0x16, 9, 9, 0, 1, 1])],
    ['plain HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n')],
    ['bytes of no protocol', Buffer.from([0x80, 0x2e, 1])],
  ])('on the TLS port, %s is refused and recorded', async (_, bytes) => {
    const { seen } = await during(async () => {
      const socket = await dial(front.tls);
      socket.end(bytes);
      await rest(socket);
      return front.gateway.first('unreadable');
    });
    expect(seen).toMatchObject([{ kind: 'unreadable', what: { protocol: 'connect', received: bytes }, fault: { check: 'unreadable', status: 400 } }]);
  });

  it('a hello that no version or cipher of ours fits is recorded', async () => {
    const { seen } = await during(async () => {
      const tls = connectTls({ port: front.tls, host: '127.0.0.1', servername: 'api.stripe.com', ca: front.ca.certificatePem, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' });
      await once(tls, 'error');
    });
    expect(seen).toMatchObject([{ kind: 'connect' }, { kind: 'unreadable', what: { protocol: 'connect', authority: { host: 'api.stripe.com' } }, fault: { check: 'unreadable' } }]);
  });

  it('TLS spoken to the HTTP port is recorded', async () => {
    const { seen } = await during(async () => {
      const tls = connectTls({ port: front.http, host: '127.0.0.1', servername: 'api.stripe.com' });
      await once(tls, 'error');
    });
    expect(seen).toMatchObject([{ kind: 'unreadable', fault: { check: 'unreadable', status: 400 } }]);
  });
});

describe('a client that does not trust our CA', () => {
  // TLS 1.2 clients of Node finish the handshake first and then leave without a word.
  it.each([['the TLS port', false, 'TLSv1.3'], ['a tunnel', true, 'TLSv1.3'], ['the TLS port', false, 'TLSv1.2'], ['a tunnel', true, 'TLSv1.2']] as const)('is noted, on %s (tunnel: %s, %s)', async (_, viaTunnel, maxVersion) => {
    const fresh = await startFront();
    const options = { servername: 'api.stripe.com', ca: [], maxVersion };
    const tls = viaTunnel ? connectTls({ socket: await tunnel(fresh.http, 'api.stripe.com:443'), ...options }) : connectTls({ port: fresh.tls, host: '127.0.0.1', ...options });
    await once(tls, 'error');
    expect(await fresh.gateway.first('tls-rejected')).toMatchObject({ host: 'api.stripe.com' });
    expect(fresh.gateway.of('http')).toEqual([]);
    await fresh.stop();
  });

  it('is noted when it leaves in the middle of the handshake', async () => {
    const fresh = await startFront();
    const hello = await helloOf('api.stripe.com');
    const socket = await dial(fresh.tls);
    socket.write(hello);
    await once(socket, 'readable');
    socket.destroy();
    expect(await fresh.gateway.first('tls-rejected')).toMatchObject({ host: 'api.stripe.com' });
    await fresh.stop();
  });

  it('one that trusts it is not', async () => {
    const { seen } = await during(async () => {
      const tls = connectTls({ port: front.tls, host: '127.0.0.1', servername: 'api.stripe.com', ca: front.ca.certificatePem });
      tls.write('GET / HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n');
      return rest(tls);
    });
    expect(seen.map(({ kind }) => kind)).toEqual(['connect', 'http']);
  });
});

/** A real ClientHello, taken from Node's own client. */
async function helloOf(servername: string): Promise<Buffer> {
  const { createServer } = await import('node:net');
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const tls = connectTls({ port: typeof address === 'object' && address !== null ? address.port : 0, host: '127.0.0.1', servername });
  tls.on('error', () => {});
  const [socket] = await once(server, 'connection');
  const [hello] = await once(socket, 'data') as [Buffer];
  socket.destroy();
  server.close();
  return hello;
}

const record = (part: Buffer) => Buffer.concat([Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 0xff]), part]);

describe('a hello in pieces', () => {
  it('is put together, over TCP segments and over TLS records', async () => {
    const fresh = await startFront();
    const hello = await helloOf('api.stripe.com');
    const body = hello.subarray(5);
    const socket = await dial(fresh.tls);
    const split = Buffer.concat([record(body.subarray(0, 2)), record(body.subarray(2, 90)), record(body.subarray(90))]);
    for (const byte of split.subarray(0, 120)) socket.write(Buffer.from([byte]));
    socket.write(split.subarray(120));
    await once(socket, 'readable');
    expect(fresh.gateway.of('connect')).toMatchObject([{ attempt: { authority: { host: 'api.stripe.com', port: 443 } } }]);
    expect((socket.read() as Buffer)[0]).toBe(0x16);
    socket.destroy();
    await fresh.stop();
  });
});

const fields = (count: number) => Array.from({ length: count - 1 }, (_, n) => `X-${n}: a\r\n`).join('');
const urlOf = (length: number) => `http://api.stripe.com/${'u'.repeat(length - 'http://api.stripe.com/'.length)}`;
const headerOf = (bytes: number) => {
  const fixed = 'Host: api.stripe.com\r\nConnection: close\r\n'.length;
  return `Connection: close\r\nX: ${'h'.repeat(bytes - fixed - 'X: \r\n'.length)}\r\n`;
};

describe('limits', () => {
  it.each([
    ['header fields at the limit', () => get(`Connection: close\r\n${fields(defaultLimits.httpHeaders - 1)}`)],
    ['header bytes at the limit', () => get(headerOf(defaultLimits.httpHeaderBytes))],
    ['a URL at the limit', () => get('Connection: close\r\n', `GET ${urlOf(defaultLimits.url)} HTTP/1.1`)],
    ['URL and header bytes at their limits together', () => get(headerOf(defaultLimits.httpHeaderBytes), `GET ${urlOf(defaultLimits.url)} HTTP/1.1`)],
    ['a body at the limit', () => post(`Connection: close\r\nContent-Length: ${defaultLimits.httpBody}\r\n`, 'b'.repeat(defaultLimits.httpBody))],
    ['a chunked body at the limit', () => post('Connection: close\r\nTransfer-Encoding: chunked\r\n', `${defaultLimits.httpBody.toString(16)}\r\n${'b'.repeat(defaultLimits.httpBody)}\r\n0\r\n\r\n`)],
  ])('%s are taken', async (_, bytes) => {
    const { result, seen } = await during(() => send(front.http, bytes()));
    expect(result).toMatch(/^HTTP\/1.1 200 /);
    expect(seen.map(({ kind }) => kind)).toEqual(['http']);
  });

  it.each([
    ['one header field more', 431, () => get(fields(defaultLimits.httpHeaders + 1))],
    ['2,500 header fields', 431, () => get(fields(2_500))],
    ['one header byte more', 431, () => get(headerOf(defaultLimits.httpHeaderBytes + 1))],
    ['100 times the header bytes', 431, () => get(headerOf(100 * defaultLimits.httpHeaderBytes))],
    ['one URL byte more', 414, () => get('', `GET ${urlOf(defaultLimits.url + 1)} HTTP/1.1`)],
    ['100 times the URL', 414, () => get('', `GET ${urlOf(100 * defaultLimits.url)} HTTP/1.1`)],
    ['a body said to be one byte longer', 413, () => post(`Content-Length: ${defaultLimits.httpBody + 1}\r\n`, 'b')],
    ['a body sent and one byte longer', 413, () => post(`Content-Length: ${defaultLimits.httpBody + 1}\r\n`, 'b'.repeat(defaultLimits.httpBody + 1))],
    ['a chunked body one byte longer', 413, () => post('Transfer-Encoding: chunked\r\n', `${(defaultLimits.httpBody + 1).toString(16)}\r\n${'b'.repeat(defaultLimits.httpBody + 1)}\r\n0\r\n\r\n`)],
    ['trailers over the count', 431, () => post('Transfer-Encoding: chunked\r\n', `0\r\n${fields(defaultLimits.httpHeaders + 2)}\r\n`)],
  ])('%s: refused with %d', async (_, status, bytes) => {
    expect(await sent(bytes())).toMatchObject(refusal(status, 'unreadable'));
  });

  it('100 Continue is not given for a body that is too long', async () => {
    expect(await sent(post(`Expect: 100-continue\r\nContent-Length: ${defaultLimits.httpBody + 1}\r\n`, ''))).toMatchObject(refusal(413, 'unreadable'));
  });

  it('at most 64 KiB of what was refused are kept', async () => {
    expect(await sent(post('Transfer-Encoding: chunked\r\n', `${(1 << 24).toString(16)}\r\n${'b'.repeat(1 << 24)}\r\n0\r\n\r\n`))).toMatchObject(refusal(413, 'unreadable'));
    expect(front.gateway.of('unreadable').at(-1)?.what.received).toHaveLength(64 * 1024);
  });
});

describe('a request that does not end', () => {
  it.each([
    ['in its head', 'POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.str'],
    ['in its body', 'POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 100\r\n\r\nhalf'],
    ['in its chunks', 'POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf'],
  ])('%s, closed by the client: recorded with what came, nothing acknowledged', async (_, bytes) => {
    for (const how of ['end', 'reset'] as const) {
      const fresh = await startFront();
      const socket = await dial(fresh.http);
      socket.on('error', () => {});
      // The first request shows that what follows was read before the reset.
      socket.write(`GET http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n`);
      await hear(socket, (text) => text.includes('"path"'));
      socket.write(bytes, () => (how === 'end' ? socket.end() : socket.destroySoon()));
      const { what, fault } = await fresh.gateway.first('unreadable');
      expect([fault.check, fault.status]).toEqual(['unreadable', 400]);
      expect(Buffer.from(what.received).toString()).toContain(bytes.includes('half') ? 'Host: api.stripe.com' : 'Host: api.str');
      expect(Buffer.from(what.received).toString().endsWith(bytes.slice(-4))).toBe(true);
      expect([fresh.gateway.of('http').length, fresh.gateway.of('unreadable').length, fresh.errors]).toEqual([1, 1, []]);
      await fresh.stop();
    }
  });

  it('a connection that says nothing leaves no record', async () => {
    const { seen } = await during(async () => {
      for (const port of [front.http, front.tls, front.reverse, front.reverseTls]) {
        const socket = await dial(port);
        socket.end();
        await rest(socket);
      }
    });
    expect(seen).toEqual([]);
  });

  it.each([
    ['a head that comes byte by byte', 'GET http://api.stripe.com/ HT', 408],
    ['a body that stops', 'POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 9\r\n\r\nhalf', 408],
  ])('%s is cut at its deadline', async (_, bytes, status) => {
    const fresh = await startFront({ headersTimeout: 80, requestTimeout: 80 });
    expect(await send(fresh.http, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fresh.gateway.first('unreadable')).fault).toMatchObject({ check: 'unreadable', status });
    expect(fresh.gateway.of('http')).toEqual([]);
    await fresh.stop();
  });

  it('a tunnel in which nothing is said, a hello that stops and a handshake that stops are cut at theirs', async () => {
    const fresh = await startFront({ headersTimeout: 80, tlsHandshakeTimeout: 80 });
    await rest(await tunnel(fresh.http, 'api.stripe.com:25'));
    expect((await fresh.gateway.first('unreadable')).fault.check).toBe('unreadable');
    const hello = await helloOf('api.stripe.com');
    await send(fresh.tls, hello.subarray(0, 20));
    expect(fresh.gateway.of('unreadable')).toHaveLength(2);
    await send(fresh.tls, hello);
    expect(await fresh.gateway.first('tls-rejected')).toMatchObject({ host: 'api.stripe.com' });
    await fresh.stop();
  });

  it('an idle connection is closed after the idle time, without a record', async () => {
    const fresh = await startFront({ idleTimeout: 50 });
    expect(await send(fresh.http, get(''))).toMatch(/^HTTP\/1.1 200 /);
    expect(fresh.gateway.recorded).toHaveLength(1);
    await fresh.stop();
  });
});

describe('user information before a host', () => {
  it.each([
    ['Host', 'GET / HTTP/1.1\r\nHost: bob:hunter2@shop.test\r\n\r\n'],
    ['CONNECT', 'CONNECT bob:hunter2@shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n'],
    ['a whole URL', 'GET http://bob:hunter2@shop.test/ HTTP/1.1\r\nHost: shop.test\r\n\r\n'],
    ['a whole URL, a slash in it', 'GET http://bob:hunter2/x@shop.test/ HTTP/1.1\r\nHost: shop.test\r\n\r\n'],
    ['a reverse route', 'GET /~/bob:hunter2@shop.test/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('is refused and told to nobody: %s', async (_, bytes) => {
    const { result, seen } = await during(() => send(front.http, bytes));
    const [refused] = seen;
    expect(refused).toMatchObject({ kind: 'unreadable', fault: { check: 'unreadable', status: 400 } });
    expect(refused?.kind === 'unreadable' && refused.fault.reason).toContain('shop.test');
    expect(refused?.kind === 'unreadable' && refused.fault.reason).not.toMatch(/bob|hunter2/);
    expect(result).not.toContain('hunter2');
  });
});
