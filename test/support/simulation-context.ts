import { redactValue } from '../../src/store/redaction.ts';
import { simulationContext } from '../../src/actions/simulation-context.ts';
import type { Remember, Remembered, SimulationContext } from '../../src/model/provider.ts';
import type { Liveness } from '../../src/model/side-effect.ts';

/** Remembered objects in memory, for one caller of one provider. */
export interface Memory {
  /** the context of the nth call: identifiers are the same for the same n */
  context(facts?: { readonly now?: number; readonly call?: number; readonly liveness?: Liveness; readonly run?: string | null; readonly declined?: SimulationContext['declined']; readonly unknownIds?: SimulationContext['unknownIds'] }): SimulationContext;
  /** writes what a simulation wants kept; throws on a version that is not the expected one */
  keep(remember: readonly Remember[]): void;
}

/** 2026-11-21T09:00:00.250Z: not a whole second, so that rounding shows */
export const fixedNow = Date.UTC(2026, 10, 21, 9, 0, 0, 250);

export function memory(): Memory {
  // Insertion order is age; a rewritten object keeps its place, as a row in a table does.
  const rows = new Map<string, Remembered & { readonly index: Readonly<Record<string, string>> }>();
  return {
    keep(remember) {
      for (const { kind, id, expectVersion, value, index = {} } of remember) {
        const version = rows.get(key(kind, id))?.version ?? 0;
        if (version !== expectVersion) throw new Error(`${kind} ${id} has version ${version}, the simulation expected ${expectVersion}`);
        if (value === null) rows.delete(key(kind, id));
        // without what looks like a secret, and through JSON: as the gateway gives it to any store
        else rows.set(key(kind, id), { kind, id, version: version + 1, value: JSON.parse(JSON.stringify(redactValue(value))) as unknown, index });
      }
    },
    context({ now = fixedNow, call = 1, liveness = 'unknown', run = null, declined = null, unknownIds = 'not-found' } = {}) {
      return simulationContext({
        now, run, liveness, declined, unknownIds,
        page: (kind, id) => `http://127.0.0.1:8025/pay/${kind}/${id}`,
        capture: `cap_${String(call).padStart(26, '0')}`,
        scope: { provider: 'test', account: '', run: '' },
        store: {
          recall: async (_scope, kind, id) => rows.get(key(kind, id)) ?? null,
          objects: async (_scope, kind, { where = {}, after, before, limit }) => {
            const all = [...rows.values()].toReversed().filter((row) => row.kind === kind && Object.entries(where).every(([name, value]) => row.index[name] === value));
            const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
            const upTo = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
            const items = all.slice(from, upTo).slice(0, limit);
            return { items, more: from + items.length < upTo };
          },
        },
      });
    },
  };
}

function key(kind: string, id: string): string {
  return `${kind}\n${id}`;
}
