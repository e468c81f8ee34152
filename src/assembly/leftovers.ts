import type { Store } from '../model/store.ts';

/** How many are taken over at a time. */
const atOnce = 50;

/**
 * On a store that several gateways share: what another one recorded, and did not live to read, is read here. Asked with every heartbeat; what was
 * pending the last time and still is, is a leftover (or its gateway is slow, and it is read twice: nothing is lost by that).
 */
export function createLeftovers({ store, notify }: {
  readonly store: Pick<Store, 'pendingEnrichment'>;
  readonly notify: (capture: string) => void;
}): () => Promise<void> {
  let before: ReadonlySet<string> = new Set();
  return async () => {
    const pending = await store.pendingEnrichment(atOnce);
    for (const id of pending) if (before.has(id)) notify(id);
    before = new Set(pending);
  };
}
