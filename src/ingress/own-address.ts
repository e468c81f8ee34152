import { hostname, networkInterfaces } from 'node:os';
import type { Authority } from '../model/exchange.ts';
import { formatIp, parseIp } from '../model/ip.ts';

/**
 * Does this name one of our own listeners? A proxy that can be asked for its own control port is a way round every
 * localhost-only guard (mitmproxy CVE-2025-23217). Names that only DNS knows are the dialer's part: it sees the address.
 */
export function isOwn(authority: Authority, own: readonly Authority[]): boolean {
  const listeners = own.filter(({ port }) => port === authority.port);
  return listeners.length > 0 && (listeners.some(({ host }) => host === authority.host) || isThisMachine(authority.host));
}

/** A name or address by which this machine can be reached from itself. */
export function isThisMachine(host: string): boolean {
  const address = parseIp(host);
  if (address === null) return host === 'localhost' || host.endsWith('.localhost') || host === hostname().toLowerCase();
  const plain = unmapped(address);
  if (plain.length === 4 ? plain[0] === 127 || plain.every((byte) => byte === 0) : plain.slice(0, 15).every((byte) => byte === 0)) return true;
  const text = formatIp(plain);
  // An interface's link-local address carries its zone.
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => formatIp(parseIp(one.address.split('%')[0] ?? '') ?? []) === text));
}

/** ::ffff:127.0.0.1 is 127.0.0.1 */
function unmapped(address: readonly number[]): readonly number[] {
  const mapped = address.length === 16 && address.slice(0, 10).every((byte) => byte === 0) && address[10] === 255 && address[11] === 255;
  return mapped ? address.slice(12) : address;
}
