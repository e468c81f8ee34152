import { isIP } from 'node:net';
import { parseIp } from '../model/ip.ts';
import { der, sequence, tagged } from './der.ts';

/** this machine: our own name in SMTP greetings, and clients that dial a port of ours by address */
const ownName = 'localhost';
const ownAddresses = [{ address: '127.0.0.0', bits: 8 }, { address: '::1', bits: 128 }] as const;

export const nameConstraintsOid = '2.5.29.30';

/**
 * NameConstraints (RFC 5280 §4.2.1.10) that permit these hosts, what is below them, and this machine. A subtree of DNS
 * names holds the name itself and everything below. Addresses are always constrained too: otherwise every one were permitted.
 * @param hosts names or IP addresses, as `ca.hosts` of gateway.yaml
 * @returns the value of the extension
 */
export function nameConstraints(hosts: readonly string[]): Buffer {
  const names = [ownName, ...hosts.filter((host) => isIP(host) === 0)];
  const addresses = [...ownAddresses, ...hosts.filter((host) => isIP(host) !== 0).map((address) => ({ address, bits: isIP(address) === 4 ? 32 : 128 }))];
  const subtrees = [
    ...names.map((name) => der(0x82, Buffer.from(name, 'ascii'))),
    ...addresses.map(({ address, bits }) => der(0x87, addressBytes(address), mask(address, bits))),
  ];
  return sequence(tagged(0, ...subtrees.map((base) => sequence(base))));
}

/** May a CA that is constrained to `hosts` sign for this host? */
export function permits(hosts: readonly string[], host: string): boolean {
  const bytes = parseIp(host);
  if (bytes !== null) return hosts.some((one) => addressBytes(one).equals(Buffer.from(bytes))) || (bytes.length === 4 ? bytes[0] === 127 : host === '::1');
  return [ownName, ...hosts].some((name) => host === name || host.endsWith(`.${name}`));
}

function addressBytes(address: string): Buffer {
  return Buffer.from(parseIp(address) ?? []);
}

function mask(address: string, bits: number): Buffer {
  const size = isIP(address) === 4 ? 4 : 16;
  return Buffer.from(Array.from({ length: size }, (_one, at) => 0xff & ~(0xff >> Math.max(0, Math.min(8, bits - 8 * at)))));
}
