import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { lookup } from 'node:dns/promises';
import { Agent, buildConnector } from 'undici';
import type { Authority } from '../model/exchange.ts';
import { classifyIp } from '../policy/address-class.ts';
import type { AddressClass } from '../policy/address-class.ts';
import { allowsInternal } from '../policy/internal.ts';
import type { Policy } from '../policy/policy.ts';

export interface Dialing {
  readonly internal: () => Policy['internal'];
  /** one of our own listeners, by whatever address of this machine: never a target, whatever the policy says */
  readonly isOwn: (at: Authority) => boolean;
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
 * `inside`: for forwards of rules that say `internal`. Then every address needs that, public ones too: a name that
 * suddenly resolves outside would otherwise be a real send that counts as none.
 */
export function guardedAgent(dialing: Dialing & { readonly inside?: boolean }): Agent {
  const { inside = false } = dialing;
  return agentOver(dialing, (to) => checkedAddress(dialing, to, inside, (ip) => allowsInternal(dialing.internal(), to.host, ip, to.port)));
}

/** An agent that dials what `addressOf` gives for a host and port, and nothing when it throws. */
function agentOver({ connect = buildConnector({}) }: Dialing, addressOf: (to: Authority) => Promise<string>): Agent {
  const dial: buildConnector.connector = (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    void (async () => {
      let address: string;
      try {
        address = await addressOf({ host, port });
      } catch (error) {
        return done(error instanceof Error ? error : new DialRefused(String(error)), null);
      }
      const servername = options.servername || (isIP(host) === 0 ? host : undefined);
      return connect({ ...options, hostname: address, host: undefined, port: String(port), servername } as buildConnector.Options, done);
    })();
  };
  // pipelining 0 = one request per connection: no answer can be taken for another's (undici GHSA on response queues)
  return new Agent({ connect: dial, pipelining: 0, connections: null, allowH2: false });
}

/** Where an operator's own relay may well live. Never where credentials are handed out, and never what hides another address. */
const ownGround: ReadonlySet<AddressClass> = new Set(['loopback', 'private', 'cgnat']);

/**
 * A plain connection to one of the relays of gateway.yaml: allowed for exactly their host and port, wherever in our own
 * networks that is, and still never to ourselves.
 */
export function guardedSocket(dialing: Dialing & { readonly relays: readonly Authority[] }): (to: Authority) => Promise<Socket> {
  const { relays, connect = buildConnector({}) } = dialing;
  return async (to) => {
    if (!relays.some(({ host, port }) => host === to.host && port === to.port)) throw new DialRefused(`${to.host}:${to.port} is no relay of gateway.yaml`);
    const address = await checkedAddress(dialing, to, false, (ip) => {
      const verdict = classifyIp(ip);
      return verdict.kind === 'refused' && ownGround.has(verdict.class);
    });
    return new Promise((resolve, reject) => {
      connect({ hostname: address, protocol: 'http:', port: String(to.port) }, (error, socket) => {
        if (error === null) resolve(socket);
        else reject(error);
      });
    });
  };
}

/**
 * For callbacks: dials the webhook targets of gateway.yaml and nothing else, each by exactly its host and port. Such a target lives in our
 * own networks or in public; it is never ourselves, and never where credentials are handed out.
 */
export function targetAgent(dialing: Dialing & { readonly targets: readonly Authority[] }): Agent {
  return agentOver(dialing, async (to) => {
    if (!dialing.targets.some(({ host, port }) => host === to.host && port === to.port)) throw new DialRefused(`${to.host}:${to.port} is no webhook of gateway.yaml`);
    return checkedAddress(dialing, to, false, (ip) => {
      const verdict = classifyIp(ip);
      if (verdict.kind === 'refused' && !ownGround.has(verdict.class)) throw new DialRefused(`${to.host}:${to.port} resolves to ${ip}, which is ${verdict.class} (${verdict.why}): no webhook can be there`);
      return true;
    });
  });
}

/** The first address of a name, after every one of them was judged. Throws DialRefused. */
async function checkedAddress({ isOwn, resolve = resolveAll }: Dialing, { host, port }: Authority, inside: boolean, allowed: (ip: string) => boolean): Promise<string> {
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  const [first] = addresses;
  if (first === undefined) throw new DialRefused(`${host} has no address`);
  for (const address of addresses) {
    if (isOwn({ host: address, port })) throw new DialRefused(`${host}:${port} is the gateway itself (${address})`);
    const verdict = classifyIp(address);
    if (verdict.kind === 'public' && inside && !allowed(address)) {
      throw new DialRefused(`${host}:${port} resolves to ${address}, which is not inside; the rule says internal, so host, address and port must stand under 'internal' in the policy`);
    }
    if (verdict.kind !== 'public' && !allowed(address)) {
      throw new DialRefused(`${host}:${port} resolves to ${address}, which is ${verdict.class} (${verdict.why}); allow host, address and port under 'internal' in the policy if this is one of your own services`);
    }
  }
  return first;
}

const resolveAll = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
