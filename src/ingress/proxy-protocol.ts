import { isIP } from 'node:net';

/** What a load balancer says about the connection it hands on. */
export type ProxyHeader =
  /** the client behind it */
  | { readonly kind: 'proxied'; readonly address: string; readonly port: number; readonly length: number }
  /** the balancer's own connection (health check), or one of no internet family: whoever connects is the client */
  | { readonly kind: 'local'; readonly length: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed'; readonly why: string };

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const fixedLength = 16;
/** Addresses and extensions; real ones stay under 536 (the specification's own bound for what fits one segment). */
const mostLength = 2_048;

/**
 * PROXY protocol version 2 (haproxy.org/download/3.2/doc/proxy-protocol.txt §2.2), strictly: the text form, another version,
 * another command, another transport than TCP and a length that does not fit are malformed. Extensions (TLV) are skipped,
 * but each must end where the header ends.
 * @returns `length`: bytes of the header; what follows is the client's own
 */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  const begun = Math.min(bytes.length, signature.length);
  if (!bytes.subarray(0, begun).equals(signature.subarray(0, begun))) return malformed('the connection does not begin with a PROXY v2 header');
  if (bytes.length < fixedLength) return { kind: 'incomplete' };
  const [versionCommand = 0, family = 0] = bytes.subarray(12);
  const length = bytes.readUInt16BE(14);
  if (versionCommand >> 4 !== 2) return malformed(`version ${versionCommand >> 4}, only 2 is taken`);
  const command = versionCommand & 0x0f;
  if (command > 1) return malformed(`command ${command}, only LOCAL and PROXY are known`);
  if (length > mostLength) return malformed(`${length} bytes of addresses, at most ${mostLength} are taken`);
  if (bytes.length < fixedLength + length) return { kind: 'incomplete' };
  const body = bytes.subarray(fixedLength, fixedLength + length);
  const whole = fixedLength + length;
  // For LOCAL the receiver must ignore what the addresses say.
  if (command === 0) return { kind: 'local', length: whole };
  const addresses = { 0x11: 12, 0x21: 36 }[family];
  if (addresses === undefined) return family === 0 ? { kind: 'local', length: whole } : malformed(`family and transport 0x${family.toString(16).padStart(2, '0')}, only TCP over IPv4 or IPv6 is taken`);
  if (length < addresses) return malformed(`${length} bytes where the addresses alone need ${addresses}`);
  if (!wholeExtensions(body.subarray(addresses))) return malformed('an extension does not end where the header ends');
  const address = family === 0x11 ? body.subarray(0, 4).join('.') : ipv6(body.subarray(0, 16));
  if (isIP(address) === 0) return malformed('no source address');
  return { kind: 'proxied', address, port: body.readUInt16BE(addresses - 4), length: whole };
}

/** Each is a type, a length of two bytes and a value. */
function wholeExtensions(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 3) return false;
    at += 3 + bytes.readUInt16BE(at + 1);
  }
  return at === bytes.length;
}

/** A mapped IPv4 address is that IPv4 address (RFC 4291 §2.5.5.2). */
function ipv6(bytes: Buffer): string {
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, n) => bytes.readUInt16BE(2 * n).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function malformed(why: string): ProxyHeader {
  return { kind: 'malformed', why };
}
