import type { CaptureFilter, CountedBy, ValueCount } from '../../model/store.ts';
import { byValue, defaultLookedAt, mostFirst, tallied, type Tallies } from '../tally.ts';
import { askedOf, type Asked } from './asked.ts';
import { all, walkOf } from './filter.ts';
import { readBy } from './newest.ts';
import { holding } from './read-holding.ts';
import type { Sql } from './sql.ts';

/** How many match; `exact` false: at least so many do, of those that were looked at. */
export function totalOf(sql: Sql, asked: Asked): { readonly total: number; readonly exact: boolean } {
  if (isSum(asked)) return { total: asked.streams === null ? holding(sql, null).captures : asked.streams.reduce((sum, { captures }) => sum + captures, 0), exact: true };
  const walk = walkOf(sql, asked);
  const read = readBy(sql, asked, walk, walk.lookedAt + 1);
  const test = all(walk.tests('d.seq'));
  const { looked, total } = sql.one<{ looked: number; total: number }>(`SELECT count(*) AS looked, count(*) FILTER (WHERE ${test.text}) AS total FROM ${read.text}`, ...test.values, ...read.values)!;
  return { total, exact: looked <= walk.lookedAt };
}

/** How many match, whatever it takes. */
export function counts(sql: Sql, { filter, by }: { readonly filter: CaptureFilter; readonly by: CountedBy }): readonly ValueCount[] {
  return valuesOf(sql, by, tallies(sql, askedOf(sql, filter, defaultLookedAt), [by], 'all'));
}

/** The same of several fields, for the page's side bar: where sums cannot tell, only of the newest. */
export function facetCounts(sql: Sql, { filter, by, lookedAt }: { readonly filter: CaptureFilter; readonly by: readonly CountedBy[]; readonly lookedAt: number }): {
  readonly counts: Readonly<Record<string, readonly ValueCount[]>>; readonly counted: number | null;
} {
  const found = tallies(sql, askedOf(sql, filter, lookedAt), by, 'newest');
  return { counts: Object.fromEntries(by.map((facet) => [facet, valuesOf(sql, facet, found)])), counted: found.counted };
}

function tallies(sql: Sql, asked: Asked | null, by: readonly CountedBy[], which: 'all' | 'newest'): Tallies {
  if (asked === null) return tallied([], () => null);
  if (isSum(asked)) return sums(sql, asked, by.includes('run'));
  const walk = walkOf(sql, asked);
  const most = which === 'all' ? null : walk.lookedAt;
  const read = readBy(sql, asked, walk, most === null ? null : most + 1);
  const test = all(walk.tests('d.seq'));
  const looked = most === null ? 0 : sql.one<{ count: number }>(`SELECT count(*) AS count FROM ${read.text}`, ...read.values)!.count;
  const rows = sql.all<Cell>(`SELECT c.profile AS profile, c.run AS run, count(*) AS captures FROM ${read.text} CROSS JOIN captures c INDEXED BY captures_row ON c.seq = d.seq WHERE ${test.text} GROUP BY 1, 2`, ...read.values, ...test.values);
  return tallied(rows, (sum) => (most !== null && looked > most ? sum : null));
}

interface Cell { readonly profile: number; readonly run: string | null; readonly captures: number }

/** Nothing but profile and run is asked: `cells` and `profiles` know. */
function isSum({ posted, words, since, until, from, to }: Asked): boolean {
  return posted.length === 0 && words === null && since === null && until === null && from === null && to === null;
}

function sums(sql: Sql, { streams }: Asked, withRuns: boolean): Tallies {
  const found = tallied(streams ?? sql.all<Cell>('SELECT id AS profile, NULL AS run, captures FROM profiles'), () => null);
  if (!withRuns || streams?.[0]?.run !== null && streams !== null) return found;
  return { ...found, runs: runSums(sql, streams) };
}

/** Where most captures are meant, those that are not are taken from the sums of all. */
function runSums(sql: Sql, streams: Asked['streams']): ReadonlyMap<string, number> {
  const everything = (): Map<string, number> => new Map(sql.all<{ run: string; captures: number }>(`SELECT name AS run, captures FROM holdings WHERE kind = 'run'`).map(({ run, captures }) => [run, captures]));
  if (streams === null) return everything();
  const most = streams.reduce((sum, { captures }) => sum + captures, 0) > holding(sql, null).captures / 2;
  const cells = sql.all<{ run: string; captures: number }>(`SELECT cells.run AS run, sum(cells.captures) AS captures FROM profiles p CROSS JOIN cells ON cells.profile = p.id
    WHERE p.id ${most ? 'NOT IN' : 'IN'} (SELECT value FROM json_each(?)) GROUP BY cells.run`, JSON.stringify(streams.map(({ profile }) => profile)));
  const byRun = most ? everything() : new Map<string, number>();
  for (const { run, captures } of cells) byRun.set(run, most ? byRun.get(run)! - captures : captures);
  return byRun;
}

function valuesOf(sql: Sql, by: CountedBy, { profiles, runs }: Tallies): readonly ValueCount[] {
  if (by === 'run') return mostFirst(runs);
  if (profiles.size === 0) return [];
  return byValue(sql.all<{ profile: number; value: string }>('SELECT profile, value FROM terms JOIN profile_terms ON term = terms.id WHERE name = ?', by), profiles);
}
