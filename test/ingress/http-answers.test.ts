import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { createConnection } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../src/model/exchange.ts';
import { dial, hear, jsonReply, rest, secured, send, startFront, tunnel, wholeReply } from './http-harness.ts';
import type { Front } from './http-harness.ts';

let front: Front;
beforeEach(async () => {
  front = await startFront({ drain: 500 });
});
afterEach(async () => {
  await front.stop();
});

const get = (path: string, fields = '', method = 'GET') => `${method} http://api.stripe.com${path} HTTP/1.1\r\nHost: api.stripe.com\r\n${fields}\r\n`;
const reply = (changed: Partial<HttpResponse>): HttpResponse => ({ kind: 'http', status: 200, headers: [], trailers: [], body: Buffer.alloc(0), ...changed });

describe('a reply', () => {
  it('is written as given: order, case and repetition of its fields, our own framing, no Date', async () => {
    front.gateway.answer = () => reply({
      status: 402, body: Buffer.from('{}'),
      headers: [['Request-Id', 'req_1'], ['content-type', 'application/json'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['Content-Length', '99'], ['Transfer-Encoding', 'chunked'], ['Connection', 'keep-alive'], ['Alt-Svc', 'h3=":443"']],
    });
    expect(await send(front.http, get('/', 'Connection: close\r\n'))).toBe(
      'HTTP/1.1 402 Payment Required\r\nRequest-Id: req_1\r\ncontent-type: application/json\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Fourthwall-Capture: cap_1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}');
  });

  it.each([
    ['HEAD', 200, 'Content-Length: 4\r\n', ''],
    ['GET', 204, '', ''],
    ['GET', 304, '', ''],
    ['GET', 200, 'Content-Length: 4\r\n', 'body'],
  ])('to %s with %d has the length %o and the content %o', async (method, status, length, content) => {
    front.gateway.answer = () => reply({ status, body: Buffer.from(status === 200 ? 'body' : '') });
    const answer = await send(front.http, get('/', 'Connection: close\r\n', method));
    const [head = '', body] = answer.split('\r\n\r\n', 2);
    expect([/Content-Length: \d+\r\n/.exec(`${head}\r\n`)?.[0] ?? '', body]).toEqual([length, content]);
  });

  it('to HEAD may tell the length of a content it does not hold', async () => {
    front.gateway.answer = () => reply({ headers: [['Content-Length', '1073741824']] });
    expect(await send(front.http, get('/', 'Connection: close\r\n', 'HEAD'))).toContain('Content-Length: 1073741824\r\n');
  });

  it('has its trailers on HTTP/1.1 and leaves them out on HTTP/1.0', async () => {
    front.gateway.answer = () => reply({ body: Buffer.from('m'), trailers: [['Grpc-Status', '0']] });
    expect(await send(front.http, get('/', 'Connection: close\r\n'))).toMatch(/Trailer: Grpc-Status\r\nTransfer-Encoding: chunked\r\n.*\r\n\r\n1\r\nm\r\n0\r\nGrpc-Status: 0\r\n\r\n$/s);
    expect(await send(front.http, get('/').replace('HTTP/1.1', 'HTTP/1.0'))).toMatch(/Content-Length: 1\r\n.*\r\n\r\nm$/s);
  });

  it.each([
    ['a line break in a value', reply({ headers: [['X-A', 'a\r\nSet-Cookie: b']] })],
    ['a space in a name', reply({ headers: [['X A', 'a']] })],
    ['an interim status', reply({ status: 101 })],
    ['no status at all', reply({ status: 0 })],
  ])('with %s is not sent: the connection closes and the fault is logged', async (_, broken) => {
    front.gateway.answer = () => broken;
    expect(await send(front.http, get('/'))).toBe('');
    const tls = await secured(await tunnel(front.http, 'api.stripe.com:443'), { servername: 'api.stripe.com', ca: front.ca.certificatePem, ALPNProtocols: ['h2'] });
    const session = connectHttp2('https://api.stripe.com', { createConnection: () => tls });
    const stream = session.request({ ':path': '/' });
    let answered = false;
    stream.on('response', () => {
      answered = true;
    }).on('error', () => {});
    await once(stream, 'close');
    session.destroy();
    expect([answered, front.errors.length]).toEqual([false, 2]);
  });

  it('that the gateway owes and does not give closes the connection', async () => {
    front.gateway.answer = () => Promise.reject(new Error('a fault of ours'));
    expect(await send(front.http, get('/'))).toBe('');
    expect(front.errors.join()).toContain('a fault of ours');
  });

  it('reaches a client that is still sending what was refused', async () => {
    const socket = await dial(front.http);
    socket.write('POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 99999999\r\n\r\n');
    const piece = Buffer.alloc(1 << 16);
    const more = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on('drain', more);
    socket.on('error', () => {});
    more();
    const answer = await hear(socket, wholeReply);
    socket.off('drain', more);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it('goes to the client that asked, not to the one behind a broken request', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    front.gateway.answer = async (call) => {
      await held;
      return jsonReply(200, { path: call.path });
    };
    const socket = await dial(front.http);
    socket.write(`${get('/first')}garbage\r\n\r\n`);
    await front.gateway.first('unreadable');
    release();
    const answers = await rest(socket);
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });
});

it('many bodies at once are bounded together: one too many is told to come again', async () => {
  const small = await startFront({ httpBody: 1_000 });
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  small.gateway.answer = async () => {
    await held;
    return jsonReply(200, {});
  };
  const bytes = `POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n${'b'.repeat(1_000)}`;
  const all = Array.from({ length: 32 }, () => send(small.http, bytes));
  while (small.gateway.of('http').length < 32) await new Promise((resolve) => setImmediate(resolve));
  expect(await send(small.http, bytes)).toMatch(/^HTTP\/1.1 503 /);
  expect(small.gateway.of('unreadable')).toMatchObject([{ fault: { check: 'unreadable', status: 503 } }]);
  release();
  for (const answer of await Promise.all(all)) expect(answer).toMatch(/^HTTP\/1.1 200 /);
  expect(await send(small.http, bytes)).toMatch(/^HTTP\/1.1 200 /);
  await small.stop();
});

it('bodies that were broken off hold nothing', async () => {
  const small = await startFront({ httpBody: 1_000 });
  const half = `POST http://api.stripe.com/ HTTP/1.1\r\nHost: api.stripe.com\r\nContent-Length: 1000\r\n\r\n${'b'.repeat(999)}`;
  await Promise.all(Array.from({ length: 33 }, async () => {
    const socket = await dial(small.http);
    socket.end(half);
    await rest(socket);
  }));
  expect(small.gateway.of('unreadable')).toHaveLength(33);
  expect(await send(small.http, `${half.replace('Content-Length', 'Connection: close\r\nContent-Length')}b`)).toMatch(/^HTTP\/1.1 200 /);
  await small.stop();
});

it('no more connections are taken than the limit', async () => {
  const few = await startFront({ connections: 2 });
  const kept = [await dial(few.http), await dial(few.http)];
  expect(await send(few.http, get('/'))).toBe('');
  kept[0]?.destroy();
  await few.stop();
});

describe('close', () => {
  it('answers what was read, ends who is idle, and takes nobody new', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const slow = await startFront({ drain: 20_000 });
    slow.gateway.answer = async (call) => {
      await held;
      return jsonReply(200, { path: call.path });
    };
    const idle = await dial(slow.http);
    const inTunnel = await tunnel(slow.http, 'api.stripe.com:443');
    const busy = await dial(slow.http);
    busy.write(get('/busy'));
    const tls = await secured(await tunnel(slow.http, 'api.stripe.com:443'), { servername: 'api.stripe.com', ca: slow.ca.certificatePem, ALPNProtocols: ['h2'] });
    const session = connectHttp2('https://api.stripe.com', { createConnection: () => tls });
    const stream = session.request({ ':path': '/busy-h2' });
    const gotResponse = once(stream, 'response');
    while (slow.gateway.of('http').length < 2) await new Promise((resolve) => setImmediate(resolve));

    const closing = slow.ingress.close();
    await Promise.all([rest(idle), rest(inTunnel)]);
    const late = createConnection(slow.http, '127.0.0.1');
    const [refused] = await once(late, 'error') as [NodeJS.ErrnoException];
    expect(refused.code).toBe('ECONNREFUSED');
    release();
    expect(await rest(busy)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*Connection: close\r\n[^]*"\/busy"/);
    expect((await gotResponse)[0]).toMatchObject({ ':status': 200 });
    await closing;
    await slow.stop();
  });

  it('waits no longer than the drain time', async () => {
    front.gateway.answer = () => new Promise(() => {});
    const socket = await dial(front.http);
    socket.write(get('/never'));
    await front.gateway.first('http');
    const began = performance.now();
    await front.ingress.close();
    expect(await rest(socket)).toBe('');
    expect(performance.now() - began).toBeGreaterThan(400);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
