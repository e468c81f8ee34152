import type { TraceStep } from '../model/decision.ts';
import type { Truth } from './conditions/condition.ts';
import { and } from './conditions/condition.ts';
import type { DecisionInput } from './input.ts';
import type { Rule } from './policy.ts';

/** Do all conditions of the rule hold? Null: not known yet at this stage. */
export function matches(rule: Rule, input: DecisionInput): Truth {
  return and(rule.conditions.map((condition) => condition.holds(input)));
}

/** 'host is api.example.test and every effect's liveness is test' */
export function sentence(rule: Rule): string {
  return rule.conditions.map((condition) => condition.sentence).join(' and ');
}

/** How the rule fared, in the words of the conditions that settled it. */
export function traceStep(rule: Rule, input: DecisionInput): TraceStep {
  const matched = matches(rule, input);
  if (matched === true) return { rule: rule.id, matched, because: sentence(rule) };
  const settling = rule.conditions.filter((condition) => condition.holds(input) === matched).map((condition) => condition.sentence);
  return { rule: rule.id, matched, because: `${matched === null ? 'not known yet' : 'not so'}: ${settling.join('; ')}` };
}
