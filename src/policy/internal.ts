import { parseIp } from '../model/ip.ts';
import type { AddressClass, Cidr } from './address-class.ts';
import { cidrHolds, classifyIp } from './address-class.ts';
import type { Pattern } from './pattern.ts';

/** Our own services: a name, where it may resolve to, and the ports. */
export interface InternalService {
  readonly hosts: readonly Pattern[];
  readonly cidrs: readonly Cidr[];
  readonly ports: readonly number[];
}

/** What no entry can allow. Metadata hands out credentials; the others are not where a service of ours lives. */
const never: ReadonlySet<AddressClass> = new Set(['metadata', 'link-local', 'multicast', 'unspecified', 'embedded', 'reserved', 'documentation', 'invalid']);

/** Host AND address AND port must fit one entry. `ip` is the checked address that would be dialled. */
export function allowsInternal(internal: readonly InternalService[], host: string, ip: string, port: number): boolean {
  const bytes = parseIp(ip);
  const found = classifyIp(ip);
  if (bytes === null || (found.kind === 'refused' && never.has(found.class))) return false;
  return internal.some((service) => (
    service.hosts.some((pattern) => pattern.matches(host))
    && service.cidrs.some((cidr) => cidrHolds(cidr, bytes))
    && service.ports.includes(port)
  ));
}
