import { StoreUnavailable, type Store } from '../model/store.ts';

/**
 * A store that could not take a capture cannot take a note about it either. This one remembers, and writes the
 * 'store-error' event before anybody reads the log again, so that no verdict is given over a gap as if there were none.
 */
export function withFaultMemory(store: Store): Store {
  let faults = 0;
  let since: string | null = null;

  async function flush(): Promise<void> {
    if (faults === 0) return;
    const noted = faults;
    await store.append({ kind: 'store-error', capture: null, run: null, data: { faults: noted, since } });
    faults -= noted;
    if (faults === 0) since = null;
  }

  async function guarded<T>(write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        faults += 1;
        since ??= new Date().toISOString();
      }
      throw error;
    }
  }

  return {
    ...store,
    record: (recording) => guarded(store.record(recording)),
    outcome: (id, outcome, reply, passed) => guarded(store.outcome(id, outcome, reply, passed)),
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
  };
}
