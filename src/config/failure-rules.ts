import type { Failing, Picking } from '../model/failure.ts';
import { when } from '../policy/conditions/when.ts';
import type { FailureRule } from '../policy/failure-rule.ts';
import { didYouMean } from '../policy/file/nearest.ts';
import type { Reading } from '../policy/file/shape.ts';
import type { Problem } from '../policy/problem.ts';
import { FailuresSchema, type GatewayDocument } from './gateway-schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

type Written = NonNullable<GatewayDocument['failures']>[number];

/** What failure rules may name of a provider. */
export type FailingProvider = Reading['providers'][number] & { readonly events?: readonly string[]; readonly declines?: readonly string[] };

export interface FailureRules {
  readonly rules: readonly FailureRule[];
  readonly problems: readonly Problem[];
}

/**
 * The failure rules of gateway.yaml. Their `when` is that of a policy rule, read by the same code.
 * @param options.counters set before the id in the name a rule's calls are counted under
 */
export function readFailureRules(written: readonly Written[], yaml: YamlFile, options: Pick<Reading, 'file' | 'env'> & { readonly providers: readonly FailingProvider[]; readonly counters: string }): FailureRules {
  const problems: Problem[] = [];
  const [events, codes] = [options.providers.flatMap((provider) => provider.events ?? []), options.providers.flatMap((provider) => provider.declines ?? [])];
  const rules = written.flatMap((rule, index): readonly FailureRule[] => {
    const at = ['failures', index] as const;
    if (written.findIndex(({ id }) => id === rule.id) !== index) problems.push(yaml.problem([...at, 'id'], JSON.stringify(rule.id), 'each id only once'));
    const picking = pickingOf(rule);
    if (picking === null) problems.push(yaml.problem([...at, 'nth'], 'more than one of nth, every and rate', 'one of them, or none for every call'));
    const failing = failingOf(rule.then);
    if (failing === null) problems.push(yaml.problem([...at, 'then'], JSON.stringify(rule.then), 'exactly one of error, throttle, delay, drop, decline and event; after and detail belong to event'));
    if (failing?.kind === 'event' && !events.includes(failing.name)) {
      problems.push(yaml.problem([...at, 'then', 'event'], JSON.stringify(failing.name), `an event of a provider${didYouMean(failing.name, events)}; GET /api/providers and docs/providers.md list them`));
    }
    if (failing?.kind === 'decline' && failing.code !== null && !codes.includes(failing.code)) {
      problems.push(yaml.problem([...at, 'then', 'decline'], JSON.stringify(failing.code), `true, or a code of a provider${didYouMean(failing.code, codes)}; GET /api/providers and docs/providers.md list them`));
    }
    const node = yaml.node([...at, 'when']);
    const read = node === null ? undefined : when.read(node, `failures[${index}].when`, { ...options, lines: yaml.lines, problems });
    if (read === undefined || picking === null || failing === null) return [];
    if (read.usesFindings) problems.push(yaml.problem([...at, 'when'], 'finding', 'conditions on the call itself: findings are not waited for here'));
    return [{ id: rule.id, counter: `${options.counters}${rule.id}`, conditions: read.conditions('some'), picking, failing }];
  });
  return { rules, problems };
}

/** The same for the rules of one run, given as JSON. No variable of the environment can be named there. */
export function loadFailureRules(written: readonly unknown[], options: { readonly counters: string; readonly providers: readonly FailingProvider[] }): FailureRules {
  const file = 'failures';
  const { yaml, problems } = readYaml(JSON.stringify({ failures: written }, null, 1), { file, env: {} });
  const misfits = problems.length > 0 ? problems : schemaProblems(FailuresSchema, yaml);
  if (misfits.length > 0) return { rules: [], problems: misfits };
  const document = yaml.value as { readonly failures: readonly Written[] };
  return readFailureRules(document.failures, yaml, { ...options, file, env: {} });
}

function pickingOf({ nth, every, rate }: Written): Picking | null {
  const given: Picking[] = [];
  if (nth !== undefined) given.push({ kind: 'nth', n: nth });
  if (every !== undefined) given.push({ kind: 'every', n: every });
  if (rate !== undefined) given.push({ kind: 'rate', rate });
  return given.length > 1 ? null : given[0] ?? { kind: 'all' };
}

function failingOf({ error, throttle, delay, drop, decline, event, after, detail }: Written['then']): Failing | null {
  const given: Failing[] = [];
  if (error !== undefined) given.push({ kind: 'error', status: error });
  if (throttle !== undefined) given.push({ kind: 'throttle', seconds: throttle });
  if (delay !== undefined) given.push({ kind: 'delay', ms: delay });
  if (drop !== undefined) given.push({ kind: 'drop' });
  if (decline !== undefined) given.push({ kind: 'decline', code: decline === true ? null : decline });
  if (event !== undefined) given.push({ kind: 'event', name: event, afterMs: after ?? 1_000, detail: detail ?? null });
  return given.length === 1 && (event !== undefined || (after === undefined && detail === undefined)) ? given[0]! : null;
}
