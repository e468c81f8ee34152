import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import { permits } from '../../src/ingress/name-constraints.ts';
import { truststore, truststorePassword } from '../../src/ingress/truststore.ts';

const day = 86_400_000;
const start = Date.parse('2026-11-21T12:00:00Z');
let directory: string;
beforeEach(async () => { directory = path.join(await mkdtemp(path.join(tmpdir(), 'fourthwall-ca-')), 'ca'); });
afterEach(() => rm(path.dirname(directory), { recursive: true }));

const certificatesIn = (pem: string): readonly X509Certificate[] => pem.split(/(?<=-----END CERTIFICATE-----\n)/).filter((part) => part.includes('BEGIN')).map((part) => new X509Certificate(part));
const published = async (): Promise<readonly string[]> => certificatesIn(await readFile(path.join(directory, 'ca.pem'), 'utf8')).map(({ fingerprint256 }) => fingerprint256);
const execute = promisify(execFile);
const openssl = access('/usr/bin/openssl').then(() => true, () => false);

describe('the CA over its life', () => {
  it('publishes the next certificate 30 days early, signs with it from a day before the end, and every leaf is trusted throughout', async () => {
    let now = start;
    const ca = await openCertificateAuthority({ directory, now: () => now });
    const first = ca.fingerprint;
    now = start + 334 * day;
    expect([await ca.renew(), await published()]).toEqual(['unchanged', [first]]);
    now = start + 335 * day;
    expect(await ca.renew()).toBe('published');
    expect(await ca.renew()).toBe('unchanged');
    const [, second] = await published();
    expect([await published(), ca.fingerprint, certificatesIn(ca.certificatePem).length]).toEqual([[first, second], first, 2]);
    const trustedThen = certificatesIn(ca.certificatePem);
    expect(new X509Certificate((await ca.leaf('a.test')).cert).verify(trustedThen[0]!.publicKey)).toBe(true);
    now = start + 364 * day;
    expect(await ca.renew()).toBe('switched');
    expect([ca.fingerprint, await published(), (await readdir(directory)).sort()]).toEqual([second, [second], ['ca-key.pem', 'ca.pem']]);
    const leaf = new X509Certificate((await ca.leaf('a.test')).cert);
    expect([leaf.verify(trustedThen[1]!.publicKey), leaf.validToDate.getTime() - leaf.validFromDate.getTime()]).toEqual([true, day]);
    expect((await openCertificateAuthority({ directory, now: () => now })).fingerprint).toBe(second);
  });

  it('that was stopped over the change goes on with the next certificate', async () => {
    let now = start;
    const ca = await openCertificateAuthority({ directory, now: () => now });
    now += 340 * day;
    await ca.renew();
    now += 60 * day;
    const later = await openCertificateAuthority({ directory, now: () => now });
    expect([later.fingerprint, await published()]).toEqual([certificatesIn(ca.certificatePem)[1]!.fingerprint256, [later.fingerprint]]);
  });

  it('rotates when told: once to publish, again to switch', async () => {
    const ca = await openCertificateAuthority({ directory, now: () => start });
    const first = ca.fingerprint;
    const before = await ca.leaf('a.test');
    expect([await ca.rotate(), ca.fingerprint, await ca.leaf('a.test')]).toEqual(['published', first, before]);
    expect(await ca.rotate()).toBe('switched');
    expect(ca.fingerprint).not.toBe(first);
    expect(await ca.leaf('a.test')).not.toBe(before);
  });

  it('makes one next certificate for two gateways on one directory', async () => {
    const now = (): number => start;
    const [one, two] = [await openCertificateAuthority({ directory, now }), await openCertificateAuthority({ directory, now })];
    await Promise.all([one.rotate(), two.rotate()]);
    expect(one.certificatePem).toBe(two.certificatePem);
    await Promise.all([one.rotate(), two.rotate()]);
    expect(one.fingerprint).toBe(two.fingerprint);
  });

  it('that was given is never changed', async () => {
    const own = await openCertificateAuthority({ directory, now: () => start });
    const certFile = path.join(directory, 'ca.pem');
    let now = start;
    const ca = await openCertificateAuthority({ directory: `${directory}-none`, certFile, keyFile: path.join(directory, 'ca-key.pem'), now: () => now });
    now += 360 * day;
    expect([await ca.renew(), ca.fingerprint]).toEqual(['unchanged', own.fingerprint]);
    await expect(ca.rotate()).rejects.toThrow(/given by --ca-cert/);
  });
});

