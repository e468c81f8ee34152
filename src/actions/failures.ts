import { createHash } from 'node:crypto';
import type { Failing } from '../model/failure.ts';
import type { Reply } from '../model/exchange.ts';
import type { Consequences, LaterEvent, Remember, SimulationContext } from '../model/provider.ts';
import type { Store } from '../model/store.ts';
import type { FailureRule } from '../policy/failure-rule.ts';
import type { DecisionInput } from '../policy/input.ts';

/** What was chosen for one call: at most one that takes the answer away, and any number that come beside it. */
export interface Failures {
  readonly instead: { readonly id: string; readonly failing: Extract<Failing, { kind: 'error' | 'throttle' | 'drop' }> } | null;
  readonly delayMs: number;
  /** the payer's bank declines */
  readonly declined: { readonly code: string | null } | null;
  readonly events: readonly (Extract<Failing, { kind: 'event' }> & { readonly id: string })[];
  /** for the trace of the decision */
  readonly told: readonly { readonly rule: string; readonly matched: true; readonly because: string }[];
}

/** however many rules delay a call */
const longestDelayMs = 60_000;

const noFailures: Failures = { instead: null, delayMs: 0, declined: null, events: [], told: [] };

/** Asks every rule about a call that is captured, and counts the calls each one matches. */
export function createFailures({ rules, ofRun, store, declines }: {
  readonly rules: readonly FailureRule[];
  /** those that were given for one run, asked before the others */
  ofRun(run: string): Promise<readonly FailureRule[]>;
  readonly store: Pick<Store, 'count'>;
  /** whether a provider knows how to decline */
  declines(provider: string): boolean;
}): (input: DecisionInput) => Promise<Failures> {
  return async (input) => {
    let failures = noFailures;
    const run = input.run === null ? [] : await ofRun(input.run);
    for (const rule of [...run, ...rules]) {
      // neither asked nor counted: 'the second call' is the second that takes money
      if (rule.failing.kind === 'decline' && !takesMoney(input)) continue;
      if (!rule.conditions.every((condition) => condition.holds(input) === true)) continue;
      const subject = input.run ?? '';
      const n = rule.picking.kind === 'all' ? 1 : await store.count(`failure:${rule.counter}`, subject);
      if (picks(rule, subject, n)) failures = added(failures, rule, input.provider !== null && declines(input.provider.name));
    }
    return failures;
  };
}

function takesMoney({ decoded }: DecisionInput): boolean {
  return decoded?.kind === 'effects' && decoded.effects.some((effect) => effect.channel === 'payment' && effect.movesMoney);
}

function picks({ id, picking }: FailureRule, subject: string, n: number): boolean {
  switch (picking.kind) {
    case 'all': return true;
    case 'nth': return n === picking.n;
    case 'every': return n % picking.n === 0;
    case 'rate': return createHash('sha256').update(JSON.stringify([id, subject, n])).digest().readUInt32BE() / 2 ** 32 < picking.rate;
  }
}

/** The first rule that takes the answer away is the one; what comes beside an answer that is not given does not come. */
function added(failures: Failures, { id, failing, conditions }: FailureRule, declines: boolean): Failures {
  const told = [...failures.told, { rule: `failure:${id}`, matched: true as const, because: `${sentence(failing)}, because ${conditions.map((condition) => condition.sentence).join(' and ')}` }];
  switch (failing.kind) {
    case 'delay': return { ...failures, told, delayMs: Math.min(failures.delayMs + failing.ms, longestDelayMs) };
    case 'event': return { ...failures, told, events: [...failures.events, { ...failing, id }] };
    case 'decline':
      if (declines) return { ...failures, told, declined: failures.declined ?? { code: failing.code } };
      // a vendor that cannot decline must not take the money all the same
      return failures.instead === null ? { ...failures, told, instead: { id, failing: { kind: 'error', status: 402 } } } : failures;
    case 'error': case 'throttle': case 'drop': return failures.instead === null ? { ...failures, told, instead: { id, failing } } : failures;
  }
}

function sentence(failing: Failing): string {
  switch (failing.kind) {
    case 'error': return `answered with status ${failing.status}`;
    case 'throttle': return `throttled for ${failing.seconds} s`;
    case 'drop': return 'not answered, the connection ended';
    case 'decline': return `declined${failing.code === null ? '' : ` (${failing.code})`}`;
    case 'delay': return `answered ${failing.ms} ms late`;
    case 'event': return `'${failing.name}' is told ${failing.afterMs} ms later`;
  }
}

/** The refusal the vendor words, in the form the failure takes. */
export function failedReply<R extends Reply>(refused: R, failing: NonNullable<Failures['instead']>['failing']): R {
  if (refused.kind === 'smtp') {
    return (failing.kind === 'throttle' ? { ...refused, code: 421, enhanced: '4.7.0' } : { ...refused, code: 451, enhanced: '4.3.0' }) as R;
  }
  switch (failing.kind) {
    case 'error': return { ...refused, status: failing.status };
    case 'throttle': return { ...refused, status: 429, headers: [...refused.headers, ['Retry-After', String(failing.seconds)]] };
    // what a client that cannot be cut off would see
    case 'drop': return { ...refused, status: 503 };
  }
}

/**
 * What the vendor will tell of later, written down with the call itself. A provider without that event says nothing: the trace
 * names the rule all the same.
 */
export async function laterEvents(
  events: Failures['events'], later: (event: LaterEvent, context: SimulationContext) => Promise<Consequences>,
  { context, remembered }: { readonly context: (afterMs: number, seed: string) => SimulationContext; readonly remembered: readonly Remember[] },
): Promise<Required<Consequences>> {
  let told: Required<Consequences> = { remember: [], callbacks: [] };
  for (const [index, { name, afterMs, detail }] of events.entries()) {
    const more = await later({ name, recipient: null, detail }, withWritten(context(afterMs, String(index)), [...remembered, ...told.remember]));
    told = { remember: [...told.remember, ...more.remember ?? []], callbacks: [...told.callbacks, ...more.callbacks ?? []] };
  }
  return told;
}

/** The same context after these writes, which are in no store yet. */
function withWritten(context: SimulationContext, written: readonly Remember[]): SimulationContext {
  return {
    ...context,
    async recall(kind, id) {
      const last = written.findLast((each) => each.kind === kind && each.id === id);
      if (last === undefined) return context.recall(kind, id);
      return last.value === null ? null : { kind, id, version: last.expectVersion + 1, value: last.value };
    },
  };
}
