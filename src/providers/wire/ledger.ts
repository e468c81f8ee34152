import type { CallbackDraft, Consequences, Remember, SimulationContext } from '../../model/provider.ts';

/** One call's view of what is remembered, and what it is going to write: nothing is written before `finish`. */
export interface Ledger {
  /** sees what this call itself has saved */
  find<T>(kind: string, id: string): Promise<T | null>;
  /** `find` first where it may be there already */
  save(kind: string, id: string, value: unknown, index?: Readonly<Record<string, string>>): void;
  tell(draft: CallbackDraft): void;
  finish(): Required<Consequences>;
}

export function openLedger(context: Pick<SimulationContext, 'recall'>): Ledger {
  const known = new Map<string, { readonly version: number; readonly value: unknown }>();
  const written = new Map<string, Remember>();
  const callbacks: CallbackDraft[] = [];
  return {
    async find<T>(kind: string, id: string): Promise<T | null> {
      const at = key(kind, id);
      const mine = written.get(at);
      if (mine !== undefined) return mine.value as T | null;
      if (!known.has(at)) {
        const remembered = await context.recall(kind, id);
        known.set(at, { version: remembered?.version ?? 0, value: remembered?.value ?? null });
      }
      return known.get(at)!.value as T | null;
    },
    save(kind, id, value, index) {
      written.set(key(kind, id), { kind, id, expectVersion: known.get(key(kind, id))?.version ?? 0, value, ...(index === undefined ? {} : { index }) });
    },
    tell(draft) {
      callbacks.push(draft);
    },
    finish: () => ({ remember: [...written.values()], callbacks }),
  };
}

function key(kind: string, id: string): string {
  return `${kind}\n${id}`;
}
