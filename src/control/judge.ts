import type { CaptureFilter } from '../model/store.ts';
import { expectationText } from './expectations.ts';
import type { Expectation } from './expectations.ts';
import { gatherFacts } from './facts.ts';
import type { Question, Scope } from './facts.ts';
import { needsContent, verdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface Judgement extends Verdict {
  readonly scope: Scope['window'] & { readonly filter: CaptureFilter; readonly expect: string; readonly runs: Scope['runs'] };
}

/** Facts from the store, then the verdict over them. */
export async function judge(question: {
  readonly store: Question['store']; readonly everything?: NonNullable<Question['everything']>; readonly caller?: NonNullable<Question['caller']>; readonly filter: CaptureFilter; readonly expectations: readonly Expectation[];
  /** ms */
  readonly settle: number; readonly now: () => number; readonly signal: AbortSignal;
}): Promise<Judgement> {
  const { expectations, filter, ...rest } = question;
  const { facts, scope } = await gatherFacts({ ...rest, filter, content: needsContent(expectations) });
  const { reasons, ...said } = verdict(facts, expectations);
  return {
    ...said,
    // a call that may be the caller's and is not for them to see has no id here
    reasons: reasons.map((reason) => ({ ...reason, captures: reason.captures.filter((id) => id !== '') })),
    scope: { filter, expect: expectations.map(expectationText).join(','), runs: scope.runs, ...scope.window },
  };
}
