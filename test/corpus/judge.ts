import type { Decoded } from '../../src/model/side-effect.ts';
import type { Recipient } from '../../src/model/recipient.ts';
import { guard } from '../../src/policy/guard.ts';
import type { Case } from './case.ts';
import type { HttpReply } from './conversation.ts';

/** As the control API gives a capture, as far as the judge looks. */
export interface Capture {
  readonly id: string;
  readonly seq: number;
  readonly protocol: string;
  readonly provider: string;
  readonly action: string;
  readonly outcome: string;
  readonly rule: string;
  readonly recipients: readonly Recipient[];
  readonly findings: readonly { readonly id: string }[];
  readonly request: { readonly kind: string; readonly url?: string };
  readonly decoded: Decoded<Recipient>;
  readonly decision: { readonly reason: string };
}

/** All that is known of one case after it was played. */
export interface Evidence {
  /** oldest first */
  readonly captures: readonly Capture[];
  readonly replies: readonly Pick<HttpReply, 'status' | 'headers'>[];
  /** SMTP codes behind the greeting, in order */
  readonly codes: readonly number[];
  readonly acks: number;
  /** the gateway ended the connection */
  readonly cutOff: boolean;
  /** names asked for and addresses dialled that no exemption covers */
  readonly leaks: readonly string[];
  /** requests that the stand-in got */
  readonly sent: readonly string[];
  readonly location: string | null;
  readonly note: string;
}

type Judge = (evidence: Evidence, one: Case) => string | null;

/** A forward that the dialer refused is a refusal: it failed, and nothing was dialled. */
const isRefused = ({ action, outcome }: Capture): boolean => action === 'reject' || (action === 'forward' && outcome === 'failed');
const kept = ({ captures }: Evidence): readonly Capture[] => captures.filter((found) => !isRefused(found));
const refusals = ({ captures }: Evidence): readonly Capture[] => captures.filter(isRefused);

/** Somebody looking at it would be warned: a finding, somebody who is not known to be safe, or a call nobody understood. */
function isFlagged({ findings, recipients, decoded }: Capture): boolean {
  return findings.length > 0 || decoded.kind === 'unrecognized' || recipients.some(({ standing }) => standing !== 'safe');
}

const capture: Judge = (evidence, one) => {
  const [first] = kept(evidence);
  if (first === undefined) return 'nothing was captured';
  if (evidence.captures.some(({ action, outcome }) => action === 'forward' || !['captured', 'rejected'].includes(outcome))) return 'something is not merely captured';
  if (one.channel === 'http' && evidence.replies.length === 0) return 'no answer came';
  if (one.expect !== 'capture') return null;
  if (one.channel === 'smtp' && evidence.acks === 0) return 'the message was not acknowledged';
  if ((evidence.replies[0]?.status ?? 0) >= 500) return `the answer is ${evidence.replies[0]?.status}`;
  if (one.routed_to !== undefined) return new URL(first.request.url ?? 'about:blank').host === one.routed_to ? null : `it went to ${first.request.url}, not ${one.routed_to}`;
  if (one.recipients !== undefined && `${first.recipients.map(({ address }) => address)}` !== `${one.recipients}`) return `its recipients are ${first.recipients.map(({ address }) => address)}`;
  return first.decoded.kind !== 'unrecognized' && first.recipients.every(({ standing }) => standing === 'safe') ? null : 'a harmless call is flagged';
};

