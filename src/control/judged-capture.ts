import type { Capture, CaptureSummary } from '../model/capture.ts';
import type { Store } from '../model/store.ts';
import type { JudgedCapture } from './verdict.ts';

/** A forward is looked at whole, because only its plan tells where it went; a summary is enough for all else. */
export async function judgedCapture(store: Pick<Store, 'capture'>, summary: CaptureSummary): Promise<JudgedCapture> {
  const { id, service, action, rule, outcome, enrichment, liveness } = summary;
  const whole = action === 'forward' ? await store.capture(id) : null;
  return {
    id, service, action, rule, outcome, enrichment, liveness,
    decoded: summary.effectCount > 0 ? 'effects' : summary.operation === null ? 'unrecognized' : 'read',
    standings: summary.recipients.map(({ standing }) => standing),
    findings: summary.findings.map((finding) => finding.id),
    sendsNothingReal: action !== 'forward' || (whole !== null && sendsNothingReal(whole)),
  };
}

/**
 * interface.md, `no-real-sends`: a forward to our own services, or one whose recipients are all safe and which is not
 * live. What was rewritten counts as it left, judged the second time. Unknown liveness counts as live for what leaves,
 * except by a relay: that mail carries no caller's credential.
 */
export function sendsNothingReal({ decision, decoded, recipients, liveness }: Pick<Capture, 'decision' | 'decoded' | 'recipients' | 'liveness'>): boolean {
  if (decision.action !== 'forward') return true;
  const { internal, via, sent } = decision.plan;
  if (internal) return true;
  if (decoded.kind === 'unrecognized') return false;
  const left = sent ?? { recipients, liveness };
  const allSafe = left.recipients.every(({ standing }) => standing === 'safe');
  return allSafe && (left.liveness === 'test' || (via !== null && left.recipients.length > 0));
}
