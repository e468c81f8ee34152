import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { h2Request } from '../corpus/http2.ts';
import { dial, hear, rest, secured, startFront, tunnel } from './http-harness.ts';
import type { Front } from './http-harness.ts';

let front: Front;
beforeEach(async () => {
  front = await startFront();
});
afterEach(() => front.stop());

describe('a body in tiny chunks', () => {
  const head = 'POST /v1/charges HTTP/1.1\r\nHost: api.stripe.com\r\nTransfer-Encoding: chunked\r\n\r\n';

  it('is refused with 413 long before it reaches the limit of its size', async () => {
    const socket = await dial(front.http);
    socket.write(head + '1\r\na\r\n'.repeat(40_000));
    expect(await rest(socket)).toMatch(/^HTTP\/1\.1 413 /);
    expect(front.gateway.of('unreadable')[0]?.fault.reason).toMatch(/more than 16384 chunks of less than 16 bytes/);
  });

  it('is taken as long as the chunks are few', async () => {
    const socket = await dial(front.http);
    socket.write(`${head}${'1\r\na\r\n'.repeat(10_000)}0\r\n\r\n`);
    await hear(socket, (text) => text.startsWith('HTTP/1.1 200 '));
    expect(front.gateway.of('http')[0]?.request.body).toEqual(Buffer.alloc(10_000, 'a'));
    socket.destroy();
  });
});

describe('an HTTP/2 request that HTTP/2 itself forbids', () => {
  it.each([
    ['a line end in :path', [[':path', '/v1/charges HTTP/1.1\r\nHost: x']]],
    ['Transfer-Encoding', [[':path', '/v1/charges'], ['transfer-encoding', 'chunked']]],
    ['two :authority', [[':path', '/v1/charges'], [':authority', 'evil.test']]],
  ] as const)('%s: it is reset, and written down', async (_what, fields) => {
    const socket = await secured(await tunnel(front.http, 'api.stripe.com:443'), { ca: front.ca.certificatePem, servername: 'api.stripe.com', ALPNProtocols: ['h2'] });
    const closed = once(socket, 'close');
    socket.write(h2Request([[':method', 'POST'], [':scheme', 'https'], [':authority', 'api.stripe.com'], ...fields]));
    await once(socket, 'data');
    socket.end();
    const { fault, what } = await front.gateway.first('unreadable');
    expect(fault).toMatchObject({ check: 'unreadable', status: 400, reason: 'a request held what HTTP/2 forbids and was reset' });
    expect(what.authority).toEqual({ host: 'api.stripe.com', port: 443 });
    expect(front.gateway.of('http')).toEqual([]);
    await closed;
  });

  it('a session without one leaves no such record', async () => {
    const socket = await secured(await tunnel(front.http, 'api.stripe.com:443'), { ca: front.ca.certificatePem, servername: 'api.stripe.com', ALPNProtocols: ['h2'] });
    socket.write(h2Request([[':method', 'GET'], [':path', '/'], [':scheme', 'https'], [':authority', 'api.stripe.com']]));
    await front.gateway.first('http');
    const closed = once(socket, 'close');
    socket.end();
    socket.resume();
    await closed;
    expect(front.gateway.of('unreadable')).toEqual([]);
  });
});
