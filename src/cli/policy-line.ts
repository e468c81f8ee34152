/**
 * Where in a policy's text a decision was made: the line of the rule's `id`, or of `default`. Null for the gateway's own
 * checks and for a rule that is not in this text. Counts from 1.
 */
export function policyLine(text: string, rule: string): number | null {
  if (rule.startsWith('gateway:')) return null;
  const escaped = rule.replace(/[^\w]/g, String.raw`\$&`);
  const wanted = rule === 'default' ? /^default\s*:/ : new RegExp(`(?:^|[\\s{,-])id\\s*:\\s*(["']?)${escaped}\\1\\s*(?:$|[,}#])`);
  const at = text.split('\n').findIndex((line) => wanted.test(line));
  return at < 0 ? null : at + 1;
}
