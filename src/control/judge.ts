import type { CaptureFilter, Store } from '../model/store.ts';
import { expectationText } from './expectations.ts';
import type { Expectation } from './expectations.ts';
import { gatherFacts } from './facts.ts';
import type { Scope } from './facts.ts';
import { needsContent, verdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface Judgement extends Verdict {
  readonly scope: Scope['window'] & { readonly filter: CaptureFilter; readonly expect: string; readonly runs: Scope['runs'] };
}

/** Facts from the store, then the verdict over them. */
export async function judge(question: {
  readonly store: Store; readonly filter: CaptureFilter; readonly expectations: readonly Expectation[];
  /** ms */
  readonly settle: number; readonly now: () => number; readonly signal: AbortSignal;
}): Promise<Judgement> {
  const { expectations, filter, ...rest } = question;
  const { facts, scope } = await gatherFacts({ ...rest, filter, content: needsContent(expectations) });
  return {
    ...verdict(facts, expectations),
    scope: { filter, expect: expectations.map(expectationText).join(','), runs: scope.runs, ...scope.window },
  };
}
