import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer as createTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDnsServer } from '../../src/dns/server.ts';
import type { Responder } from '../../src/dns/server.ts';
import { tryNames } from '../../src/doctor/names.ts';
import { tryTcp } from '../../src/doctor/tcp.ts';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import type { CertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import { silent } from '../dns/harness.ts';

/** Stand-ins on loopback: 127.0.0.2 is outside, 127.0.0.1 is the gateway. */
let directory: string;
let ours: CertificateAuthority;
let theirs: CertificateAuthority;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'fourthwall-doctor-'));
  ours = await openCertificateAuthority({ directory: path.join(directory, 'ours'), now: Date.now });
  theirs = await openCertificateAuthority({ directory: path.join(directory, 'theirs'), now: Date.now });
});
afterAll(() => rm(directory, { recursive: true }));
const closing: (() => unknown)[] = [];
afterEach(async () => { for (const close of closing.splice(0)) await close(); });

async function listening(server: Server, host = '127.0.0.2', port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}
const facts = () => ({ ca: ours.certificatePem, addresses: ['127.0.0.1'], proxy: null });
const greeting = (text: string): Server => createServer((socket) => socket.on('error', () => undefined).end(text));

describe('a direct TCP connection', () => {
  it('that is refused or gets no answer is closed', async () => {
    const port = await listening(greeting(''));
    await (closing.splice(0)[0]!)();
    expect(await tryTcp({ host: '127.0.0.2', port }, facts(), 2_000)).toMatchObject({ state: 'closed', what: expect.stringContaining('ECONNREFUSED') });
  });

  it('that is taken is open, with a remedy, unless the gateway greets or it is the gateway\'s address', async () => {
    const mail = await listening(greeting('220 mx.vendor.example ESMTP\r\n'));
    expect(await tryTcp({ host: '127.0.0.2', port: mail }, facts(), 2_000)).toMatchObject({ state: 'open', remedy: expect.stringContaining('NetworkPolicy') });
    const silentOne = await listening(greeting(''));
    expect(await tryTcp({ host: '127.0.0.2', port: silentOne }, facts(), 2_000)).toMatchObject({ state: 'open' });
    const gateway = await listening(greeting('220 fourthwall.localhost ESMTP\r\n'));
    expect(await tryTcp({ host: '127.0.0.2', port: gateway }, facts(), 2_000)).toMatchObject({ state: 'closed' });
    const own = await listening(greeting('hello'), '127.0.0.1');
    expect(await tryTcp({ host: '127.0.0.1', port: own }, facts(), 2_000)).toMatchObject({ state: 'closed' });
  });

  it('with TLS is closed only where the gateway\'s certificate is shown', async ({ skip }) => {
    const serve = async (ca: CertificateAuthority, address: string): Promise<void> => {
      const server = createTls(await ca.leaf('localhost'), (socket) => socket.end());
      server.on('tlsClientError', () => undefined);
      await listening(server, address, 443);
    };
    try {
      await serve(theirs, '127.0.0.2');
    } catch (error) {
      skip(`port 443 cannot be had here: ${(error as NodeJS.ErrnoException).code}`);
    }
    const elsewhere = { ...facts(), addresses: [] };
    expect(await tryTcp({ host: '127.0.0.2', port: 443 }, elsewhere, 2_000)).toMatchObject({ state: 'open' });
    expect(await tryTcp({ host: '127.0.0.2', port: 443 }, { ...elsewhere, ca: null }, 2_000)).toMatchObject({ state: 'unknown' });
    await serve(ours, '127.0.0.1');
    expect(await tryTcp({ host: 'localhost', port: 443 }, elsewhere, 2_000)).toMatchObject({ state: 'closed', what: expect.stringContaining('certificate') });
  });
});

describe('a made-up name', () => {
  async function resolver(respond: Responder): Promise<readonly string[]> {
    const server = createDnsServer({ respond, logger: silent, now: Date.now });
    closing.push(() => server.close());
    return [`127.0.0.1:${await server.listen('127.0.0.1', 0)}`];
  }
  const tried = async (respond: Responder): Promise<string> => (await tryNames({ servers: await resolver(respond), zone: 'example.test', gateway: facts(), timeout: 2_000 })).state;

  it('that is answered "no such name" got outside', async () => {
    const names: string[] = [];
    expect(await tried(async ({ name }) => { names.push(name); return { code: 'NXDOMAIN', records: [] }; })).toBe('open');
    expect(names[0]).toMatch(/^fourthwall-doctor-[0-9a-f]{12}\.example\.test$/);
    expect(await tried(async () => ({ code: 'NOERROR', records: [] }))).toBe('open');
  });

  it('that is answered with the gateway\'s address, or refused, stayed inside; any other address is a way out', async () => {
    expect(await tried(async () => ({ code: 'NOERROR', records: [{ type: 'A', ttl: 1, data: '127.0.0.1' }] }))).toBe('closed');
    expect(await tried(async () => ({ code: 'REFUSED', records: [] }))).toBe('closed');
    expect(await tried(async () => ({ code: 'SERVFAIL', records: [] }))).toBe('closed');
    expect(await tried(async () => ({ code: 'NOERROR', records: [{ type: 'A', ttl: 1, data: '127.0.0.1' }, { type: 'A', ttl: 1, data: '203.0.113.9' }] }))).toBe('open');
  });
});
