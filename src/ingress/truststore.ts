import { createHash, createHmac, randomBytes } from 'node:crypto';
import { X509Certificate } from 'node:crypto';
import { der, integer, octets, oid, sequence, setOf, tagged } from './der.ts';

/** Certificates are public: the password only satisfies programs that insist on one. Java's own default. */
export const truststorePassword = 'changeit';
const iterations = 10_000;

const data = '1.2.840.113549.1.7.1';
const certBag = '1.2.840.113549.1.12.10.1.3';
const x509Certificate = '1.2.840.113549.1.9.22.1';
const friendlyName = '1.2.840.113549.1.9.20';
/** by this attribute Java knows a certificate that is trusted, from one that only belongs to a key */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1';
const anyExtendedKeyUsage = '2.5.29.37.0';
const sha256 = '2.16.840.1.101.3.4.2.1';

/**
 * A PKCS #12 truststore (RFC 7292) for Java and .NET: the certificates in the clear, protected by an HMAC-SHA-256 under
 * `truststorePassword`.
 * @param certificates PEM, one or more
 */
export function truststore(certificates: string, salt: Buffer = randomBytes(20)): Buffer {
  const bags = [...certificates.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(([pem], at) => sequence(
    oid(certBag),
    tagged(0, sequence(oid(x509Certificate), tagged(0, octets(new X509Certificate(pem).raw)))),
    setOf(
      sequence(oid(friendlyName), setOf(der(0x1e, utf16(`fourthwall${at === 0 ? '' : `-${at + 1}`}`)))),
      sequence(oid(trustedKeyUsage), setOf(oid(anyExtendedKeyUsage))),
    ),
  ));
  const safes = sequence(contentInfo(sequence(...bags)));
  const mac = createHmac('sha256', macKey(truststorePassword, salt)).update(safes).digest();
  return sequence(
    integer(3),
    contentInfo(safes),
    sequence(sequence(sequence(oid(sha256), der(0x05)), octets(mac)), octets(salt), integer(iterations)),
  );
}

function contentInfo(content: Buffer): Buffer {
  return sequence(oid(data), tagged(0, octets(content)));
}

/** RFC 7292 appendix B.2 with ID 3. The key is as long as one digest, so the first block is all of it. */
function macKey(password: string, salt: Buffer): Buffer {
  const block = 64;
  const fill = (bytes: Buffer): Buffer => Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
  let digest = Buffer.concat([Buffer.alloc(block, 3), fill(salt), fill(Buffer.concat([utf16(password), Buffer.alloc(2)]))]);
  for (let round = 0; round < iterations; round += 1) digest = createHash('sha256').update(digest).digest();
  return digest;
}

/** BMPString: UTF-16, big end first */
function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
