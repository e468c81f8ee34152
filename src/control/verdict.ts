import type { Action } from '../model/decision.ts';
import type { EnrichmentState, Outcome } from '../model/capture.ts';
import type { Standing } from '../model/recipient.ts';
import type { Liveness } from '../model/side-effect.ts';
import { expectationText } from './expectations.ts';
import type { CaptureExpectation, Expectation } from './expectations.ts';

/** What a verdict needs to know of one capture. */
export interface JudgedCapture {
  readonly id: string;
  readonly service: string;
  readonly action: Action;
  readonly rule: string;
  readonly outcome: Outcome;
  readonly enrichment: EnrichmentState;
  readonly decoded: 'effects' | 'read' | 'unrecognized';
  readonly liveness: Liveness;
  readonly standings: readonly Standing[];
  readonly findings: readonly string[];
  /** a forward that reached nobody: to one of our own services, or all recipients safe and not live */
  readonly sendsNothingReal: boolean;
}

/** Something that makes the record incomplete, or its reading doubtful. */
export interface Doubt {
  /** 'crash', 'store-error', 'tls-rejected', 'unknown-run', 'ambiguous-run', 'eviction', 'too-many', 'breaker' ... */
  readonly cause: string;
  readonly captures: readonly string[];
  readonly why: string;
}

/** Everything a verdict depends on: gathered by facts.ts, judged here. */
export interface Facts {
  /** captures in scope, oldest first */
  readonly captures: readonly JudgedCapture[];
  /** calls of nobody inside the window of the run that is asked about */
  readonly unattributed: readonly JudgedCapture[];
  readonly doubts: readonly Doubt[];
}

export interface Reason {
  readonly kind: 'fail' | 'inconclusive';
  /** the expectation as written, or the cause of doubt */
  readonly expectation: string;
  /** ids, oldest first */
  readonly captures: readonly string[];
  readonly why: string;
}

export interface Counts {
  readonly captures: number;
  readonly captured: number;
  readonly forwarded: number;
  readonly rejected: number;
  readonly unrecognized: number;
  readonly realRecipients: number;
  readonly liveCredentials: number;
  readonly findings: number;
  readonly unattributed: number;
}

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reasons: readonly Reason[];
  readonly counts: Counts;
}

/** Breaks an expectation that holds for each capture by itself? One line each: the whole meaning of the word. */
const broken: Readonly<Record<CaptureExpectation, (capture: JudgedCapture) => boolean>> = {
  'no-forwarded': ({ action }) => action === 'forward',
  'no-real-sends': ({ action, sendsNothingReal }) => action === 'forward' && !sendsNothingReal,
  'no-real-recipients': ({ standings }) => standings.some((standing) => standing === 'real' || standing === 'unknown' || standing === 'invalid'),
  'no-live-credentials': ({ liveness, findings }) => liveness === 'live' || findings.includes('live-credential'),
  'no-unrecognized': ({ decoded }) => decoded === 'unrecognized',
  'no-findings': ({ findings }) => findings.length > 0,
};

/**
 * What was not understood may hide a real recipient or a live key: no pass where that is asked. Not so between our own
 * services, where no vendor's key and nobody's address is meant.
 */
const hidden: Readonly<Partial<Record<CaptureExpectation, string>>> = {
  'no-real-recipients': 'whom they aimed at is not known',
  'no-live-credentials': 'with whose credential is not known',
};

const words: Readonly<Record<CaptureExpectation, string>> = {
  'no-forwarded': 'left the gateway',
  'no-real-sends': 'left the gateway and were not proved harmless',
  'no-real-recipients': 'aimed at somebody real, unknown or invalid',
  'no-live-credentials': 'carried a live credential',
  'no-unrecognized': 'could not be understood',
  'no-findings': 'have findings',
};

/**
 * The verdict of interface.md: fail, then inconclusive, then pass. It is 'pass' only when every expectation holds and
 * nothing whatever is in doubt, so nothing that is added to `doubts` can ever turn into a pass.
 */
export function verdict(facts: Facts, expectations: readonly Expectation[]): Verdict {
  const fails = expectations.flatMap((expectation) => failure(facts, expectation));
  const doubts = [
    ...openOutcomes(facts.captures),
    ...facts.doubts.map((doubt): Reason => ({ kind: 'inconclusive', expectation: doubt.cause, captures: doubt.captures, why: doubt.why })),
    ...expectations.flatMap((expectation) => doubtOf(facts, expectation)),
  ];
  return {
    verdict: fails.length > 0 ? 'fail' : doubts.length > 0 ? 'inconclusive' : 'pass',
    reasons: [...fails, ...doubts],
    counts: counts(facts),
  };
}

