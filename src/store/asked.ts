import type { TermFilter } from './filter.ts';
import type { TimeBounds } from './time-bounds.ts';

/** Captures that have one of these terms: given by id, or (where too many to name match) all terms of a name that match a pattern. */
export interface Condition { readonly name: TermFilter; readonly terms: readonly number[]; readonly patterns: readonly string[] }

/** Captures of one profile, of one run (null: whatever the run), with their number: read newest first from an index. */
export interface Stream { readonly profile: number; readonly run: string | null; readonly captures: number }

/** A filter, looked up. `Words`: what the engine's index of words is asked for. */
export interface AskedOf<Words> {
  /** what profile and run allow; null = everything */
  readonly streams: readonly Stream[] | null;
  readonly posted: readonly Condition[];
  /** null = nothing is searched for */
  readonly words: Words | null;
  /** RFC 3339 or null */
  readonly since: string | null;
  readonly until: string | null;
  readonly whole: TimeBounds['whole'];
  /** inclusive; null = from the first, to the last */
  readonly from: number | null;
  readonly to: number | null;
  /** how many are looked at for a total */
  readonly lookedAt: number;
}
