import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/** Clients whose TLS cannot be read: each has a defined answer, and a verdict that says so (docs/network.md). */
const root = fileURLToPath(new URL('../../', import.meta.url));
let gateway: RunningGateway;
beforeAll(async () => { gateway = await startGateway({ gateway: 'origins: [{ cidr: 127.0.0.1/32, service: shop }]\n' }); });
afterAll(() => discard(gateway));

const quiet = 'no-real-sends,no-forwarded,min-captures=0';
const openRun = (name: string): Promise<unknown> =>
  gateway.api('/api/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, claims: [] }) });

async function fourthwall(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ['src/cli/fourthwall.ts', ...args, '--url', gateway.control], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out };
}

/** A handshake as the client sees it: its error, or 'trusted'. */
async function shake(options: ConnectionOptions): Promise<string> {
  const socket = connect({ ca: readFileSync(gateway.caFile), ...options });
  const said = await once(socket, 'secureConnect').then(() => 'trusted', (error: NodeJS.ErrnoException) => error.code ?? error.message);
  socket.destroy();
  return said;
}

/** A CONNECT as `shop+run`. */
async function tunnel(authority: string, run: string): Promise<{ readonly response: IncomingMessage; readonly socket: Socket }> {
  const asked = request({ host: '127.0.0.1', port: gateway.ports['http'], method: 'CONNECT', path: authority, headers: { host: authority, 'proxy-authorization': `Basic ${Buffer.from(`shop+${run}:x`).toString('base64')}` } });
  asked.end();
  const [response, socket] = await once(asked, 'connect') as [IncomingMessage, Socket];
  return { response, socket };
}

/** The verdict about a scope becomes inconclusive, and the command line says 3 and why. */
async function inconclusive(scope: readonly string[], why: RegExp): Promise<void> {
  const query = new URLSearchParams(scope.map((part) => part.split('=') as [string, string]));
  await vi.waitFor(async () => expect((await gateway.api<{ verdict: string }>(`/api/assert?${query}&settle=0&expect=${quiet}`)).verdict).toBe('inconclusive'), { timeout: 10_000 });
  const { code, out } = await fourthwall('assert', ...scope.flatMap((part) => { const [name, value] = part.split('='); return [`--${name}`, value!]; }), '--expect', quiet);
  expect(code).toBe(3);
  expect(out).toMatch(why);
}
const now = async (): Promise<string> => {
  const { cursor } = await gateway.api<{ cursor: number }>('/api/captures/wait?count=1&timeout=0&after=now');
  return `after=${cursor}`;
};
const other = { ca: [readFileSync(new URL('../fixtures/network/another-ca.pem', import.meta.url))] };

describe('a client without a server name', () => {
  it.each([
    ['no name', '', /the client named no server \(no SNI\)/],
    // RFC 6066 §3: an address is no server name
    ['an address for a name', '203.0.113.9', /the client named \\?"203\.0\.113\.9\\?", which is no host name/],
  ])('(%s) gets the alert unrecognized_name, a capture, and an inconclusive verdict', async (_what, servername, why) => {
    const from = await now();
    expect(await shake({ host: '127.0.0.1', port: gateway.ports['tls'], servername })).toMatch(/UNRECOGNIZED_NAME/);
    await inconclusive([from], why);
    const { items } = await gateway.api<{ items: { protocol: string; action: string; rule: string }[] }>(`/api/captures?${from}`);
    expect(items).toEqual([expect.objectContaining({ protocol: 'connect', action: 'reject', rule: 'gateway:unreadable' })]);
  });
});

describe('a client that dials an address', () => {
  it('is refused on the CONNECT, recorded with the address, and cannot be called understood', async () => {
    await openRun('address');
    const { response, socket } = await tunnel('203.0.113.9:443', 'address');
    expect([response.statusCode, response.headers['content-type'], response.headers['x-fourthwall-action']]).toEqual([403, 'application/problem+json', 'reject']);
    socket.destroy();
    // It is known where it wanted to go and that it did not get there: no doubt is left.
    expect((await fourthwall('assert', '--run', 'address', '--expect', 'no-real-sends,min-captures=1')).code).toBe(0);
    const { code, out } = await fourthwall('assert', '--run', 'address');
    expect(code).toBe(1);
    expect(out).toContain('203.0.113.9');
  });
});

describe('a client that trusts another CA (pinned)', () => {
  it.each([['TLSv1.2'], ['TLSv1.3']] as const)('over %s through CONNECT makes its run inconclusive, and no other run', async (version) => {
    const run = `pinned-${version}`;
    await openRun(run);
    await openRun(`${run}-other`);
    const { response, socket } = await tunnel('api.stripe.com:443', run);
    expect(response.statusCode).toBe(200);
    expect(await shake({ ...other, socket, servername: 'api.stripe.com', minVersion: version, maxVersion: version })).toMatch(/UNABLE_TO_|SELF_SIGNED|CERT/);
    await inconclusive([`run=${run}`], /tls-rejected: a client broke off TLS to api\.stripe\.com/);
    expect((await fourthwall('assert', '--run', `${run}-other`, '--expect', quiet)).code).toBe(0);
  });

  it('by SNI makes what its service did inconclusive', async () => {
    const from = await now();
    expect(await shake({ ...other, host: '127.0.0.1', port: gateway.ports['tls'], servername: 'api.stripe.com' })).toMatch(/UNABLE_TO_|SELF_SIGNED|CERT/);
    await inconclusive([from, 'service=shop'], /TLS to api\.stripe\.com/);
    expect((await fourthwall('assert', ...from.replace('after=', '--after ').split(' '), '--service', 'crm', '--expect', quiet)).code).toBe(0);
  });

  it('that finishes the handshake and then finds the wrong key is noticed too', async () => {
    const from = await now();
    expect(await shake({ host: '127.0.0.1', port: gateway.ports['tls'], servername: 'api.stripe.com', checkServerIdentity: () => Object.assign(new Error('pinned'), { code: 'PINNED' }) })).toBe('PINNED');
    await inconclusive([from], /TLS to api\.stripe\.com/);
  });

  it.each([['smtp', false], ['smtps', true]] as const)('over %s makes the verdict inconclusive', async (name, secure) => {
    const from = await now();
    const mail = createTransport({ host: '127.0.0.1', port: gateway.ports[name], secure, requireTLS: true, tls: { ...other, servername: 'smtp.sendgrid.net' } });
    await expect(mail.sendMail({ from: 'a@example.test', to: 'b@example.test', text: 'x' })).rejects.toThrow();
    await inconclusive([from], /tls-rejected/);
  });
});

describe('a client that trusts our CA', () => {
  it('and takes its time to say anything leaves no doubt behind', async () => {
    const from = await now();
    const socket = connect({ host: '127.0.0.1', port: gateway.ports['tls'], servername: 'api.stripe.com', ca: readFileSync(gateway.caFile) });
    await once(socket, 'secureConnect');
    socket.write('GET /v1/balance HTTP/1.1\r\nHost: api.stripe.com\r\nConnection: close\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await gateway.api<{ verdict: string }>(`/api/assert?${from}&settle=0&expect=${quiet}`)).verdict).toBe('pass');
  });
});
