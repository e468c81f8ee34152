import type { ValueCount } from '../model/store.ts';

/** How many captures are looked at, newest first, for a total or a side bar where sums cannot tell. Smaller in tests. */
export const defaultLookedAt = 5_000;

/** Captures that match, by profile and run; `counted`: only so many, the newest, were counted, or null where it is all of them. */
export interface Tallies {
  readonly profiles: ReadonlyMap<number, number>;
  readonly runs: ReadonlyMap<string, number>;
  readonly counted: number | null;
}

/** Rows of (profile, run, captures) added up. */
export function tallied(rows: readonly { readonly profile: number; readonly run: string | null; readonly captures: number }[], counted: (sum: number) => number | null): Tallies {
  const profiles = new Map<number, number>();
  const runs = new Map<string, number>();
  let sum = 0;
  for (const { profile, run, captures } of rows) {
    profiles.set(profile, (profiles.get(profile) ?? 0) + captures);
    if (run !== null) runs.set(run, (runs.get(run) ?? 0) + captures);
    sum += captures;
  }
  return { profiles, runs, counted: counted(sum) };
}

/** By the values that profiles have; the most first. */
export function byValue(values: readonly { readonly profile: number; readonly value: string }[], profiles: ReadonlyMap<number, number>): readonly ValueCount[] {
  const sums = new Map<string, number>();
  for (const { profile, value } of values) sums.set(value, (sums.get(value) ?? 0) + (profiles.get(profile) ?? 0));
  return mostFirst(sums);
}

export function mostFirst(counts: ReadonlyMap<string, number>): readonly ValueCount[] {
  return [...counts].filter(([, count]) => count > 0).map(([value, count]) => ({ value, count }))
    .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1));
}
