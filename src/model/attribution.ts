import type { Key } from './capture.ts';
import { runKey } from './correlation.ts';
import type { Origin } from './origin.ts';
import type { Recipient } from './recipient.ts';
import type { Claim, Run } from './run.ts';
import type { Decoded } from './side-effect.ts';

/** A call with claims of two open runs on it belongs to neither: both verdicts are inconclusive. Never the name of a run. */
export const ambiguous = 'ambiguous';

const runGrammar = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** interface.md, "Who called, in which run". */
export function isRunName(name: string): boolean {
  return runGrammar.test(name) && name !== ambiguous;
}

/** What of a call can tell its run. */
export interface AttributableCall {
  readonly origin: Pick<Origin, 'space' | 'service' | 'run'>;
  readonly decoded: Decoded<Recipient>;
  readonly keys: readonly Key[];
  readonly trace: string | null;
}

/**
 * Which run a call belongs to: first what the caller said (header, credential, baggage: `origin.run`), then what the
 * message says (`fourthwall_run`), then the claims of open runs. A name outside the grammar is not an attribution.
 * @returns a run's name, 'ambiguous', or null for nobody's
 */
export function attributeRun(call: AttributableCall, openRuns: readonly Run[]): string | null {
  if (call.origin.run !== null) return call.origin.run;
  const named = distinct(call.keys.filter(({ name, value }) => name === runKey && isRunName(value)).map(({ value }) => value));
  if (named.length > 0) return onlyOne(named);
  const recipients = call.decoded.kind === 'effects' ? call.decoded.effects.flatMap((effect) => effect.recipients) : [];
  const seen: ClaimableCall = { space: call.origin.space, service: call.origin.service, recipients, keys: call.keys, trace: call.trace };
  const claiming = distinct(openRuns.filter((run) => run.closedAt === null && claims(run, seen)).map(({ name }) => name));
  return claiming.length === 0 ? null : onlyOne(claiming);
}

/** What of a call, or of its capture, a claim can be about. */
export interface ClaimableCall {
  readonly space: string | null;
  readonly service: string;
  readonly recipients: readonly { readonly address: string }[];
  readonly keys: readonly Key[];
  readonly trace: string | null;
}

/** Does one of the run's claims hold? A run of another space has no claim. */
export function claims(run: Pick<Run, 'space' | 'claims'>, call: ClaimableCall): boolean {
  if (run.space !== null && call.space !== null && run.space !== call.space) return false;
  return run.claims.some((claim) => holds(claim, call));
}

function holds(claim: Claim, call: ClaimableCall): boolean {
  switch (claim.kind) {
    case 'service': return call.service === claim.service;
    case 'trace': return call.trace !== null && call.trace === claim.trace.toLowerCase();
    case 'key': return call.keys.some(({ name, value }) => value === claim.value || `${name}:${value}` === claim.value);
    case 'recipient': return call.recipients.some(({ address }) => matchesPattern(claim.pattern, address));
  }
}

/** '*' stands for any characters; case does not count. Linear in the length of the address for each '*'. */
function matchesPattern(pattern: string, address: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = address.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function onlyOne(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : ambiguous;
}
