import type { CaptureFilter } from '../../model/store.ts';
import type { Claim } from '../../model/run.ts';
import { Problem } from '../problem.ts';
import type { Caller } from './caller.ts';

/** A whole address, everybody of a domain, or everybody with a whole tag: nothing that could be tried letter by letter. */
const wholePattern = /^(?:[^*]+|\*@[^*@]+|\*\+[^*@+]+@(?:\*|[^*@]+))$/;

/**
 * What may be asked by whoever is shown masked addresses: a pattern or the beginning of a word, asked again and again with one letter
 * more, would spell out what is hidden.
 */
export function checkLookups(caller: Caller, filter: CaptureFilter): CaptureFilter {
  if (caller.role === 'ci' && (filter.run === undefined || filter.run.includes('ambiguous'))) throw refused("a caller of role ci asks about runs: say run=");
  if (!caller.masked) return filter;
  const pattern = filter.recipient?.find((value) => !wholePattern.test(value));
  if (pattern !== undefined) throw refused(`recipient: ${tells('a whole address, *@domain or *+tag@*')}`);
  if (filter.q !== undefined && /\*/.test(filter.q)) throw refused(`q: ${tells('whole words')}`);
  return filter;
}

export function checkClaims(caller: Caller, claims: readonly Claim[]): void {
  if (!caller.masked) return;
  if (claims.some((claim) => claim.kind === 'recipient' && !wholePattern.test(claim.pattern))) throw refused(`claims: ${tells('a whole address, *@domain or *+tag@*')}`);
}

/** `*` for a whole step of a path, or no `*` at all */
const wholeSteps = /^(?:\/(?:\*\*?|[^*/]*))*$/;

/** Failure rules may ask for recipients by patterns and regular expressions, and an address may stand in a path: what fails would tell whom they fit. Gives the addresses that are named whole. */
export function checkConditions(caller: Caller, rules: unknown): readonly string[] {
  if (!caller.masked) return [];
  if (asked(rules, 'path').some((value) => !wholeSteps.test(value))) throw refused(`failures: path: ${tells('* for whole steps of the path')}`);
  const named = asked(rules, 'recipients');
  const stray = named.find((value) => value.startsWith('/') || !wholePattern.test(value));
  if (stray !== undefined) throw refused(`failures: recipients: ${tells('a standing, a whole address or *@domain')}`);
  return named.filter((value) => /[@+]/.test(value) && !value.includes('*'));
}

/** Every text below a field of this name. */
function asked(value: unknown, of: string, within = false): readonly string[] {
  if (typeof value === 'string') return within ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => asked(item, of, within || name === of));
}

function tells(expected: string): string {
  return `recipients are masked for you, so it takes ${expected} (a pattern would spell them out); role unmasker may ask for anything`;
}

function refused(why: string): Problem {
  return new Problem(403, 'Not allowed', why);
}
