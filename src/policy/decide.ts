import type { Decision, ForwardPlan, TraceStep } from '../model/decision.ts';
import { guard } from './guard.ts';
import type { DecisionInput } from './input.ts';
import type { Policy, Rule } from './policy.ts';
import { matches, traceStep } from './rule.ts';

export type Verdict = Decision | { readonly kind: 'undecided' };

const undecided: Verdict = { kind: 'undecided' };

/**
 * What may happen to a call. Pure: the same policy and input give the same decision, and it never throws. In order:
 *
 *   1. A provider's call is decided once it was read: before the stage 'whole' it is undecided.
 *   2. The first rule that matches wins; report-mode rules are noted and passed over. No rule: the default, which cannot forward.
 *   3. A forward has to pass what no rule overrides: the breaker, a host that is named or a call that is understood, the guard.
 *
 * Before 'whole' a rule may be neither true nor false yet. Then the call is undecided, unless whatever can still win rejects.
 */
export function decide(policy: Policy, input: DecisionInput): Verdict {
  if (input.stage !== 'whole' && input.provider !== null) return undecided;
  const trace: TraceStep[] = [];
  const reported: string[] = [];
  const possible: Rule[] = [];
  for (const rule of policy.rules) {
    const step = traceStep(rule, input);
    trace.push(step);
    if (step.matched === false) continue;
    if (rule.mode === 'report') {
      if (step.matched === true) reported.push(rule.id);
      continue;
    }
    if (step.matched === null) {
      possible.push(rule);
      continue;
    }
    return settle({ policy, input, trace, reported, possible }, rule);
  }
  return settle({ policy, input, trace, reported, possible }, null);
}

interface Walk {
  readonly policy: Policy;
  readonly input: DecisionInput;
  readonly trace: readonly TraceStep[];
  readonly reported: readonly string[];
  /** earlier rules that may still turn out to match */
  readonly possible: readonly Rule[];
}

/** `winner` null: the default. */
function settle(walk: Walk, winner: Rule | null): Verdict {
  const { policy, input, possible } = walk;
  const what = winner?.consequence ?? { action: policy.default, reply: null };
  if (possible.length > 0) {
    if (input.stage === 'whole') return reject(walk, 'gateway:undecided', 'a rule could not be decided on the whole call', 'a condition said not-known-yet at the last stage');
    if (what.action !== 'reject' || possible.some((rule) => rule.consequence.action !== 'reject')) return undecided;
  }
  const rule = winner?.id ?? 'default';
  const reason = winner?.because ?? `no rule matches, and the default is ${policy.default}`;
  switch (what.action) {
    case 'capture': return { action: 'capture', reply: what.reply, ...base(walk, rule, reason, null) };
    case 'reject': return reject(walk, rule, reason);
    case 'forward': return forward(walk, winner!, what.plan);
  }
}

/** What stands before every forward, whatever the rule says. */
function forward(walk: Walk, rule: Rule, plan: ForwardPlan): Decision {
  const { input } = walk;
  const refuse = (check: string, why: string): Decision => reject(walk, `gateway:${check}`, `rule ${rule.id} would forward this, but ${why}`);
  if (input.facts.tripped !== null) return refuse('breaker', `the mailshot breaker of service ${input.origin.service} is tripped since ${input.facts.tripped}`);
  if (input.provider === null) {
    if (plan.via !== null) return refuse('guard', 'only mail goes via a relay');
    return rule.namesHosts && input.target !== null
      ? { action: 'forward', plan, ...base(walk, rule.id, rule.because, null) }
      : refuse('guard', `no provider claims ${input.target?.host ?? 'the destination'}, and the rule does not name it in a host condition`);
  }
  if (input.target === null && plan.via === null) return refuse('guard', 'mail leaves via a relay only');
  if (input.decoded === null) return refuse('guard', 'nothing was decoded of it');
  // Rules that look for findings were asked about a message nobody could read: their silence proves nothing.
  if (input.findings.includes('unparsed')) return refuse('guard', 'its content could not be read to its end, so what is odd about it is not known');
  if (input.decoded.kind === 'unrecognized') return refuse('guard', `it was not understood: ${input.decoded.why}`);
  if (plan.rewrites.length === 0) {
    const guarded = guard(input.decoded, { relay: plan.via !== null });
    if (!guarded.ok) return refuse('guard', `${guarded.offender} stands in the way: ${guarded.why}`);
  }
  return { action: 'forward', plan, ...base(walk, rule.id, rule.because, null) };
}

function reject(walk: Walk, rule: string, reason: string, fault: string | null = null): Decision {
  return { action: 'reject', ...base(walk, rule, reason, fault) };
}

function base({ policy, trace, reported }: Walk, rule: string, reason: string, fault: string | null): Omit<Decision & { readonly action: 'reject' }, 'action'> {
  return { rule, reason, trace, reported, policy: { sha256: policy.sha256 }, fault };
}

/**
 * The second look at a call that was rewritten and decoded again: the first reject rule that matches it, or null. Capture
 * rules and the default are not asked a second time; the guard is asked apart.
 */
export function rejectRuleFor(policy: Policy, input: DecisionInput): Rule | null {
  return policy.rules.find((rule) => rule.mode === 'decide' && rule.consequence.action === 'reject' && matches(rule, input) !== false) ?? null;
}