function failure({ captures }: Facts, expectation: Expectation): readonly Reason[] {
  const text = expectationText(expectation);
  const fail = (ids: readonly string[], why: string): readonly Reason[] => [{ kind: 'fail', expectation: text, captures: ids, why }];
  switch (expectation.kind) {
    case 'min-captures': return [];
    case 'max-captures': return captures.length > expectation.count
      ? fail(captures.slice(expectation.count).map(({ id }) => id), `${captures.length} captures, at most ${expectation.count} expected`) : [];
    case 'seen': return captures.some(({ service }) => service === expectation.service)
      ? [] : fail([], `no call of the service ${expectation.service} was captured`);
    default: {
      const offenders = captures.filter(broken[expectation.kind]).map(({ id }) => id);
      return offenders.length > 0 ? fail(offenders, `${offenders.length} of ${captures.length} captures ${words[expectation.kind]}`) : [];
    }
  }
}

/** What an expectation itself leaves in doubt, although no capture in scope breaks it. */
function doubtOf({ captures, unattributed }: Facts, expectation: Expectation): readonly Reason[] {
  const text = expectationText(expectation);
  const doubt = (ids: readonly string[], why: string): readonly Reason[] => [{ kind: 'inconclusive', expectation: text, captures: ids, why }];
  switch (expectation.kind) {
    case 'min-captures': return captures.length < expectation.count
      ? doubt([], `${captures.length} captures, at least ${expectation.count} expected: did the calls go through the gateway at all?`) : [];
    case 'max-captures': return captures.length <= expectation.count && captures.length + unattributed.length > expectation.count
      ? doubt(unattributed.map(({ id }) => id), `with the unattributed calls in the run's window there would be more than ${expectation.count} captures`) : [];
    case 'seen': return [];
    default: {
      const offenders = unattributed.filter(broken[expectation.kind]).map(({ id }) => id);
      const unread = expectation.kind === 'no-findings' ? captures.filter(({ enrichment }) => enrichment !== 'done').map(({ id }) => id) : [];
      const why = hidden[expectation.kind];
      const opaque = why === undefined ? [] : [...captures, ...unattributed].filter((capture) => opaqueOf(capture) && !broken[expectation.kind](capture)).map(({ id }) => id);
      return [
        ...(opaque.length > 0 ? doubt(opaque, `${opaque.length} calls could not be understood, so ${why}`) : []),
        ...(offenders.length > 0 ? doubt(offenders, `${offenders.length} unattributed calls in the run's window ${words[expectation.kind]}: they may be this run's`) : []),
        ...(unread.length > 0 ? doubt(unread, `${unread.length} captures were not read to the end, so what is odd about them is not known`) : []),
      ];
    }
  }
}

function opaqueOf({ decoded, action, sendsNothingReal }: JudgedCapture): boolean {
  return decoded === 'unrecognized' && !(action === 'forward' && sendsNothingReal);
}

function openOutcomes(captures: readonly JudgedCapture[]): readonly Reason[] {
  const open = captures.filter(({ outcome }) => outcome === 'pending' || outcome === 'unknown').map(({ id }) => id);
  return open.length === 0 ? [] : [{
    kind: 'inconclusive', expectation: 'outcome', captures: open, why: `the outcome of ${open.length} calls is not known: they may have reached somebody`,
  }];
}

function counts({ captures, unattributed }: Facts): Counts {
  const having = (test: (capture: JudgedCapture) => boolean): number => captures.filter(test).length;
  return {
    captures: captures.length,
    captured: having(({ action }) => action === 'capture'),
    forwarded: having(broken['no-forwarded']),
    rejected: having(({ action }) => action === 'reject'),
    unrecognized: having(broken['no-unrecognized']),
    realRecipients: having(broken['no-real-recipients']),
    liveCredentials: having(broken['no-live-credentials']),
    findings: having(broken['no-findings']),
    unattributed: unattributed.length,
  };
}

/** Does any expectation look into content that is read after the acknowledgement? Then the verdict waits for it. */
export function needsContent(expectations: readonly Expectation[]): boolean {
  return expectations.some(({ kind }) => kind === 'no-findings' || kind === 'no-live-credentials');
}

