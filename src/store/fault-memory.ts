import type { Store } from '../model/store.ts';

/**
 * A store that could not take a capture cannot take a note about it either. This remembers how many calls were answered
 * without a record, whatever the cause, and writes a 'store-error' event before anybody reads the log again, so that no
 * verdict is given over a gap as if there were none.
 */
export function withFaultMemory(store: Store): { readonly store: Store; lost(): void } {
  let faults = 0;
  let since: string | null = null;

  async function flush(): Promise<void> {
    if (faults === 0) return;
    const noted = faults;
    await store.append({ kind: 'store-error', capture: null, run: null, data: { faults: noted, since } });
    faults -= noted;
    if (faults === 0) since = null;
  }

  return {
    lost() {
      faults += 1;
      since ??= new Date().toISOString();
    },
    store: {
      ...store,
      async events(after, limit) {
        await flush();
        return store.events(after, limit);
      },
      async heartbeat(instance) {
        await flush();
        await store.heartbeat(instance);
      },
      async close(instance) {
        await flush().catch(() => undefined);
        await store.close(instance);
      },
    },
  };
}
