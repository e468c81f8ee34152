import { attributeRun } from '../model/attribution.ts';
import { keysOf, runKeyOf } from '../model/correlation.ts';
import type { Origin } from '../model/origin.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Run } from '../model/run.ts';
import type { Decoded } from '../model/side-effect.ts';
import type { Store } from '../model/store.ts';

/** The open runs, kept at hand because every call is asked which of them it belongs to. */
export interface RunLedger {
  /** The same store; opening and closing a run through it is seen by the next call. */
  readonly store: Store;
  /** A run's name, 'ambiguous', or null. A name met for the first time becomes an implicit run. */
  attribute(call: { readonly origin: Origin; readonly decoded: Decoded<Recipient> }): Promise<string | null>;
}

/** `shared`: other gateways open and close runs on this store too, so it is asked before every attribution. */
export async function openRunLedger(store: Store, { shared = false }: { readonly shared?: boolean } = {}): Promise<RunLedger> {
  const open = new Map<string, Run>();
  const read = async (): Promise<void> => {
    const found = await store.runs({ open: true, limit: 10_000 });
    open.clear();
    for (const run of found) open.set(run.name, run);
  };
  let reading: Promise<void> = read();
  let next: Promise<void> | null = null;
  /** One reading for everybody who came before it began. */
  const fresh = (): Promise<void> => {
    next ??= reading.catch(() => undefined).then(() => {
      next = null;
      reading = read();
      return reading;
    });
    return next;
  };
  await reading;
  return {
    store: {
      ...store,
      async openRun(wanted) {
        const run = await store.openRun(wanted);
        open.set(run.name, run);
        return run;
      },
      async closeRun(name) {
        const run = await store.closeRun(name);
        open.delete(name);
        return run;
      },
    },
    async attribute({ origin, decoded }) {
      if (shared) await fresh();
      const name = attributeRun({ origin, decoded, keys: [...keysOf(decoded), ...runKeys(decoded)], trace: origin.trace }, [...open.values()]);
      if (name === null || name === 'ambiguous' || open.has(name)) return name;
      if (await store.run(name) === null) {
        open.set(name, await store.openRun({ name, space: origin.space, claims: [], registered: false }));
      }
      return name;
    },
  };
}

function runKeys(decoded: Decoded): readonly { readonly name: string; readonly value: string }[] {
  const value = runKeyOf(decoded);
  return value === null ? [] : [{ name: 'fourthwall_run', value }];
}
