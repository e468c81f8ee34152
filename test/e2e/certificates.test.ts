import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let scratch: string;
let gateway: RunningGateway;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  gateway = await startGateway({ gateway: 'ca: { hosts: [stripe.com] }\n' });
});
afterAll(async () => {
  await discard(gateway);
  await rm(scratch, { recursive: true, force: true });
});

async function fourthwall(...args: string[]): Promise<{ code: number | null; out: Buffer; err: string }> {
  const child = spawn(process.execPath, ['src/cli/fourthwall.ts', ...args, '--url', gateway.control], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out: Buffer.concat(out), err };
}

/** The issuer's fingerprint as a client with these roots sees it, or the error. */
async function issuer(host: string, ca: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: gateway.ports['tls'], servername: host, ca });
  const said = await once(socket, 'secureConnect').then(() => socket.getPeerCertificate(true).issuerCertificate.fingerprint256, (error: NodeJS.ErrnoException) => error.code ?? error.message);
  socket.destroy();
  return said;
}

describe('fourthwall ca', () => {
  it('prints and exports the certificate as PEM, with the public roots, as PKCS #12, and says where the file is', async () => {
    const pem = readFileSync(gateway.caFile, 'utf8');
    expect((await fourthwall('ca', 'print')).out.toString()).toBe(pem);
    expect((await fourthwall('ca', 'export')).out.toString()).toBe(pem);
    expect((await fourthwall('ca', 'path')).out.toString()).toBe(`${gateway.caFile}\n`);
    const bundle = (await fourthwall('ca', 'export', '--format', 'bundle')).out.toString();
    expect([bundle.includes(pem.trim()), bundle.split('BEGIN CERTIFICATE').length > 100]).toEqual([true, true]);
    const file = join(scratch, 'trust.p12');
    expect((await fourthwall('ca', 'export', '--format', 'p12', '--out', file)).code).toBe(0);
    expect((await readFile(file)).includes(new X509Certificate(pem).raw)).toBe(true);
    const hint = (await fourthwall('ca', 'export', '--format', 'install-hint')).out.toString();
    for (const word of [`NODE_EXTRA_CA_CERTS=${gateway.caFile}`, 'REQUESTS_CA_BUNDLE', 'javax.net.ssl.trustStore', 'Go', 'Ruby', 'PHP', '.NET']) expect(hint).toContain(word);
    expect((await fourthwall('ca', 'export', '--out', join(scratch, 'no', 'where'))).code).toBe(2);
  });

  it('rotates a running gateway in two steps, and who took up the new file in time trusts it throughout', async () => {
    const before = readFileSync(gateway.caFile, 'utf8');
    const first = new X509Certificate(before).fingerprint256;
    expect(await issuer('api.stripe.com', before)).toBe(first);
    expect((await fourthwall('ca', 'rotate')).out.toString()).toContain('published beside the current one');
    const both = readFileSync(gateway.caFile, 'utf8');
    expect(both.startsWith(before)).toBe(true);
    expect(await issuer('api.stripe.com', both)).toBe(first);
    expect((await fourthwall('ca', 'rotate')).out.toString()).toContain('signs with the next certificate');
    const second = await issuer('api.stripe.com', both);
    expect(second).toBe(new X509Certificate(readFileSync(gateway.caFile)).fingerprint256);
    expect(second).not.toBe(first);
    expect(await issuer('api.stripe.com', before)).toMatch(/CERT|SELF_SIGNED|UNABLE/);
    expect((await readFile(join(gateway.directory, 'data', 'ca', 'ca-bundle.pem'), 'utf8')).includes(readFileSync(gateway.caFile, 'utf8').trim())).toBe(true);
  });
});

describe('ca.hosts', () => {
  it('makes no certificate for another provider: the client hears unrecognized_name, and the call is recorded as refused', async () => {
    const pem = readFileSync(gateway.caFile, 'utf8');
    expect(await issuer('api.stripe.com', pem)).toMatch(/^[0-9A-F:]+$/);
    expect(await issuer('api.sendgrid.com', pem)).toMatch(/UNRECOGNIZED_NAME/);
    const { items } = await gateway.api<{ items: { rule: string; action: string; protocol: string }[] }>('/api/captures?host=api.sendgrid.com');
    expect(items).toEqual([expect.objectContaining({ rule: 'gateway:certificate', action: 'reject', protocol: 'connect' })]);
  });
});

it('the key of the CA is nowhere in what the control port gives', async () => {
  const pem = await readFile(join(gateway.directory, 'data', 'ca', 'ca-key.pem'), 'utf8');
  const scalar = Buffer.from(createPrivateKey(pem).export({ format: 'jwk' }).d!, 'base64url');
  for (const path of ['/ca.pem', '/ca-bundle.pem', '/ca.p12']) {
    const given = Buffer.from(await (await fetch(`${gateway.control}${path}`)).arrayBuffer());
    const binary = Buffer.concat([given, ...given.toString('latin1').split(/-----[A-Z ]+-----/).map((part) => Buffer.from(part, 'base64'))]);
    expect([given.length > 300, binary.includes('PRIVATE KEY'), binary.includes(scalar)]).toEqual([true, false, false]);
  }
});
