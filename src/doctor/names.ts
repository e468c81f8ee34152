import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import type { Finding, GatewayFacts } from './finding.ts';

const ownResolver = "point the service's resolver at the gateway (--dns-port), or let the only resolver it reaches answer for internal names alone";
const blockDns = 'let the network drop port 53 (UDP and TCP) to everything but the resolver you mean';

/**
 * Does a name that cannot exist get outside? A name carries data: whoever can look up `<secret>.attacker.example` has a
 * way out even where no packet passes. An answer that says "no such name" was given by somebody who asked the world.
 * @param servers resolvers to ask directly, 'address' or 'address:port'; null = the ones this machine is set to
 */
export async function tryNames({ servers, zone, gateway, timeout }: {
  readonly servers: readonly string[] | null;
  /** the zone the made-up name is in */
  readonly zone: string;
  readonly gateway: GatewayFacts;
  readonly timeout: number;
}): Promise<Finding> {
  const name = `fourthwall-doctor-${randomBytes(6).toString('hex')}.${zone}`;
  const subject = servers === null ? 'the resolver of this machine' : `resolver ${servers.join(', ')}`;
  const remedy = servers === null ? ownResolver : blockDns;
  const resolver = new Resolver({ timeout, tries: 1 });
  if (servers !== null) resolver.setServers([...servers]);
  const finding = (state: Finding['state'], what: string): Finding => ({ check: 'dns', subject, state, what, remedy: state === 'open' ? remedy : null });
  try {
    const addresses = await resolver.resolve4(name);
    return addresses.length > 0 && addresses.every((address) => gateway.addresses.includes(address))
      ? finding('closed', 'answers a made-up name with the address of the gateway')
      : finding('open', `answers a made-up name with ${addresses.join(', ')}, which is not the gateway`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed';
    return code === 'ENOTFOUND' || code === 'ENODATA'
      ? finding('open', `says ${code} about a made-up name: it asked outside, so names can carry data out`)
      : finding('closed', `gives no answer about a made-up name (${code})`);
  } finally {
    resolver.cancel();
  }
}
