import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseProxyHeader } from '../../src/ingress/proxy-protocol.ts';
import { dial, hear, rest, secured, startFront, wholeReply, type Front } from './http-harness.ts';
import { openFront } from './smtp-harness.ts';

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/** A header as the specification writes it. */
function header({ command = 1, version = 2, family = 0x11, addresses = ipv4('198.51.100.7', 4321), extensions = Buffer.alloc(0), length }: {
  readonly command?: number; readonly version?: number; readonly family?: number; readonly addresses?: Buffer; readonly extensions?: Buffer; readonly length?: number;
} = {}): Buffer {
  const body = Buffer.concat([addresses, extensions]);
  const fixed = Buffer.from([version << 4 | command, family, 0, 0]);
  fixed.writeUInt16BE(length ?? body.length, 2);
  return Buffer.concat([signature, fixed, body]);
}

function ipv4(source: string, port: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.set(source.split('.').map(Number), 0);
  bytes.set([10, 0, 0, 1], 4);
  bytes.writeUInt16BE(port, 8);
  bytes.writeUInt16BE(8080, 10);
  return bytes;
}

function ipv6(source: string, port: number): Buffer {
  const bytes = Buffer.alloc(36);
  Buffer.from(source, 'hex').copy(bytes, 0);
  bytes.writeUInt16BE(port, 32);
  return bytes;
}

describe('a PROXY v2 header', () => {
  it('tells the address and port of the client, over IPv4 and IPv6', () => {
    expect(parseProxyHeader(header())).toEqual({ kind: 'proxied', address: '198.51.100.7', port: 4321, length: 28 });
    expect(parseProxyHeader(header({ family: 0x21, addresses: ipv6('20010db8000000000000000000000007', 99) })))
      .toEqual({ kind: 'proxied', address: '2001:db8::7', port: 99, length: 52 });
  });

  it('names a mapped IPv4 address as IPv4', () => {
    expect(parseProxyHeader(header({ family: 0x21, addresses: ipv6('00000000000000000000ffffc6336407', 1) }))).toMatchObject({ address: '198.51.100.7' });
  });

  it('may carry extensions, which are skipped, and be followed by the client\'s own bytes', () => {
    const extended = header({ extensions: Buffer.from([0x02, 0, 3, 97, 98, 99, 0x04, 0, 0]) });
    expect(parseProxyHeader(Buffer.concat([extended, Buffer.from('GET / HTTP/1.1')]))).toEqual({ kind: 'proxied', address: '198.51.100.7', port: 4321, length: extended.length });
  });

  it('of the balancer itself leaves the address as it is', () => {
    expect(parseProxyHeader(header({ command: 0 }))).toEqual({ kind: 'local', length: 28 });
    expect(parseProxyHeader(header({ family: 0, addresses: Buffer.alloc(0) }))).toEqual({ kind: 'local', length: 16 });
  });

  it.each<[string, Buffer, RegExp]>([
    ['the text form', Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n'), /does not begin/],
    ['no header at all', Buffer.from('GET / HTTP/1.1\r\n'), /does not begin/],
    ['another version', header({ version: 1 }), /version 1/],
    ['an unknown command', header({ command: 2 }), /command 2/],
    ['UDP', header({ family: 0x12 }), /0x12/],
    ['a UNIX socket', header({ family: 0x31, addresses: Buffer.alloc(216) }), /0x31/],
    ['too few bytes for the addresses', header({ addresses: Buffer.alloc(11) }), /alone need 12/],
    ['IPv4 addresses under the IPv6 family', header({ family: 0x21 }), /alone need 36/],
    ['an extension that runs over the end', header({ extensions: Buffer.from([4, 0, 9, 1]) }), /extension/],
    ['half an extension', header({ extensions: Buffer.from([4, 0]) }), /extension/],
    ['a length that nobody needs', header({ length: 65_535 }), /65535 bytes/],
  ])('is malformed with %s', (_name, bytes, why) => {
    const parsed = parseProxyHeader(bytes);
    expect(parsed).toMatchObject({ kind: 'malformed' });
    expect(parsed.kind === 'malformed' && parsed.why).toMatch(why);
  });

  it('is waited for until it is whole, at whatever byte it is cut', () => {
    const whole = header({ extensions: Buffer.from([4, 0, 1, 7]) });
    for (let cut = 0; cut < whole.length; cut += 1) expect(parseProxyHeader(whole.subarray(0, cut))).toEqual({ kind: 'incomplete' });
  });

  it('never makes the parser throw, and never claims more bytes than came', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (random, signed) => {
      const bytes = Buffer.concat([signed ? signature : Buffer.alloc(0), random]);
      const parsed = parseProxyHeader(bytes);
      if ('length' in parsed) expect(parsed.length).toBeLessThanOrEqual(bytes.length);
    }));
  });
});

let front: Front | null = null;
afterEach(async () => {
  await front?.stop();
  front = null;
});

const origins = [{ cidr: '198.51.100.0/24', service: 'shop', space: 'dev' }];
const call = 'GET http://api.stripe.com/v1/charges HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n';