describe('a CA with ca.hosts', () => {
  const hosts = ['stripe.com', '10.4.0.2'];

  it('makes no leaf for any other host', async () => {
    const ca = await openCertificateAuthority({ directory, hosts, now: () => start });
    for (const host of ['stripe.com', 'api.stripe.com', 'localhost', 'fourthwall.localhost', '127.0.0.1', '::1', '10.4.0.2']) expect((await ca.leaf(host)).cert).toContain('BEGIN');
    for (const host of ['bank.example', 'xstripe.com', 'stripe.com.bank.example', 'com', '10.4.0.3', '2001:db8::1']) await expect(ca.leaf(host)).rejects.toThrow(/ca\.hosts does not name/);
    expect(permits(hosts, 'api.stripe.com')).toBe(true);
  });

  it('refuses to go on with a certificate that is constrained otherwise or not at all', async () => {
    await openCertificateAuthority({ directory, now: () => start });
    await expect(openCertificateAuthority({ directory, hosts, now: () => start })).rejects.toThrow(/not constrained to the hosts in ca\.hosts/);
    const other = `${directory}-other`;
    await openCertificateAuthority({ directory: other, hosts, now: () => start });
    await expect(openCertificateAuthority({ directory: other, hosts: ['twilio.com'], now: () => start })).rejects.toThrow(/not constrained/);
    expect((await openCertificateAuthority({ directory: other, hosts, now: () => start })).certificatePem).toContain('BEGIN');
  });

  /** What a thief of the key could do: the same key and certificate, without our own refusal to sign. */
  async function stolen(host: string): Promise<{ readonly cert: string; readonly key: string; readonly ca: string }> {
    const ca = await openCertificateAuthority({ directory, hosts, now: Date.now });
    const thief = await openCertificateAuthority({ directory, now: Date.now });
    return { ...(await thief.leaf(host)), ca: ca.certificatePem };
  }

  async function nodeAccepts(host: string): Promise<string> {
    const { cert, key, ca } = await stolen(host);
    const server = createServer({ cert, key }, (socket) => socket.end());
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, servername: host, ca });
    const said = await once(client, 'secureConnect').then(() => 'accepted', (error: Error) => error.message);
    client.destroy();
    server.close();
    return said;
  }

  it('is of no use for a bank even to who steals the key: Node refuses the leaf', async () => {
    expect(await nodeAccepts('api.stripe.com')).toBe('accepted');
    expect(await nodeAccepts('bank.example')).toContain('permitted subtree violation');
  });

  it('and OpenSSL refuses it too, names and addresses alike', async ({ skip }) => {
    if (!(await openssl)) skip('openssl is not installed here');
    const verify = async (host: string): Promise<string> => {
      const { cert } = await stolen(host);
      const file = path.join(directory, 'leaf.pem');
      await writeFile(file, cert);
      return execute('/usr/bin/openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', path.join(directory, 'ca.pem'), file]).then(({ stdout }) => stdout, (error: { stderr: string }) => error.stderr);
    };
    for (const host of ['api.stripe.com', 'localhost', '127.0.0.1', '10.4.0.2']) expect(await verify(host)).toContain('OK');
    for (const host of ['bank.example', '10.4.0.3', '2001:db8::1']) expect(await verify(host)).toContain('permitted subtree violation');
  });
});

describe('the truststore', () => {
  it('is read by OpenSSL: the certificates, under the password', async ({ skip }) => {
    if (!(await openssl)) skip('openssl is not installed here');
    const ca = await openCertificateAuthority({ directory, now: () => start });
    await ca.rotate();
    const file = path.join(directory, 'fourthwall.p12');
    await writeFile(file, truststore(ca.certificatePem));
    const { stdout } = await execute('/usr/bin/openssl', ['pkcs12', '-in', file, '-nokeys', '-passin', `pass:${truststorePassword}`]);
    expect(certificatesIn(stdout.replace(/^(?!-----|[A-Za-z0-9+/=]+$).*\n/gm, '')).map(({ fingerprint256 }) => fingerprint256)).toEqual(certificatesIn(ca.certificatePem).map(({ fingerprint256 }) => fingerprint256));
    expect(stdout).toContain('friendlyName: fourthwall');
    await expect(execute('/usr/bin/openssl', ['pkcs12', '-in', file, '-nokeys', '-passin', 'pass:wrong'])).rejects.toThrow(/verify error|invalid password/i);
  });
});
