import { Resolver } from 'node:dns/promises';
import type { Answer, DnsRecord } from './message.ts';

/** Asks the configured resolvers and nobody else. Never rejects. */
export type Upstream = (name: string, type: string) => Promise<Answer>;

/** How long a stub resolver commonly waits (5 s) must be enough for a try and another. ms */
const timeout = 1_500;

const none: Answer = { code: 'NOERROR', records: [] };

/**
 * A question is made anew from name and type: nothing else of the asker's packet travels on. Types that carry free text or
 * that only zones need are not asked.
 * @param servers 'address:port' or '[v6]:port'
 */
export function createUpstream(servers: readonly string[], mostAtOnce = 256): Upstream {
  const resolver = new Resolver({ timeout, tries: 2 });
  resolver.setServers([...servers]);
  let asking = 0;

  async function ask(name: string, type: string): Promise<readonly DnsRecord[]> {
    switch (type) {
      case 'A': return (await resolver.resolve4(name, { ttl: true })).map(({ address, ttl }) => ({ type: 'A', ttl, data: address }));
      case 'AAAA': return (await resolver.resolve6(name, { ttl: true })).map(({ address, ttl }) => ({ type: 'AAAA', ttl, data: address }));
      case 'SRV': return (await resolver.resolveSrv(name)).map(({ name: target, port, priority, weight }) => ({ type: 'SRV', ttl: 30, data: { target, port, priority, weight } }));
      default: return [];
    }
  }

  return async (name, type) => {
    if (servers.length === 0) return { code: 'REFUSED', records: [] };
    if (asking >= mostAtOnce) return { code: 'SERVFAIL', records: [] };
    asking += 1;
    try {
      return { code: 'NOERROR', records: await ask(name, type) };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENODATA') return none;
      return { code: code === 'ENOTFOUND' ? 'NXDOMAIN' : 'SERVFAIL', records: [] };
    } finally {
      asking -= 1;
    }
  };
}
