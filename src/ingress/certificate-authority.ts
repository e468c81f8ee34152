// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import 'reflect-metadata';
import { X509Certificate, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { givenPair, keptPair } from './ca-files.ts';
import type { PemPair } from './ca-files.ts';

/** A leaf for one host, with the authority's certificate appended: what a TLS server is given. */
export interface Leaf {
  /** PEM, leaf first */
  readonly cert: string;
  /** PEM, PKCS #8 */
  readonly key: string;
}

/**
 * Our certificate authority. Ask for a leaf only after the decision allowed the host: every call may cost a signature and a
 * place in the cache.
 */
export interface CertificateAuthority {
  /** the CA's certificate alone; the key never leaves this room */
  readonly certificatePem: string;
  /** SHA-256 of the certificate, 'AB:CD:...' */
  readonly fingerprint: string;
  /** `host` is canonical (model/host.ts): a lower-case name or an IP literal */
  leaf(host: string): Promise<Leaf>;
  secureContext(host: string): Promise<SecureContext>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hour = 3_600_000;
const day = 24 * hour;
/** Clients' clocks may be behind ours. It counts towards the lifetime: no leaf spans more than 24 h. */
const backdate = hour;
const caLifetime = 365 * day;
const leafLifetime = day;
/** a leaf with less time left than this is made anew */
const renewBefore = 6 * hour;

/**
 * Opens the CA kept in `directory` (made at the first start), or the one in `certFile` and `keyFile`.
 * Throws when it cannot be trusted: key readable by others, not a P-256 CA pair, out of its time.
 * @param options.now ms since the epoch
 */
export async function openCertificateAuthority(options: {
  readonly directory: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly now: () => number;
  /** how many leaves are kept, 25 KiB each */
  readonly cachedLeaves?: number;
}): Promise<CertificateAuthority> {
  const { certFile, keyFile, now, cachedLeaves = 1_000 } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) throw new Error('a CA needs both certificate and key: give --ca-cert and --ca-key together');
  const pair = certFile !== undefined && keyFile !== undefined
    ? await givenPair(certFile, keyFile)
    : await keptPair(options.directory, () => makeAuthority(now()));
  const signer = await openSigner(pair, now());
  const leaves = new Map<string, { readonly made: Promise<{ readonly leaf: Leaf; readonly context: SecureContext }>; readonly renewAt: number }>();

  function current(host: string) {
    const cached = leaves.get(host);
    leaves.delete(host);
    if (cached !== undefined && now() < cached.renewAt) {
      leaves.set(host, cached);
      return cached.made;
    }
    const made = makeLeaf(host, signer, now()).then((leaf) => ({ leaf, context: createSecureContext({ ...leaf, minVersion: 'TLSv1.2' }) }));
    // A failed signature is not kept: the next call tries again.
    made.catch(() => leaves.delete(host));
    leaves.set(host, { made, renewAt: now() - backdate + leafLifetime - renewBefore });
    const oldest = leaves.keys().next().value;
    if (leaves.size > cachedLeaves && oldest !== undefined) leaves.delete(oldest);
    return made;
  }

  return {
    certificatePem: pair.certificate,
    fingerprint: new X509Certificate(pair.certificate).fingerprint256,
    leaf: async (host) => (await current(host)).leaf,
    secureContext: async (host) => (await current(host)).context,
  };
}

interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
  readonly pem: string;
}

async function makeAuthority(now: number): Promise<PemPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // The suffix tells two installations apart in a trust store.
    name: [{ CN: [`Fourthwall staging CA ${randomBytes(4).toString('hex')}`] }, { O: ['Fourthwall, not for production'] }],
    notBefore: new Date(now - backdate),
    notAfter: new Date(now - backdate + caLifetime),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  }, webcrypto);
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate: `${certificate.toString('pem')}\n`, key: `${key}\n` };
}

async function openSigner(pair: PemPair, now: number): Promise<Signer> {
  const facts = new X509Certificate(pair.certificate);
  const key = createPrivateKey(pair.key);
  if (!facts.ca) throw new Error(`the CA certificate "${facts.subject}" is not a CA: its basicConstraints must say CA:TRUE`);
  if (!facts.checkPrivateKey(key)) throw new Error(`the CA key does not belong to the CA certificate "${facts.subject}"`);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('the CA key is not EC P-256: make one with that curve');
  if (now < facts.validFromDate.getTime() || now >= facts.validToDate.getTime()) {
    throw new Error(`the CA certificate "${facts.subject}" is valid from ${facts.validFrom} to ${facts.validTo} and it is ${new Date(now).toUTCString()}: ` +
      'remove the CA files to have a new one made, then install it where the old one was trusted');
  }
  return {
    certificate: new x509.X509Certificate(pair.certificate),
    key: await webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), algorithm, false, ['sign']),
    pem: pair.certificate,
  };
}

async function makeLeaf(host: string, signer: Signer, now: number): Promise<Leaf> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = Math.max(now - backdate, signer.certificate.notBefore.getTime());
  const notAfter = Math.min(now - backdate + leafLifetime, signer.certificate.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // RFC 5280 bounds a common name to 64 characters; clients read the SAN.
    subject: [{ CN: [host.length <= 64 ? host : 'fourthwall'] }],
    issuer: signer.certificate.subjectName,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    publicKey: keys.publicKey,
    signingKey: signer.key,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], false),
      new x509.SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }], false),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await authorityKeyIdentifier(signer.certificate),
    ],
  }, webcrypto);
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { cert: `${certificate.toString('pem')}\n${signer.pem}`, key };
}

/** Copied from the CA's own identifier where it has one: another would break the chain for strict verifiers. */
async function authorityKeyIdentifier(ca: x509.X509Certificate): Promise<x509.Extension> {
  const identifier = ca.getExtension(x509.SubjectKeyIdentifierExtension);
  return identifier === null
    ? await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey, false, webcrypto)
    : new x509.AuthorityKeyIdentifierExtension(identifier.keyId, false);
}

/** 127 random bits, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f | 0x40;
  return bytes.toString('hex');
}
