import type { Capture, CaptureSummary, StoredRequest } from '../model/capture.ts';
import type { Action } from '../model/decision.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded, SideEffect } from '../model/side-effect.ts';
import type { CaptureFilter, Store } from '../model/store.ts';
import { decide } from '../policy/decide.ts';
import type { DecisionInput } from '../policy/input.ts';
import { judgeDecoded } from '../policy/judge-decoded.ts';
import type { Policy } from '../policy/policy.ts';
import { everyCapture } from './pages.ts';

export interface Ruling { readonly action: Action; readonly rule: string }

export interface ReplayedChange {
  readonly capture: string;
  readonly at: string;
  readonly service: string;
  readonly provider: string;
  readonly title: string;
  readonly from: Ruling;
  readonly to: Ruling & { readonly reason: string };
}

export interface Replay {
  readonly policy: { readonly sha256: string };
  /** captures looked at, newest first */
  readonly looked: number;
  /** the filter matches more captures than are looked at */
  readonly more: boolean;
  readonly unchanged: number;
  readonly changed: readonly ReplayedChange[];
  /** captures of which the record does not tell what the draft would decide, and why */
  readonly untold: readonly { readonly capture: string; readonly why: string }[];
}

export interface Replaying {
  readonly store: Pick<Store, 'list' | 'capture'>;
  readonly draft: Policy;
  readonly filter: CaptureFilter;
  readonly most: number;
  readonly channelsOf: (provider: string) => readonly string[];
  /** ids of the findings the gateway would have before its decision: those of the call as judged, and those kept of its content */
  readonly findings: (decoded: Decoded<Recipient>, kept: readonly string[]) => readonly string[];
}

/** Decides stored captures again under a draft, from their record: nothing is sent, recorded or counted. */
export async function replay({ store, draft, filter, most, channelsOf, findings }: Replaying): Promise<Replay> {
  const changed: ReplayedChange[] = [];
  const untold: { readonly capture: string; readonly why: string }[] = [];
  let [looked, unchanged, more] = [0, 0, false];
  for await (const { id } of everyCapture(store, filter, Number.MAX_SAFE_INTEGER - 1)) {
    if (looked === most) {
      more = true;
      break;
    }
    const capture = await store.capture(id);
    if (capture === null || capture.direction !== 'out') continue;
    looked += 1;
    const again = redecided(capture, draft, channelsOf, findings);
    if ('why' in again) untold.push({ capture: id, why: again.why });
    else if (again.action === capture.action && again.rule === capture.rule) unchanged += 1;
    else changed.push({ ...told(capture), to: again });
  }
  return { policy: { sha256: draft.sha256 }, looked, more, unchanged, changed, untold };
}

type Again = { readonly action: Action; readonly rule: string; readonly reason: string } | { readonly why: string };

/** The gateway's own checks that stand after the rules: what they found then need not be found under other rules. */
const ofTheRules = new Set(['gateway:guard', 'gateway:undecided', 'gateway:decision']);
const afterwards = new Set(['gateway:simulation', 'gateway:conflict', 'gateway:forward', 'gateway:rewrite']);

function redecided(capture: Capture, draft: Policy, channelsOf: Replaying['channelsOf'], findings: Replaying['findings']): Again {
  const { rule, action, decision } = capture;
  if (rule === 'gateway:breaker') return { why: 'it was refused by the mailshot breaker, which depends on what else was sent at that time' };
  if (afterwards.has(rule)) return { why: `it was refused by ${rule} after the rules had decided; which rule that was is not kept` };
  // A fault of the call itself comes before any rule, whatever the policy.
  if (rule.startsWith('gateway:') && !ofTheRules.has(rule)) return { action, rule, reason: decision.reason };
  if (capture.redactions.some(({ where }) => /^request\.(?:url|path)/.test(where))) return { why: 'a secret was cut out of its path, so conditions on the path cannot be told' };
  if (draft.usesFindings && capture.enrichment !== 'done' && capture.decoded.kind === 'effects') return { why: 'the draft asks for findings, and its content was not read to the end' };
  const decoded = judgeDecoded(draft.safe, decodedOf(capture));
  const input: DecisionInput = {
    stage: 'whole', run: capture.run, decoded, target: targetOf(capture.request),
    origin: { space: capture.space, service: capture.service, run: capture.run, trace: capture.trace, address: '', via: capture.protocol === 'smtp' ? 'smtp' : 'proxy' },
    provider: capture.provider === 'unknown' ? null : { name: capture.provider, channels: channelsOf(capture.provider) },
    findings: findings(decoded, capture.findings.map(({ id }) => id)),
    facts: { tripped: null },
  };
  const verdict = decide(draft, input);
  if (!('action' in verdict)) return { why: 'the draft comes to no decision about it' };
  if (verdict.action === 'forward' && (verdict.plan.rewrites.length > 0 || verdict.plan.via !== null)) {
    if (rule.startsWith('gateway:')) return { why: `rule ${verdict.rule} of the draft would forward it made anew, and what is made of it was refused by ${rule} before; whether it would be again cannot be told` };
    return { action: 'forward', rule: verdict.rule, reason: `${verdict.reason} (if what is made of it passes the guard)` };
  }
  return { action: verdict.action, rule: verdict.rule, reason: verdict.reason };
}

/** What was decoded stands in the record as plain JSON; only the bytes of attachments do not, and no condition asks for them. */
function decodedOf({ decoded }: Capture): Decoded {
  if (decoded.kind !== 'effects') return decoded;
  return { kind: 'effects', effects: decoded.effects as unknown as readonly SideEffect[] };
}

function targetOf(request: StoredRequest): DecisionInput['target'] {
  switch (request.kind) {
    case 'mail': return null;
    case 'connect': case 'unreadable':
      return request.authority === null ? null : { scheme: 'https', ...request.authority, method: null, path: null };
    case 'http': {
      const [, scheme, authority = '', path = '/'] = /^(https?):\/\/([^/?#]*)([^?#]*)/.exec(request.url) ?? [];
      const [, host = authority, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(authority) ?? [];
      const plain = scheme === 'http' ? 80 : 443;
      return { scheme: scheme === 'http' ? 'http' : 'https', host, port: port === undefined ? plain : Number(port), method: request.method, path: path === '' ? '/' : path };
    }
  }
}

function told({ id, at, service, provider, title, action, rule }: CaptureSummary): Omit<ReplayedChange, 'to'> {
  return { capture: id, at, service, provider, title, from: { action, rule } };
}