describe('behind a balancer that is named', () => {
  it('HTTP: the client is who the header tells, and the table of origins knows it', async () => {
    front = await startFront({}, origins, ['127.0.0.0/8']);
    const socket = await dial(front.http);
    const bytes = Buffer.concat([header(), Buffer.from(call)]);
    // one byte at a time up to the middle of the request line
    for (const byte of bytes.subarray(0, 40)) socket.write(Buffer.from([byte]));
    socket.write(bytes.subarray(40));
    expect(await hear(socket, wholeReply)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    expect(await front.gateway.first('http')).toMatchObject({ origin: { address: '198.51.100.7', service: 'shop', space: 'dev' } });
  });

  it('TLS: the same, and for what is inside', async () => {
    front = await startFront({}, origins, ['127.0.0.1']);
    const socket = await dial(front.tls);
    socket.write(header());
    const tls = await secured(socket, { servername: 'api.stripe.com', ca: front.ca.certificatePem });
    tls.write('GET /v1/charges HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n');
    expect(await hear(tls, wholeReply)).toMatch(/^HTTP\/1\.1 200 /);
    tls.destroy();
    expect((await front.gateway.first('connect')).origin).toMatchObject({ address: '198.51.100.7', service: 'shop' });
    expect((await front.gateway.first('http')).origin).toMatchObject({ address: '198.51.100.7', service: 'shop', space: 'dev' });
  });

  it('CONNECT: what is inside a tunnel has the address of the tunnel', async () => {
    front = await startFront({}, origins, ['127.0.0.1']);
    const socket = await dial(front.http);
    socket.write(Buffer.concat([header(), Buffer.from('CONNECT api.stripe.com:443 HTTP/1.1\r\nHost: api.stripe.com:443\r\n\r\n')]));
    await hear(socket, (text) => text.endsWith('\r\n\r\n'));
    const tls = await secured(socket, { servername: 'api.stripe.com', ca: front.ca.certificatePem });
    tls.write('GET /v1/charges HTTP/1.1\r\nHost: api.stripe.com\r\n\r\n');
    await hear(tls, wholeReply);
    tls.destroy();
    expect((await front.gateway.first('http')).origin).toMatchObject({ address: '198.51.100.7', service: 'shop', via: 'connect' });
  });

  it('a connection without a header, or with a broken one, is closed without an answer and recorded', async () => {
    front = await startFront({}, origins, ['127.0.0.1']);
    const socket = await dial(front.http);
    socket.write(call);
    expect(await rest(socket)).toBe('');
    expect(await front.gateway.first('unreadable')).toMatchObject({ fault: { check: 'unreadable', reason: expect.stringMatching(/PROXY header from 127\.0\.0\.1 is malformed/) as string }, origin: { address: '127.0.0.1' } });
    expect(front.gateway.of('http')).toEqual([]);
  });

  it('a half header is not waited for longer than for any other head', async () => {
    front = await startFront({ headersTimeout: 100 }, origins, ['127.0.0.1']);
    const socket = await dial(front.http);
    socket.write(signature);
    expect(await rest(socket)).toBe('');
    expect(await front.gateway.first('unreadable')).toMatchObject({ what: { received: signature } });
  });

  it('a health check that connects and leaves is nothing', async () => {
    front = await startFront({}, origins, ['127.0.0.1']);
    const socket = await dial(front.http);
    socket.end();
    await rest(socket);
    expect(front.gateway.recorded).toEqual([]);
  });

  it('SMTP: the client is who the header tells, before the greeting', async () => {
    const smtp = await openFront({ origins, proxies: ['127.0.0.1'] });
    const socket = await dial(smtp.port);
    socket.write(header());
    await hear(socket, (text) => text.startsWith('220 '));
    socket.write('HELO x\r\nMAIL FROM:<a@example.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n');
    await hear(socket, (text) => text.includes('354 '));
    socket.write('Subject: x\r\n\r\nhi\r\n.\r\n');
    await hear(socket, (text) => text.includes('captured'));
    socket.destroy();
    expect(smtp.mails[0]).toMatchObject({ origin: { address: '198.51.100.7', service: 'shop', space: 'dev' } });
    const bare = await dial(smtp.port);
    bare.write('HELO x\r\n');
    expect(await rest(bare)).toBe('');
    expect(smtp.unreadable.at(-1)).toMatchObject({ fault: { reason: expect.stringMatching(/PROXY header/) as string } });
    await smtp.close();
  });
});

describe('from anybody else', () => {
  it('a header is the client\'s own words: not believed, refused and recorded with the real address', async () => {
    front = await startFront({}, origins, ['192.0.2.0/24']);
    const socket = await dial(front.http);
    socket.write(Buffer.concat([header(), Buffer.from(call)]));
    await rest(socket);
    const { origin } = await front.gateway.first('unreadable');
    expect(origin).toMatchObject({ address: '127.0.0.1', service: 'unattributed' });
    expect(front.gateway.of('http')).toEqual([]);
  });

  it('nothing is waited for: an SMTP client that listens is greeted', async () => {
    const smtp = await openFront({ origins, proxies: ['192.0.2.0/24'] });
    const socket = await dial(smtp.port);
    expect(await hear(socket, (text) => text.endsWith('\r\n'))).toMatch(/^220 /);
    socket.end('QUIT\r\n');
    await rest(socket);
    await smtp.close();
  });
});
