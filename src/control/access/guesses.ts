import type { CaptureFilter } from '../../model/store.ts';
import type { Claim } from '../../model/run.ts';
import type { Shown } from '../masking/shown-address.ts';
import { Problem } from '../problem.ts';
import type { Caller } from './caller.ts';

/** Different addresses of real people that a masked caller may ask about in an hour. A masked number leaves so few that all could be tried. */
export const mostAsked = 1_000;
const window = 3_600_000;

/** Throws a Problem where somebody tries one address after another. */
export type Guesses = (caller: Caller, addresses: readonly string[], shown: Shown) => void;

export function guesses(now: () => number): Guesses {
  const asked = new Map<string, { readonly since: number; readonly addresses: Set<string> }>();
  return ({ actor, masked }, addresses, shown) => {
    if (!masked) return;
    const real = addresses.map((address) => address.toLowerCase()).filter((address) => !shown(address.includes('@') ? 'email' : 'phone', address));
    if (real.length === 0) return;
    const before = asked.get(actor);
    const current = before === undefined || before.since + window <= now() ? { since: now(), addresses: new Set<string>() } : before;
    asked.set(actor, current);
    for (const address of real) {
      if (current.addresses.has(address)) continue;
      if (current.addresses.size >= mostAsked) throw new Problem(429, 'Too many addresses', `${mostAsked} different addresses of real people were asked for within an hour, and they are masked for you; role unmasker may ask for any`);
      current.addresses.add(address);
    }
  };
}

/** Whom a filter asks about. Patterns name nobody: what they may be is in lookups.ts. */
export function namedBy({ recipient = [], q = '' }: CaptureFilter): readonly string[] {
  return [...recipient.filter((address) => !address.includes('*')), ...q.match(/\+?[0-9][0-9 ().\-/]{5,}[0-9]/g) ?? []];
}

export function claimed(claims: readonly Claim[]): readonly string[] {
  return claims.flatMap((claim) => (claim.kind === 'recipient' && !claim.pattern.includes('*') ? [claim.pattern] : []));
}
