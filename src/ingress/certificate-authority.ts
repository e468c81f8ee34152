// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import 'reflect-metadata';
import { X509Certificate, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { certificatesOf, givenPair, keptPairs, prepareNext, promoteNext } from './ca-files.ts';
import type { KeptPairs, PemPair } from './ca-files.ts';
import { nameConstraints, nameConstraintsOid, permits } from './name-constraints.ts';

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
  /** what clients are to trust: the certificate that signs, then the next one once there is one; keys never leave this room */
  readonly certificatePem: string;
  /** SHA-256 of the certificate that signs, 'AB:CD:...' */
  readonly fingerprint: string;
  /**
   * To be called now and then: makes the next certificate 30 days before the current one ends, and signs with it from a
   * day before. Resolves with what happened. A CA that was given is never renewed by us.
   */
  renew(): Promise<Renewal>;
  /** The same without waiting: the first call publishes the next certificate, the second one signs with it. */
  rotate(): Promise<Renewal>;
  /** `host` is canonical (model/host.ts): a lower-case name or an IP literal */
  leaf(host: string): Promise<Leaf>;
  secureContext(host: string): Promise<SecureContext>;
}

export type Renewal = 'unchanged' | 'published' | 'switched';

/** A host that `ca.hosts` does not name: no certificate of ours would be good for it. */
export class OutsideConstraints extends Error {
  override readonly name = 'OutsideConstraints';
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hour = 3_600_000;
const day = 24 * hour;
/** Clients' clocks may be behind ours. It counts towards the lifetime: no leaf spans more than 24 h. */
const backdate = hour;
const caLifetime = 365 * day;
const leafLifetime = day;
const publishBefore = 30 * day;
/** a leaf with less time left than this is made anew */
const renewBefore = 6 * hour;

/**
 * Opens the CA kept in `directory` (made at the first start), or the one in `certFile` and `keyFile`.
 * Throws when it cannot be trusted: key readable by others, not a P-256 CA pair, out of its time, not constrained to `hosts`.
 * @param options.now ms since the epoch
 * @param options.hosts the CA is good for these hosts and what is below them only; null = for every host
 */
export async function openCertificateAuthority(options: {
  readonly directory: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly hosts?: readonly string[] | null;
  readonly now: () => number;
  /** how many leaves are kept, 25 KiB each */
  readonly cachedLeaves?: number;
}): Promise<CertificateAuthority> {
  const { directory, certFile, keyFile, hosts = null, now, cachedLeaves = 1_000 } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) throw new Error('a CA needs both certificate and key: give --ca-cert and --ca-key together');
  const given = certFile !== undefined && keyFile !== undefined;
  const make = (): Promise<PemPair> => makeAuthority(now(), hosts);
  let pairs: KeptPairs = given ? { current: await givenPair(certFile, keyFile), next: null } : await keptPairs(directory, make);
  if (pairs.next !== null && now() >= endOf(pairs.current) - leafLifetime) pairs = await promoteNext(directory, make);
  let signer = await openSigner(pairs.current, now(), hosts);
  const leaves = new Map<string, { readonly made: Promise<{ readonly leaf: Leaf; readonly context: SecureContext }>; readonly renewAt: number }>();
  let working: Promise<unknown> = Promise.resolve();

  async function current(host: string) {
    if (hosts !== null && !permits(hosts, host)) throw new OutsideConstraints(`ca.hosts does not name ${host}, so no certificate can be made for it`);
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

  async function publish(): Promise<Renewal> {
    pairs = await prepareNext(directory, pairs.current, make);
    return 'published';
  }

  async function switchOver(): Promise<Renewal> {
    const promoted = await promoteNext(directory, make);
    signer = await openSigner(promoted.current, now(), hosts);
    pairs = promoted;
    leaves.clear();
    return 'switched';
  }

  /** One at a time. */
  function inTurn(step: () => Promise<Renewal>): Promise<Renewal> {
    const mine = working.then(step);
    working = mine.catch(() => undefined);
    return mine;
  }

  return {
    get certificatePem() { return certificatesOf(pairs); },
    get fingerprint() { return new X509Certificate(pairs.current.certificate).fingerprint256; },
    renew: () => inTurn(async () => {
      if (given) return 'unchanged';
      const left = endOf(pairs.current) - now();
      if (pairs.next !== null) return left <= leafLifetime ? await switchOver() : 'unchanged';
      return left <= publishBefore ? await publish() : 'unchanged';
    }),
    rotate: () => inTurn(() => {
      if (given) throw new Error('the CA was given by --ca-cert and --ca-key: put another one there and start again');
      return pairs.next === null ? publish() : switchOver();
    }),
    leaf: async (host) => (await current(host)).leaf,
    secureContext: async (host) => (await current(host)).context,
  };
}

function endOf({ certificate }: PemPair): number {
  return new X509Certificate(certificate).validToDate.getTime();
}

interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
  readonly pem: string;
}

async function makeAuthority(now: number, hosts: readonly string[] | null): Promise<PemPair> {
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
      ...hosts === null ? [] : [new x509.Extension(nameConstraintsOid, true, nameConstraints(hosts))],
    ],
  }, webcrypto);
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate: `${certificate.toString('pem')}\n`, key: `${key}\n` };
}

async function openSigner(pair: PemPair, now: number, hosts: readonly string[] | null): Promise<Signer> {
  const facts = new X509Certificate(pair.certificate);
  const key = createPrivateKey(pair.key);
  if (!facts.ca) throw new Error(`the CA certificate "${facts.subject}" is not a CA: its basicConstraints must say CA:TRUE`);
  if (!facts.checkPrivateKey(key)) throw new Error(`the CA key does not belong to the CA certificate "${facts.subject}"`);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('the CA key is not EC P-256: make one with that curve');
  if (now < facts.validFromDate.getTime() || now >= facts.validToDate.getTime()) {
    throw new Error(`the CA certificate "${facts.subject}" is valid from ${facts.validFrom} to ${facts.validTo} and it is ${new Date(now).toUTCString()}: ` +
      'remove the CA files to have a new one made, then install it where the old one was trusted');
  }
  const certificate = new x509.X509Certificate(pair.certificate);
  const constraints = certificate.getExtension(nameConstraintsOid);
  // Without them whoever steals the key can still be any bank to every client.
  if (hosts !== null && (constraints === null || !nameConstraints(hosts).equals(Buffer.from(constraints.value)))) {
    throw new Error(`the CA certificate "${facts.subject}" is not constrained to the hosts in ca.hosts of gateway.yaml: ` +
      'remove the CA files to have a new one made, then install it where the old one was trusted; or take ca.hosts back to what it was');
  }
  return {
    certificate,
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
    // RFC 5280 bounds a common name to 64 characters; clients read the SAN. An address there is a DNS name to OpenSSL's name constraints.
    subject: [{ CN: [host.length <= 64 && isIP(host) === 0 ? host : 'fourthwall'] }],
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
