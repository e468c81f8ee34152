import type { Shape } from '../file/shape.ts';
import { as, mapping, oneOrMany, optional } from '../file/shape.ts';
import { amount } from './amount.ts';
import { channel, decoded, liveness, operation, provider } from './call.ts';
import type { Condition, MakeCondition, Quantifier } from './condition.ts';
import { and, not, opposite, or } from './condition.ts';
import { finding } from './finding.ts';
import { run, service, space } from './origin.ts';
import { recipients } from './recipients.ts';
import { host, method, path, port } from './target.ts';

/** The `when` of a rule. Its keys are all to hold. */
export interface When {
  conditions(quantifier: Quantifier): readonly Condition[];
  /** it has a `host` condition of its own (not inside `not`) that is more than `*` */
  readonly namesHosts: boolean;
  readonly usesFindings: boolean;
}

const schemaId = '#/$defs/when';

/** `not` holds a `when` again. Read lazily; in the schema by reference. */
const nested: Shape<When> = { schema: { $ref: schemaId }, read: (node, key, reading) => when.read(node, key, reading) };

const fields = {
  host: optional(host),
  port: optional(port),
  method: optional(method),
  path: optional(path),
  provider: optional(provider),
  operation: optional(operation),
  channel: optional(channel),
  liveness: optional(liveness),
  space: optional(space),
  service: optional(service),
  run: optional(run),
  decoded: optional(decoded),
  recipients: optional(recipients),
  amount: optional(amount),
  finding: optional(finding),
  not: optional(oneOrMany(nested)),
};

/** Every condition of the language, in the order of the documentation. */
export const conditionNames: readonly string[] = Object.keys(fields);

export const when: Shape<When> = as(mapping(fields, { least: 1 }), (given) => {
  const { host: hosts, not: denied, ...others } = given;
  const makers: readonly MakeCondition[] = [
    ...(hosts === null ? [] : [hosts.make]),
    ...Object.values(others).filter((maker) => maker !== null),
    ...(denied === null ? [] : [negation(denied)]),
  ];
  return {
    conditions: (quantifier) => makers.map((make) => make(quantifier)),
    namesHosts: hosts?.namesHosts ?? false,
    usesFindings: given.finding !== null || (denied ?? []).some((each) => each.usesFindings),
  };
});

/** Not one of these. */
function negation(denied: readonly When[]): MakeCondition {
  return (quantifier) => {
    const branches = denied.map((each) => each.conditions(opposite(quantifier)));
    return {
      sentence: `not (${or(branches.map((parts) => parts.map((part) => part.sentence).join(' and ')))})`,
      holds: (input) => and(branches.map((parts) => not(and(parts.map((part) => part.holds(input)))))),
    };
  };
}
