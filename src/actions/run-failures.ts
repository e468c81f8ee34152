import type { Scope, Store } from '../model/store.ts';
import type { FailureRule } from '../policy/failure-rule.ts';
import type { Problem } from '../policy/problem.ts';

/** Failure rules that hold for one run only: given by the API, kept in the store, known to every gateway on it. */
export interface RunFailures {
  rules(run: string): Promise<readonly FailureRule[]>;
  /** as they were given */
  written(run: string): Promise<readonly unknown[]>;
  /** In place of those the run had; none are kept where there is a problem. */
  put(run: string, written: readonly unknown[]): Promise<readonly Problem[]>;
}

/** `given` (ms since the epoch) makes the same rules, given again, a new set. */
interface Kept { readonly rules: readonly unknown[]; readonly given: number }

/** How many runs' rules are held compiled. */
const most = 100;
const kind = 'failures';

/** @param load checks and compiles; `counters` goes before the name a rule's calls are counted under */
export function createRunFailures({ store, load, now }: {
  readonly store: Pick<Store, 'recall' | 'putObjects'>;
  now(): number;
  load(written: readonly unknown[], counters: string): { readonly rules: readonly FailureRule[]; readonly problems: readonly Problem[] };
}): RunFailures {
  const compiled = new Map<string, readonly FailureRule[]>();
  const kept = (run: string): ReturnType<Store['recall']> => store.recall(scopeOf(run), kind, kind);
  return {
    async rules(run) {
      const stored = await kept(run);
      if (stored === null) return [];
      // counted anew for every set of rules: 'the second call' is the second after they were given
      const counters = `${run}:${stored.version}:`;
      const known = compiled.get(counters);
      if (known !== undefined) return known;
      const { rules, problems } = load((stored.value as Kept).rules, counters);
      if (problems.length > 0) throw new Error(`the failure rules of run ${run} no longer hold: ${problems.map(({ key, found, expected }) => `${key}: found ${found}, expected ${expected}`).join('; ')}`);
      if (compiled.size >= most) compiled.clear();
      compiled.set(counters, rules);
      return rules;
    },
    written: async (run) => ((await kept(run))?.value as Kept | undefined)?.rules ?? [],
    async put(run, written) {
      const { problems } = load(written, '');
      if (problems.length === 0) await store.putObjects([{ scope: scopeOf(run), kind, id: kind, value: { rules: written, given: now() } satisfies Kept, index: {} }]);
      return problems;
    },
  };
}

/** A name no vendor has, so that no simulator reads or forgets it. */
function scopeOf(run: string): Scope {
  return { provider: 'fourthwall', account: '', run };
}
