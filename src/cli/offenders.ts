import type { Capture } from '../model/capture.ts';
import type { Reason } from '../control/verdict.ts';
import { Refused } from '../testing/client.ts';
import type { Client } from '../testing/client.ts';
import { policyLine } from './policy-line.ts';
import { captureLine, printable } from './text.ts';

const shown = 5;

/** A reason in words: what was expected, who broke it, by which rule, and the line to look at. */
export async function reasonText(client: Client, reason: Reason): Promise<string> {
  const lines = [`${reason.kind === 'fail' ? 'FAIL' : 'INCONCLUSIVE'}  ${reason.expectation}: ${printable(reason.why)}`];
  for (const id of reason.captures.slice(0, shown)) {
    const capture = await client.capture(id).catch(gone);
    lines.push(...capture === null ? [`  ${id}  (deleted meanwhile)`] : [`  ${captureLine(capture)}`, `    ${await where(client, capture)}`]);
  }
  if (reason.captures.length > shown) lines.push(`  and ${reason.captures.length - shown} more`);
  return lines.join('\n');
}

/** 'decided by rule mail-out, config/policy.yaml:31: because ...'. */
async function where(client: Client, { decision }: Capture): Promise<string> {
  const by = `decided by ${decision.rule === 'default' ? 'the default' : decision.rule}`;
  const why = printable(decision.reason);
  if (decision.rule.startsWith('gateway:')) return `${by}, a check of the gateway's own that no policy line changes: ${why}`;
  const now = await client.policy();
  const line = policyLine(now.text, decision.rule);
  const file = now.file ?? 'FOURTHWALL_POLICY';
  if (now.sha256 === decision.policy.sha256) return line === null ? `${by} in ${file}: ${why}` : `${by}, change ${file}:${line}: ${why}`;
  return `${by} of an earlier policy (${decision.policy.sha256.slice(0, 12)})${line === null ? '' : `, now at ${file}:${line}`}: ${why}`;
}

function gone(error: unknown): null {
  if (error instanceof Refused && error.status === 404) return null;
  throw error;
}
