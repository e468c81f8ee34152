import { isIP } from 'node:net';
import { lookup } from 'node:dns/promises';
import { Agent, buildConnector } from 'undici';
import type { Authority } from '../model/exchange.ts';
import { classifyIp } from '../policy/address-class.ts';
import { allowsInternal } from '../policy/internal.ts';
import type { Policy } from '../policy/policy.ts';

export interface Dialing {
  readonly internal: () => Policy['internal'];
  /** our own listeners: never a target, whatever the policy says */
  readonly own: () => readonly Authority[];
  /** every address of a name; replaced in tests by a recording one */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** opens the connection; replaced in tests by a recording one */
  readonly connect?: buildConnector.connector;
}

/** A connection that was not made, and why. */
export class DialRefused extends Error {
  override readonly name = 'DialRefused';
}

/**
 * The second lock, independent of any rule: resolve once, judge *every* address, dial exactly a judged one, verify TLS
 * against the name. An address that is not public needs `internal` to allow host and address and port.
 */
export function guardedAgent({ internal, own, resolve = resolveAll, connect = buildConnector({}) }: Dialing): Agent {
  const dial: buildConnector.connector = (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    void (async () => {
      let address: string;
      try {
        address = await checked(host, port);
      } catch (error) {
        return done(error instanceof Error ? error : new DialRefused(String(error)), null);
      }
      const servername = options.servername || (isIP(host) === 0 ? host : undefined);
      return connect({ ...options, hostname: address, host: undefined, port: String(port), servername } as buildConnector.Options, done);
    })();
  };

  async function checked(host: string, port: number): Promise<string> {
    const addresses = isIP(host) === 0 ? await resolve(host) : [host];
    const [first] = addresses;
    if (first === undefined) throw new DialRefused(`${host} has no address`);
    for (const address of addresses) {
      const refused = refusal(host, address, port);
      if (refused !== null) throw new DialRefused(refused);
    }
    return first;
  }

  function refusal(host: string, address: string, port: number): string | null {
    if (own().some((listener) => listener.port === port && isOwn(listener.host, address))) {
      return `${host}:${port} is the gateway itself (${address})`;
    }
    const verdict = classifyIp(address);
    if (verdict.kind === 'public') return null;
    if (allowsInternal(internal(), host, address, port)) return null;
    return `${host}:${port} resolves to ${address}, which is ${verdict.class} (${verdict.why}); allow host, address and port under 'internal' in the policy if this is one of your own services`;
  }

  // pipelining 0 = one request per connection: no answer can be taken for another's (undici GHSA on response queues)
  return new Agent({ connect: dial, pipelining: 0, connections: null, allowH2: false });
}

const resolveAll = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

function isOwn(listener: string, address: string): boolean {
  if (listener === address) return true;
  const everywhere = listener === '0.0.0.0' || listener === '::';
  const verdict = classifyIp(address);
  return everywhere && verdict.kind === 'refused' && (verdict.class === 'loopback' || verdict.class === 'unspecified');
}

