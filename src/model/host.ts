import { formatIp, parseIpv4, parseIpv6 } from './ip.ts';

export type Host =
  | { readonly kind: 'name'; readonly host: string }
  | { readonly kind: 'ip'; readonly host: string }
  | { readonly kind: 'invalid'; readonly why: string };

export type ParsedAuthority =
  | { readonly kind: 'authority'; readonly host: string; readonly port: number }
  | { readonly kind: 'invalid'; readonly why: string };

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one canonical host of everything that names one: CONNECT, SNI, Host, :authority, configuration. ASCII letters are
 * lowered (a caller that wants lower case only compares the result with its text), an IPv6 literal loses its brackets and takes its RFC 5952 spelling; nothing else is repaired. Names are
 * letters-digits-hyphen labels; a name in another script has to arrive as A-labels. One trailing dot is taken off: it names
 * the same host (RFC 1034 3.1). Whatever some resolver would read as an IP number is refused (`0x7f.1`, `017700000001`).
 */
export function parseHost(text: string): Host {
  if (text === '') return invalid('is empty');
  if (/[^\x21-\x7e]/.test(text)) return invalid('has a blank, a control character or a character outside ASCII (use the xn-- form)');
  if (text.startsWith('[') && text.endsWith(']')) return ipv6(text.slice(1, -1));
  if (text.includes(':')) return ipv6(text);
  const ipv4 = parseIpv4(text);
  if (ipv4 !== null) return { kind: 'ip', host: formatIp(ipv4) };
  if (text.includes('@')) return invalid('has user information before the host');
  if (text.length > 253) return invalid('is longer than 253 characters');
  const host = text.toLowerCase().replace(/\.$/, '');
  const labels = host.split('.');
  if (!labels.every((part) => label.test(part))) return invalid('is not letters, digits and hyphens between single dots');
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return invalid('is a number that some resolvers read as an address');
  return { kind: 'name', host };
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`. The port is 1 to 65535 without leading zeros. */
export function parseAuthority(text: string, defaultPort: number): ParsedAuthority {
  const split = /^(\[[^[\]]*\]|[^[\]:]*)(?::([0-9]*))?$/.exec(text);
  if (split === null) return { kind: 'invalid', why: 'is not host or host:port' };
  const host = parseHost(split[1] ?? '');
  if (host.kind === 'invalid') return host;
  if (split[2] === undefined) return { kind: 'authority', host: host.host, port: defaultPort };
  if (!/^[1-9][0-9]{0,4}$/.test(split[2]) || Number(split[2]) > 65535) return { kind: 'invalid', why: 'has a port that is not 1 to 65535' };
  return { kind: 'authority', host: host.host, port: Number(split[2]) };
}

/** An authority or target that could not be read, quoted for people: never the user information before its `@`, nor a query. */
export function shownTarget(text: string): string {
  const named = text.split('?', 1)[0] ?? '';
  return JSON.stringify(named.includes('@') ? `...@${named.slice(named.lastIndexOf('@') + 1)}` : named);
}

function ipv6(text: string): Host {
  const bytes = parseIpv6(text);
  return bytes === null ? invalid('is not an IPv6 address, and a name has no colon') : { kind: 'ip', host: formatIp(bytes) };
}

function invalid(why: string): { readonly kind: 'invalid'; readonly why: string } {
  return { kind: 'invalid', why };
}
