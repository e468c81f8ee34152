import type { TraceStep } from '../model/decision.ts';
import type { Truth } from './conditions/condition.ts';
import type { Verdict } from './decide.ts';
import { decide } from './decide.ts';
import type { DecisionInput } from './input.ts';
import type { Policy, Rule } from './policy.ts';
import { sentence, traceStep } from './rule.ts';

/** One rule as a person wants to see it: what it says and how it fared, condition by condition. */
export interface Explained extends TraceStep {
  readonly sentence: string;
  readonly conditions: readonly { readonly sentence: string; readonly holds: Truth }[];
  readonly action: Rule['consequence']['action'];
  readonly mode: Rule['mode'];
  /** it made the decision (which the gateway's own checks may still have turned into a refusal) */
  readonly won: boolean;
}

export interface Explanation {
  readonly decision: Verdict;
  /** every rule of the policy in order, those behind the first match too */
  readonly trace: readonly Explained[];
}

export function explain(policy: Policy, input: DecisionInput): Explanation {
  const decision = decide(policy, input);
  const winner = policy.rules.find((rule) => rule.mode === 'decide' && traceStep(rule, input).matched === true);
  return {
    decision,
    trace: policy.rules.map((rule) => ({
      ...traceStep(rule, input),
      sentence: sentence(rule),
      conditions: rule.conditions.map((condition) => ({ sentence: condition.sentence, holds: condition.holds(input) })),
      action: rule.consequence.action,
      mode: rule.mode,
      won: 'action' in decision && rule === winner,
    })),
  };
}
