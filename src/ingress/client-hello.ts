/** What a TLS ClientHello says in clear (RFC 8446 §4.1.2, RFC 6066 §3). */
export type ClientHello =
  | { readonly kind: 'hello'; readonly serverName: string | null }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid'; readonly why: string };

/** First byte of a TLS handshake record. */
export const tlsHandshake = 0x16;

/** A hello with post-quantum key shares has about 2 KiB; OpenSSL takes 16 KiB. */
const longestHello = 16 * 1024;

/**
 * Reads the server name before TLS starts, so that a refused host costs no certificate and gets the right alert. It decides
 * nothing alone: after the handshake the name OpenSSL read must be the same.
 */
export function parseClientHello(bytes: Buffer): ClientHello {
  const parts: Buffer[] = [];
  let length = 0;
  // A hello may span records: put their fragments together.
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== tlsHandshake) return invalid('a record that is no handshake record');
    if (bytes.length < at + 5) return { kind: 'incomplete' };
    if (bytes[at + 1] !== 3) return invalid('a record version that is not TLS');
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0 || size > 0x4000) return invalid('a record of impossible length');
    const fragment = bytes.subarray(at + 5, at + 5 + size);
    parts.push(fragment);
    length += fragment.length;
    const wanted = handshakeSize(parts);
    if (wanted !== null && wanted > longestHello) return invalid('a hello longer than 16 KiB');
    if (wanted !== null && length >= wanted) return parseBody(Buffer.concat(parts).subarray(0, wanted));
    at += 5 + size;
  }
  return { kind: 'incomplete' };
}

function handshakeSize(parts: readonly Buffer[]): number | null {
  const start = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  return start === undefined || start.length < 4 ? null : 4 + start.readUIntBE(1, 3);
}

function parseBody(hello: Buffer): ClientHello {
  try {
    return { kind: 'hello', serverName: serverNameOf(hello) };
  } catch (error) {
    // Buffer reads past the end throw RangeError: the lengths inside the hello lie.
    return invalid(error instanceof Malformed ? error.message : 'lengths that do not fit together');
  }
}

class Malformed extends Error {}

function serverNameOf(hello: Buffer): string | null {
  if (hello[0] !== 1) throw new Malformed('a handshake message that is no ClientHello');
  let at = 4 + 2 + 32;
  at += 1 + hello.readUInt8(at); // session id
  at += 2 + hello.readUInt16BE(at); // cipher suites
  at += 1 + hello.readUInt8(at); // compression methods
  if (at === hello.length) return null;
  const end = at + 2 + hello.readUInt16BE(at);
  if (end !== hello.length) throw new Malformed('extensions that do not end with the hello');
  let name: string | null = null;
  for (at += 2; at < end;) {
    const type = hello.readUInt16BE(at);
    const size = hello.readUInt16BE(at + 2);
    if (at + 4 + size > end) throw new Malformed('an extension longer than the hello');
    if (type === 0) {
      if (name !== null) throw new Malformed('two server_name extensions');
      name = nameIn(hello.subarray(at + 4, at + 4 + size));
    }
    at += 4 + size;
  }
  return name;
}

/** One name of type host_name; RFC 6066 allows no second of the same type. */
function nameIn(extension: Buffer): string {
  const listSize = extension.readUInt16BE(0);
  const nameSize = extension.readUInt16BE(3);
  if (extension.readUInt8(2) !== 0 || listSize !== extension.length - 2 || nameSize !== listSize - 3 || nameSize === 0) {
    throw new Malformed('a server_name that is not one host name');
  }
  return extension.toString('latin1', 5);
}

function invalid(why: string): ClientHello {
  return { kind: 'invalid', why };
}

/** Fatal alerts as plain records: before the ServerHello nothing is encrypted (RFC 8446 §6). */
export const alert = {
  decodeError: Buffer.from([0x15, 3, 3, 0, 2, 2, 50]),
  unrecognizedName: Buffer.from([0x15, 3, 3, 0, 2, 2, 112]),
} as const;
