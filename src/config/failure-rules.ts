import type { Failing, Picking } from '../model/failure.ts';
import { when } from '../policy/conditions/when.ts';
import type { FailureRule } from '../policy/failure-rule.ts';
import { didYouMean } from '../policy/file/nearest.ts';
import type { Reading } from '../policy/file/shape.ts';
import type { Problem } from '../policy/problem.ts';
import type { GatewayDocument } from './gateway-schema.ts';
import type { YamlFile } from './yaml-file.ts';

type Written = NonNullable<GatewayDocument['failures']>[number];

/** The failure rules of gateway.yaml. Their `when` is that of a policy rule, read by the same code. */
export function readFailureRules(written: readonly Written[], yaml: YamlFile, options: Pick<Reading, 'file' | 'env' | 'providers'> & { readonly events: readonly string[] }): { readonly rules: readonly FailureRule[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const rules = written.flatMap((rule, index): readonly FailureRule[] => {
    const at = ['failures', index] as const;
    if (written.findIndex(({ id }) => id === rule.id) !== index) problems.push(yaml.problem([...at, 'id'], JSON.stringify(rule.id), 'each id only once'));
    const picking = pickingOf(rule);
    if (picking === null) problems.push(yaml.problem([...at, 'nth'], 'more than one of nth, every and rate', 'one of them, or none for every call'));
    const failing = failingOf(rule.then);
    if (failing === null) problems.push(yaml.problem([...at, 'then'], JSON.stringify(rule.then), 'exactly one of error, throttle, delay, drop and event; after and detail belong to event'));
    if (failing?.kind === 'event' && !options.events.includes(failing.name)) {
      problems.push(yaml.problem([...at, 'then', 'event'], JSON.stringify(failing.name), `an event of a provider${didYouMean(failing.name, options.events)}; GET /api/providers and docs/providers.md list them`));
    }
    const node = yaml.node([...at, 'when']);
    const read = node === null ? undefined : when.read(node, `failures[${index}].when`, { ...options, lines: yaml.lines, problems });
    if (read === undefined || picking === null || failing === null) return [];
    if (read.usesFindings) problems.push(yaml.problem([...at, 'when'], 'finding', 'conditions on the call itself: findings are not waited for here'));
    return [{ id: rule.id, conditions: read.conditions('some'), picking, failing }];
  });
  return { rules, problems };
}

function pickingOf({ nth, every, rate }: Written): Picking | null {
  const given: Picking[] = [];
  if (nth !== undefined) given.push({ kind: 'nth', n: nth });
  if (every !== undefined) given.push({ kind: 'every', n: every });
  if (rate !== undefined) given.push({ kind: 'rate', rate });
  return given.length > 1 ? null : given[0] ?? { kind: 'all' };
}

function failingOf({ error, throttle, delay, drop, event, after, detail }: Written['then']): Failing | null {
  const given: Failing[] = [];
  if (error !== undefined) given.push({ kind: 'error', status: error });
  if (throttle !== undefined) given.push({ kind: 'throttle', seconds: throttle });
  if (delay !== undefined) given.push({ kind: 'delay', ms: delay });
  if (drop !== undefined) given.push({ kind: 'drop' });
  if (event !== undefined) given.push({ kind: 'event', name: event, afterMs: after ?? 1_000, detail: detail ?? null });
  return given.length === 1 && (event !== undefined || (after === undefined && detail === undefined)) ? given[0]! : null;
}
