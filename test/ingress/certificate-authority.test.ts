import { execFile } from 'node:child_process';
import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-11-21T12:00:00Z');
let directory: string;
let keyFile: string;
beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'fourthwall-ca-')), 'ca');
  keyFile = path.join(directory, 'ca-key.pem');
});
afterEach(async () => {
  await rm(path.dirname(directory), { recursive: true });
});
const open = (now = start) => openCertificateAuthority({ directory, now: () => now });
const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

describe('the CA', () => {
  it('is made once, key and directory closed to others, and found again', async () => {
    const first = await open();
    expect([await mode(directory), await mode(keyFile), (await readdir(directory)).sort()]).toEqual(['700', '600', ['ca-key.pem', 'ca.pem']]);
    expect(await readFile(path.join(directory, 'ca.pem'), 'utf8')).toBe(first.certificatePem);
    expect((await open()).fingerprint).toBe(first.fingerprint);
  });

  it('is one for all who start together', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => open()));
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(['ca-key.pem', 'ca.pem']);
  });

  it('signs leaves only, for 365 days, and shows no key', async () => {
    const ca = await open();
    const certificate = new X509Certificate(ca.certificatePem);
    expect([certificate.ca, certificate.fingerprint256, ca.certificatePem.includes('PRIVATE')]).toEqual([true, ca.fingerprint, false]);
    expect(certificate.validToDate.getTime() - certificate.validFromDate.getTime()).toBe(365 * day);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it.each([[0o640], [0o604], [0o660]])('is refused when its key has mode %o', async (open_) => {
    await open();
    await chmod(keyFile, open_);
    await expect(open()).rejects.toThrow(/mode 6[0-9]{2}: others may read/);
  });

  it('is refused when its key is a link, cut short or another CA\'s', async () => {
    const other = await openCertificateAuthority({ directory: `${directory}-other`, now: () => start });
    await open();
    const text = await readFile(keyFile, 'utf8');
    await writeFile(keyFile, text.slice(0, text.length / 2));
    await expect(open()).rejects.toThrow(/does not hold one private key and one certificate/);
    await writeFile(keyFile, text.replace(/-----BEGIN CERTIFICATE-----[^]*/, other.certificatePem));
    await expect(open()).rejects.toThrow(/does not belong to the CA certificate/);
    await rm(keyFile);
    await symlink(`${directory}-other/ca-key.pem`, keyFile);
    await expect(open()).rejects.toThrow(/not a plain file/);
  });

  it('is refused out of its time', async () => {
    await open();
    await expect(open(start + 366 * day)).rejects.toThrow(/is valid from .* remove the CA files/);
  });

  it('closes its directory where it stood open', async () => {
    await mkdir(directory, { mode: 0o755 });
    await open();
    expect(await mode(directory)).toBe('700');
  });

  it('publishes its certificate anew where that was changed', async () => {
    const ca = await open();
    await writeFile(path.join(directory, 'ca.pem'), 'another');
    await open();
    expect(await readFile(path.join(directory, 'ca.pem'), 'utf8')).toBe(ca.certificatePem);
  });
});

const given = async (certificate: string, key: string, keyMode = 0o600) => {
  await mkdir(directory, { recursive: true });
  const [certFile, givenKey] = [path.join(directory, 'given.pem'), path.join(directory, 'given-key.pem')];
  await writeFile(certFile, certificate);
  await writeFile(givenKey, key);
  await chmod(givenKey, keyMode);
  return openCertificateAuthority({ directory: path.join(directory, 'unused'), certFile, keyFile: givenKey, now: () => start });
};

describe('a CA that is given', () => {
  it('is used, and none is made', async () => {
    const ours = await open();
    const ca = await given(ours.certificatePem, await readFile(keyFile, 'utf8'));
    expect(ca.fingerprint).toBe(ours.fingerprint);
    await expect(access(path.join(directory, 'unused'))).rejects.toThrow('ENOENT');
  });

  it('is refused when others may read its key, when it is no CA, when its key is no P-256, and when half is missing', async () => {
    const ours = await open();
    const key = await readFile(keyFile, 'utf8');
    const leaf = await ours.leaf('api.stripe.com');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    await expect(given(ours.certificatePem, key, 0o640)).rejects.toThrow(/others may read/);
    await expect(given(leaf.cert, leaf.key)).rejects.toThrow(/is not a CA/);
    await expect(given(ours.certificatePem, rsa)).rejects.toThrow(/does not belong/);
    await expect(openCertificateAuthority({ directory, certFile: 'x', now: () => start })).rejects.toThrow(/--ca-cert and --ca-key together/);
  });
});

describe('a leaf', () => {
  it.each([['api.stripe.com', 'DNS:api.stripe.com'], ['203.0.113.9', 'IP Address:203.0.113.9'], ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'], [`${'a'.repeat(60)}.example.com`, `DNS:${'a'.repeat(60)}.example.com`]])('for %s names it and nothing else, for 24 hours', async (host, name) => {
    const ca = await open();
    const certificate = new X509Certificate((await ca.leaf(host)).cert);
    expect([certificate.subjectAltName, certificate.ca, certificate.keyUsage]).toEqual([name, false, ['1.3.6.1.5.5.7.3.1']]);
    expect(certificate.validToDate.getTime() - certificate.validFromDate.getTime()).toBe(day);
    expect(certificate.validFromDate.getTime()).toBeLessThan(start);
    expect(certificate.checkIssued(new X509Certificate(ca.certificatePem)) && certificate.verify(new X509Certificate(ca.certificatePem).publicKey)).toBe(true);
    expect(certificate.serialNumber.length).toBe(32);
  });

  it('is kept, renewed before it ends, and never outlives the CA', async () => {
    let now = start;
    const ca = await openCertificateAuthority({ directory, now: () => now });
    const first = await ca.leaf('a.test');
    now += 16 * hour;
    expect(await ca.leaf('a.test')).toBe(first);
    now += 2 * hour;
    const second = await ca.leaf('a.test');
    expect(second).not.toBe(first);
    now = start + 365 * day - 2 * hour;
    expect(new X509Certificate((await ca.leaf('b.test')).cert).validToDate).toEqual(new X509Certificate(ca.certificatePem).validToDate);
  });

  it('is made once for many who ask together, and the least used goes when there are too many', async () => {
    const ca = await openCertificateAuthority({ directory, now: () => start, cachedLeaves: 3 });
    const [one, same] = await Promise.all([ca.leaf('one.test'), ca.leaf('one.test')]);
    expect(same).toBe(one);
    const two = await ca.leaf('two.test');
    await ca.leaf('three.test');
    expect(await ca.leaf('one.test')).toBe(one);
    await ca.leaf('four.test');
    expect(await ca.leaf('one.test')).toBe(one);
    expect(await ca.leaf('two.test')).not.toBe(two);
  });

  const openssl = access('/usr/bin/openssl').then(() => true, () => false);
  it('stands the strict check of OpenSSL, and another host does not', async ({ skip }) => {
    if (!(await openssl)) skip('openssl is not installed here');
    const ca = await open();
    const leafFile = path.join(directory, 'leaf.pem');
    await writeFile(leafFile, (await ca.leaf('api.stripe.com')).cert);
    const verify = (host: string) => promisify(execFile)('/usr/bin/openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-attime', String(start / 1000), '-verify_hostname', host, '-CAfile', path.join(directory, 'ca.pem'), leafFile]);
    expect((await verify('api.stripe.com')).stdout).toContain('OK');
    await expect(verify('bank.example')).rejects.toThrow('ostname mismatch');
  });
});
