import type { BreakerSubject, Tally } from '../model/breaker.ts';
import { distinctWindow, type DistinctWindow } from '../model/distinct-window.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded } from '../model/side-effect.ts';
import type { Store } from '../model/store.ts';
import type { BurstLimit } from '../policy/policy.ts';
import { keyedDigest } from '../store/secret-key.ts';

/** What counting one call gave. */
export interface Counted {
  /** to be written with the capture, in the same commit; null = the call names nobody real, or the policy has no breaker */
  readonly tally: Tally | null;
  /** different real recipients of the service within the window, this call's included; 0 where none were counted */
  readonly distinct: number;
  /** that is more than the policy allows */
  readonly over: boolean;
  /** the fact for the decision: since when the breaker is tripped, or would be by this very call; null = it is not */
  readonly tripped: string | null;
}

/**
 * The mailshot breaker: different real recipients per service (and space) within a window of time. Every call counts, captures
 * too; only a forward trips it (gateway.ts), and it stays tripped until somebody resets it, restarts included.
 *
 * An ordinary call costs no commit of its own: it is counted here in memory, and written with its capture. A call that would be
 * forwarded is counted once more in the store before it may leave, so that several instances on one store count together.
 */
export interface MailshotBreaker {
  /** The same store; a reset through it is seen by the next call. */
  readonly store: Store;
  count(call: BreakerSubject & { readonly decoded: Decoded<Recipient>; readonly at: number; readonly limit: BurstLimit | null }): Promise<Counted>;
  /** Asks the store, which other instances write to as well. Nothing is forwarded on the memory of one instance alone. */
  confirm(counted: Counted): Promise<Counted>;
  /** Resolves once the trip is committed. */
  trip(counted: Counted, call: BreakerSubject & { readonly capture: string; readonly run: string | null; readonly limit: BurstLimit }): Promise<void>;
  /** takes over what other instances tripped or reset */
  refresh(): Promise<void>;
}

/** Windows held in memory; those of services that were silent longest are dropped and read anew when they speak again. */
const mostServices = 5_000;

export async function openBreaker({ store, key }: { readonly store: Store; readonly key: Uint8Array }): Promise<MailshotBreaker> {
  const tripped = new Map<string, string>();
  const windows = new Map<string, { readonly limit: BurstLimit; readonly window: Promise<DistinctWindow> }>();

  /** Trips and resets made here: what was read of the store while one was made may be from before it. */
  let changes = 0;

  async function refresh(): Promise<void> {
    const before = changes;
    const found = await store.breakers(null);
    if (changes !== before) return;
    tripped.clear();
    for (const breaker of found) if (breaker.tripped !== null) tripped.set(nameOf(breaker), breaker.tripped);
  }

  /** What the store still holds of the service is where its window begins: a restart forgets nobody. */
  function windowOf(subject: BreakerSubject, limit: BurstLimit): Promise<DistinctWindow> {
    const name = nameOf(subject);
    const known = windows.get(name);
    windows.delete(name);
    if (known?.limit.recipients === limit.recipients && known.limit.perMs === limit.perMs) {
      windows.set(name, known);
      return known.window;
    }
    const window = store.breakers(subject).then((found) =>
      distinctWindow({ perMs: limit.perMs, most: limit.recipients + 1, seen: found[0]?.seen ?? [] }));
    windows.set(name, { limit, window });
    window.catch(() => windows.delete(name));
    for (const oldest of windows.keys()) {
      if (windows.size <= mostServices) break;
      windows.delete(oldest);
    }
    return window;
  }

  await refresh();
  return {
    store: {
      ...store,
      async resetBreaker(subject) {
        const was = await store.resetBreaker(subject);
        changes += 1;
        tripped.delete(nameOf(subject));
        windows.delete(nameOf(subject));
        return was;
      },
    },
    refresh,

    async count({ space, service, decoded, at, limit }) {
      const since = tripped.get(nameOf({ space, service })) ?? null;
      const real = limit === null ? [] : realRecipients(decoded);
      if (limit === null || real.length === 0) return { tally: null, distinct: 0, over: false, tripped: since };
      const members = real.map((address) => keyedDigest(key, address));
      const distinct = (await windowOf({ space, service }, limit)).see(members, at);
      const over = distinct > limit.recipients;
      return {
        tally: { space, service, members, at, perMs: limit.perMs, most: limit.recipients + 1 },
        distinct, over, tripped: since ?? (over ? new Date(at).toISOString() : null),
      };
    },

    async confirm(counted) {
      if (counted.tally === null) return counted;
      const { distinct, tripped: since } = await store.tally(counted.tally);
      const over = distinct >= counted.tally.most;
      if (since !== null) {
        changes += 1;
        tripped.set(nameOf(counted.tally), since);
      }
      return { tally: null, distinct, over, tripped: since ?? (over ? new Date(counted.tally.at).toISOString() : null) };
    },

    async trip({ distinct }, { space, service, capture, run, limit }) {
      if (tripped.has(nameOf({ space, service }))) return;
      const since = await store.trip({ space, service, capture, run, recipients: distinct, limit: limit.recipients, perMs: limit.perMs });
      changes += 1;
      tripped.set(nameOf({ space, service }), since);
    },
  };
}

/** Whoever counts as real for anything that would leave, each once: one spelling for `Ann@X.com` and `ann@x.com`. */
export function realRecipients(decoded: Decoded<Recipient>): readonly string[] {
  if (decoded.kind !== 'effects') return [];
  const real = decoded.effects.flatMap((effect) => effect.recipients).filter(({ standing }) => standing === 'real' || standing === 'unknown' || standing === 'invalid');
  return [...new Set(real.map(({ address }) => address.trim().toLowerCase()))];
}

function nameOf({ space, service }: BreakerSubject): string {
  return `${space ?? ''}/${service}`;
}
