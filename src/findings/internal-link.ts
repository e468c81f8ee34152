import { BlockList, isIP } from 'node:net';
import type { Finding } from '../model/capture.ts';
import { excerptOf } from './excerpt.ts';
import type { Said } from './said.ts';

const internalNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|corp|home|localdomain|svc|cluster\.local|home\.arpa)$/;

/** RFC 1918, loopback, link-local, CGNAT, unique local: addresses a customer cannot reach, or reaches something else by. */
const internalAddresses = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16],
  ['::', 127], ['fc00::', 7], ['fe80::', 10],
] as const;

/** 'http://localhost:3000/reset': works on the developer's machine and nowhere else. */
export function internalLink(said: Said): readonly Finding[] {
  const link = said.links.find((candidate) => isInternal(candidate));
  return link === undefined ? [] : [{ id: 'internal-link', title: 'A link leads to an internal host', where: 'link', excerpt: excerptOf(link) }];
}

function isInternal(link: string): boolean {
  // the WHATWG parser reads 0x7f.1 and 2130706433 as the addresses they are
  const host = URL.parse(link)?.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '') ?? '';
  const version = isIP(host);
  if (version === 0) return host !== '' && (!host.includes('.') || internalNames.test(host));
  const list = new BlockList();
  for (const [network, prefix] of internalAddresses) list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
