import { isIP } from 'node:net';
import type { Logger } from 'pino';
import type { Dns, OriginEntry } from '../config/gateway-file.ts';
import { createAskedTable } from '../dns/asked.ts';
import type { Asked } from '../dns/asked.ts';
import { createResponder } from '../dns/responder.ts';
import { createDnsServer } from '../dns/server.ts';
import type { DnsServer } from '../dns/server.ts';
import { createUpstream } from '../dns/upstream.ts';
import { originOf } from '../ingress/origin.ts';
import type { Store } from '../model/store.ts';
import type { Claims } from '../providers/claims.ts';

/** rows of the table of questions, about 200 bytes each */
const mostAsked = 10_000;
/** events a minute: a program that asks for random names must not write the log full */
const eventsPerMinute = 120;

/**
 * The DNS listener of the gateway. Who asked for what is noted once as an event `dns-asked` when it is first seen, and how
 * often in the log when the gateway stops (docs/decisions/dns-record.md).
 */
export function createNameServer({ dns, host, origins, claims, store, logger, now }: {
  readonly dns: Dns;
  readonly host: string;
  readonly origins: readonly OriginEntry[];
  readonly claims: Pick<Claims, 'owner'>;
  readonly store: Pick<Store, 'append'>;
  readonly logger: Logger;
  readonly now: () => number;
}): DnsServer {
  const addresses = answersOf(dns, host);
  const budget = perMinute(eventsPerMinute, now);
  const asked = createAskedTable({ most: mostAsked, now, fresh: note });

  function note({ name, type, from, came }: Asked): void {
    if (!budget()) return;
    const { service, space } = originOf({ user: null, headers: [], address: from, via: 'transparent', table: origins });
    store.append({ kind: 'dns-asked', capture: null, run: null, data: { name, type, from, service, space, came } })
      .catch((error: unknown) => logger.error({ err: error, name }, 'a DNS question could not be noted'));
  }

  const server = createDnsServer({
    respond: createResponder({ addresses, pass: dns.pass, claimed: (name) => claims.owner(name) !== null, upstream: createUpstream(dns.upstream), asked }),
    logger, now,
  });
  return {
    listen: server.listen,
    async close() {
      await server.close();
      const rows = asked.entries();
      if (rows.length > 0) logger.info({ asked: rows.map(({ name, type, from, came, count }) => ({ name, type, from, came, count })), dropped: asked.dropped() }, 'DNS questions of this gateway');
    },
  };
}

/** The address of `--host`, unless it says "every interface" or is a name: then nobody can be told where to go. */
export function answersOf(dns: Pick<Dns, 'answer'>, host: string): readonly string[] {
  if (dns.answer.length > 0) return dns.answer;
  return isIP(host) === 0 || host === '0.0.0.0' || host === '::' ? [] : [host];
}

function perMinute(most: number, now: () => number): () => boolean {
  let [minute, used] = [0, 0];
  return () => {
    const current = Math.floor(now() / 60_000);
    if (current !== minute) [minute, used] = [current, 0];
    used += 1;
    return used <= most;
  };
}