const judges: Readonly<Record<string, Judge>> = {
  capture,
  'capture-unsafe': (evidence, one) => capture(evidence, one) ?? (kept(evidence).every(isFlagged) ? null : 'captured, but nothing warns of it'),
  deny(evidence, one) {
    const status = evidence.replies.at(-1)?.status;
    if (kept(evidence).length > 0) return `it was ${kept(evidence)[0]?.action}d by ${kept(evidence)[0]?.rule}`;
    if (status !== undefined && status < 400) return `the answer is ${status}`;
    if (one.fault === 'store-down') return status === 503 && evidence.captures.length === 0 ? null : `the answer is ${status}, not 503`;
    if (refusals(evidence).length === 0) return 'nobody wrote down that it was refused';
    if (refusals(evidence).some(({ decision }) => decision.reason === '')) return 'no reason was written down';
    return null;
  },
  intercept: (evidence, one) => capture(evidence, one),
  'no-follow'(evidence) {
    if (evidence.sent.length !== 1) return `the sandbox got ${evidence.sent.length} requests: ${evidence.sent.join(', ')}`;
    const [reply] = evidence.replies;
    if (reply === undefined || reply.status < 300 || reply.status > 399) return `the answer is ${reply?.status}, not the redirect`;
    return reply.headers.get('location') === evidence.location ? null : 'the redirect is not given back as it was';
  },
  strip(evidence) {
    const [reply] = evidence.replies;
    if (reply === undefined || evidence.sent.length !== 1) return 'the sandbox was not asked once';
    const way = ['alt-svc', 'alternate-protocol', 'alt-used', 'proxy-authenticate', 'refresh'].find((name) => reply.headers.has(name));
    return way === undefined ? null : `the answer carries ${way}`;
  },
  disconnect: (evidence) => (kept(evidence).length > 0 ? 'something was captured' : evidence.cutOff ? null : 'the connection was left open'),
  'deny-second'(evidence) {
    const [first, second, ...more] = evidence.replies;
    if (first === undefined || second === undefined || more.length > 0) return `${evidence.replies.length} answers came`;
    return first.status < 300 && second.status >= 400 && second.status < 500 ? null : `the answers are ${first.status} and ${second.status}`;
  },
  'capture-no-relay'(evidence, one) {
    if (evidence.captures.length === 0) return 'nothing was written down';
    const stays = (found: Capture): boolean => found.outcome === 'captured'
      && (one.flag !== undefined || !/@(?!example\.test|ourcompany\.test)[\w-]/.test(one.input) || !guard(found.decoded, { relay: true }).ok);
    // Of several messages in one session the harmless ones may be relayable.
    const doubtful = typeof one.stored === 'number' && one.stored > 1 ? kept(evidence).slice(-1) : kept(evidence);
    const loose = doubtful.find((found) => !stays(found));
    return loose === undefined ? null : `a relay might take it (${loose.outcome})`;
  },
  reject(evidence) {
    if (kept(evidence).length > 0 || evidence.acks > 0) return `${kept(evidence).length} messages were kept, ${evidence.acks} acknowledged`;
    return evidence.codes.some((code) => code >= 400) ? null : `no refusal in ${evidence.codes.join(' ')}`;
  },
  'reject-second': (evidence) => (evidence.codes.some((code) => code >= 500) && kept(evidence).length <= 1 ? null : `answers ${evidence.codes.join(' ')}`),
  'one-or-reject'(evidence) {
    if (kept(evidence).length > 1) return `${kept(evidence).length} messages were made of one`;
    return kept(evidence).every(({ recipients }) => recipients.every(({ role, address }) => role !== 'envelope' || !address.includes('gmail.com'))) ? null : 'the smuggled envelope was taken';
  },
  'not-stored': (evidence) => (kept(evidence).length === 0 && evidence.acks === 0 ? null : `${kept(evidence).length} kept, ${evidence.acks} acknowledged`),
  'no-send': (evidence) => (kept(evidence).length === 0 && evidence.acks === 0 ? null : 'something was taken'),
};

export interface Judgement {
  /** in what way something could have got out, or what the case wants and did not get; empty: contained */
  readonly faults: readonly string[];
  /** a control was refused or flagged, though nothing got out */
  readonly falseAlarm: string | null;
}

/** How many calls may be decided to go anywhere but to a refusal: one request seen, one decided. */
function mostKept(one: Case): number {
  if (one.expect === 'deny-second') return 2;
  if (one.channel === 'smtp') return Math.max(1, ...String(one.stored ?? 1).split(/\D+/).filter(Boolean).map(Number));
  return 1;
}

export function judge(one: Case, evidence: Evidence): Judgement {
  const open = kept(evidence);
  const faults = evidence.leaks.map((leak) => `it got out: ${leak}`);
  if (open.length > mostKept(one)) faults.push(`${open.length} calls were made of one`);
  const verdicts = one.expect.split('|').map((verdict) => (judges[verdict] ?? (() => `no such verdict: ${verdict}`))(evidence, one));
  const failed = verdicts.every((why) => why !== null);
  const words = [...new Set(verdicts)].join('; ');
  const isControl = ['capture', 'intercept'].includes(one.expect);
  if (failed && !isControl) faults.push(`${words} [${evidence.note}]`);
  if (!failed && typeof one.stored === 'number' && open.length !== one.stored) faults.push(`${open.length} messages are kept, not ${one.stored}`);
  return { faults, falseAlarm: failed && isControl ? `${words} [${evidence.note}]` : null };
}
