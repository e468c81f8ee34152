import type { Node } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import { rule as ruleShape, safe as safeShape } from './file/policy-file.ts';
import type { Reading, Shape } from './file/shape.ts';
import { report } from './file/shape.ts';
import type { Rule } from './policy.ts';
import type { Safe } from './safe.ts';
import { judge } from './standing.ts';

/** What one rule's own shape cannot see: ids that occur twice, and forwards that could never be meant. */
export function checkRules(root: Node, reading: Reading): void {
  if (!isMap(root)) return;
  const list = root.get('rules', true) as unknown;
  if (!isSeq(list)) return;
  const safe = quietly(safeShape, root.get('safe', true), reading);
  const seen = new Map<string, number>();
  for (const [index, item] of list.items.entries()) {
    if (!isMap(item)) continue;
    const id = item.get('id', true) as unknown;
    if (isScalar(id) && typeof id.value === 'string') {
      const first = seen.get(id.value);
      if (first === undefined) seen.set(id.value, index);
      else report(id, `rules[${index}].id`, reading, `an id of its own: rules[${first}] has it too`);
    }
    const rule = quietly(ruleShape, item, reading);
    if (rule !== undefined) checkForward(rule, item, `rules[${index}].then.forward`, safe, reading);
  }
}

/** Reads again without reporting: what is wrong in the part itself was said at the first reading. */
function quietly<T>(shape: Shape<T>, node: unknown, reading: Reading): T | undefined {
  return isMap(node) ? shape.read(node, '', { ...reading, problems: [] }) : undefined;
}

function checkForward(rule: Rule, item: Node, key: string, safe: Safe | undefined, reading: Reading): void {
  if (rule.consequence.action !== 'forward') return;
  const { internal, via, rewrites } = rule.consequence.plan;
  const node = (isMap(item) ? item.get('then', true) as unknown as Node | undefined : undefined) ?? item;
  if (internal && !rule.namesHosts) {
    report(node, `${key}.internal`, reading, "a host condition that names our own services (not * and not inside 'not')", 'an internal forward to any host');
  }
  if (internal && via !== null) report(node, `${key}.via`, reading, 'either internal or via: a relay is not one of our own services', 'both');
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'recipients' || rewrite.template === null) continue;
    const example = rewrite.template.replaceAll('{hash}', '0123456789ab').replaceAll('{n}', '1');
    const kind = example.startsWith('+') ? 'phone' : 'email';
    const judged = judge(safe ?? { emails: [], phones: [], devices: [] }, { address: example, kind, role: 'to' });
    if (judged.standing !== 'safe') {
      report(node, `${key}.rewrite.recipients`, reading, 'an address that this policy lists under safe', `one that is ${judged.standing}: ${judged.why}`);
    }
  }
}
