import { parseIp } from '../model/ip.ts';

export type AddressClass =
  | 'unspecified' | 'loopback' | 'private' | 'link-local' | 'cgnat' | 'metadata' | 'multicast' | 'documentation' | 'reserved' | 'embedded' | 'invalid';

export type IpClass =
  | { readonly kind: 'public' }
  | { readonly kind: 'refused'; readonly class: AddressClass; readonly why: string };

/** Addresses where clouds hand out credentials. The first fitting row of all tables decides, and this one is asked first. */
const metadata: readonly (readonly [block: string, what: string])[] = [
  ['169.254.169.254/32', 'cloud instance metadata'],
  ['169.254.170.2/32', 'AWS ECS task credentials'],
  ['169.254.170.23/32', 'AWS EKS pod credentials'],
  ['100.100.100.200/32', 'Alibaba Cloud metadata'],
  ['168.63.129.16/32', 'Azure wire server'],
  ['192.0.0.192/32', 'Oracle Cloud metadata'],
  ['fd00:ec2::254/128', 'AWS instance metadata'],
  ['fd00:ec2::23/128', 'AWS EKS pod credentials'],
  ['fd20:ce::254/128', 'Google Cloud metadata'],
  ['fe80::a9fe:a9fe/128', 'cloud instance metadata'],
];

/** IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and later), narrow blocks before wide ones. */
const blocks: readonly (readonly [block: string, kind: AddressClass, what: string])[] = [
  ['0.0.0.0/8', 'unspecified', '"this network", RFC 1122'],
  ['10.0.0.0/8', 'private', 'RFC 1918'],
  ['100.64.0.0/10', 'cgnat', 'carrier-grade NAT, RFC 6598'],
  ['127.0.0.0/8', 'loopback', 'RFC 1122'],
  ['169.254.0.0/16', 'link-local', 'RFC 3927'],
  ['172.16.0.0/12', 'private', 'RFC 1918'],
  ['192.0.0.0/24', 'reserved', 'IETF protocol assignments, RFC 6890'],
  ['192.0.2.0/24', 'documentation', 'RFC 5737'],
  ['192.31.196.0/24', 'reserved', 'AS112, RFC 7535'],
  ['192.52.193.0/24', 'reserved', 'AMT, RFC 7450'],
  ['192.88.99.0/24', 'embedded', '6to4 relays, RFC 7526'],
  ['192.168.0.0/16', 'private', 'RFC 1918'],
  ['192.175.48.0/24', 'reserved', 'AS112, RFC 7534'],
  ['198.18.0.0/15', 'reserved', 'benchmarking, RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'RFC 5737'],
  ['203.0.113.0/24', 'documentation', 'RFC 5737'],
  ['224.0.0.0/4', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved', 'future use and broadcast, RFC 1112'],
  ['::/128', 'unspecified', 'RFC 4291'],
  ['::1/128', 'loopback', 'RFC 4291'],
  ['::ffff:0:0/96', 'embedded', 'an IPv4-mapped address, RFC 4291'],
  ['::/96', 'embedded', 'an IPv4-compatible address, RFC 4291'],
  ['::ffff:0:0:0/96', 'embedded', 'an IPv4-translated address, RFC 2765'],
  ['64:ff9b::/96', 'embedded', 'NAT64, RFC 6052'],
  ['64:ff9b:1::/48', 'embedded', 'local NAT64, RFC 8215'],
  ['2001::/32', 'embedded', 'Teredo, RFC 4380'],
  ['2001:db8::/32', 'documentation', 'RFC 3849'],
  ['2001::/23', 'reserved', 'IETF protocol assignments, RFC 2928'],
  ['2002::/16', 'embedded', '6to4, RFC 3056'],
  ['2620:4f:8000::/48', 'reserved', 'AS112, RFC 7534'],
  ['3fff::/20', 'documentation', 'RFC 9637'],
  ['fc00::/7', 'private', 'unique local, RFC 4193'],
  ['fe80::/10', 'link-local', 'RFC 4291'],
  ['fec0::/10', 'private', 'site-local, RFC 3879'],
  ['ff00::/8', 'multicast', 'RFC 4291'],
];

/** May this address be dialled without a word in the policy? Unknown space is refused: public IPv6 is 2000::/3 and no other. */
export function classifyIp(text: string): IpClass {
  const ip = parseIp(text);
  if (ip === null) return refused('invalid', 'it is not an IP address');
  const cloud = metadata.find(([block]) => inBlock(ip, block));
  if (cloud !== undefined) return refused('metadata', `it is ${cloud[1]}`);
  const special = blocks.find(([block]) => inBlock(ip, block));
  if (special !== undefined) return refused(special[1], `it is ${special[1]} (${special[2]})`);
  // ISATAP (RFC 5214 6.1): an IPv4 address in the interface part of any prefix.
  if (ip.length === 16 && (ip[8]! & 0xfd) === 0 && ip[9] === 0 && ip[10] === 0x5e && ip[11] === 0xfe) {
    return refused('embedded', 'it is embedded (ISATAP, RFC 5214)');
  }
  if (ip.length === 16 && !inBlock(ip, '2000::/3')) return refused('reserved', 'it is outside 2000::/3, the only public IPv6 space');
  return { kind: 'public' };
}

/** A block of addresses of one family. */
export interface Cidr { readonly bytes: readonly number[]; readonly bits: number }

/** `10.0.0.0/8`, `fd12::/48`, or one address. The bits behind the prefix must be zero: a slip there widens the block. */
export function parseCidr(text: string): Cidr | null {
  const [address, prefix, ...more] = text.split('/');
  const bytes = parseIp(address ?? '');
  if (bytes === null || more.length > 0) return null;
  const most = bytes.length * 8;
  if (prefix !== undefined && !/^(?:0|[1-9][0-9]{0,2})$/.test(prefix)) return null;
  const bits = prefix === undefined ? most : Number(prefix);
  if (bits > most) return null;
  const rest = bytes.some((byte, index) => (byte & (0xff >> Math.min(8, Math.max(0, bits - index * 8)))) !== 0);
  return rest ? null : { bytes, bits };
}

/** Families never mix: an IPv4 block holds no mapped address. */
export function cidrHolds(cidr: Cidr, ip: readonly number[]): boolean {
  if (cidr.bytes.length !== ip.length) return false;
  return ip.every((byte, index) => {
    const mask = (0xff << (8 - Math.min(8, Math.max(0, cidr.bits - index * 8)))) & 0xff;
    return (byte & mask) === (cidr.bytes[index]! & mask);
  });
}

function inBlock(ip: readonly number[], block: string): boolean {
  const cidr = parseCidr(block);
  return cidr !== null && cidrHolds(cidr, ip);
}

function refused(kind: AddressClass, why: string): IpClass {
  return { kind: 'refused', class: kind, why };
}
