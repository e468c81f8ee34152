import type { CaptureFilter, CountedBy, ValueCount } from '../../model/store.ts';
import { byValue, defaultLookedAt, mostFirst, tallied, type Tallies } from '../tally.ts';
import { askedOf, type Asked } from './asked.ts';
import { everyTest, listed, walkOf } from './filter.ts';
import { matching, read, tested } from './newest.ts';
import { holding } from './read-holding.ts';
import type { Sql } from './sql.ts';

/** How many match; `exact` false: at least so many do, of those that were looked at. */
export async function totalOf(sql: Sql, asked: Asked): Promise<{ readonly total: number; readonly exact: boolean }> {
  if (isSum(asked)) return { total: asked.streams === null ? (await holding(sql, null)).captures : asked.streams.reduce((sum, { captures }) => sum + captures, 0), exact: true };
  const walk = await walkOf(sql, asked, 'count');
  const seqs = await read(sql, asked, walk, walk.lookedAt + 1);
  return { total: (await matching(sql, walk, seqs)).length, exact: seqs.length <= walk.lookedAt };
}

/** How many match, whatever it takes. */
export async function counts(sql: Sql, { filter, by }: { readonly filter: CaptureFilter; readonly by: CountedBy }): Promise<readonly ValueCount[]> {
  const asked = await askedOf(sql, filter, defaultLookedAt);
  return valuesOf(sql, by, asked === null ? nothing : isSum(asked) ? await sums(sql, asked, by === 'run') : await every(sql, asked));
}

/** The same of several fields, for the page's side bar: where sums cannot tell, only of the newest. */
export async function facetCounts(sql: Sql, { filter, by, lookedAt }: { readonly filter: CaptureFilter; readonly by: readonly CountedBy[]; readonly lookedAt: number }): Promise<{
  readonly counts: Readonly<Record<string, readonly ValueCount[]>>; readonly counted: number | null;
}> {
  const asked = await askedOf(sql, filter, lookedAt);
  const found = asked === null ? nothing : isSum(asked) ? await sums(sql, asked, by.includes('run')) : await ofNewest(sql, asked);
  return { counts: Object.fromEntries(await Promise.all(by.map(async (facet) => [facet, await valuesOf(sql, facet, found)] as const))), counted: found.counted };
}

const nothing = tallied([], () => null);

interface Cell { readonly profile: number; readonly run: string | null; readonly captures: number }

const grouped = 'SELECT c.profile, c.run, count(*) AS captures FROM captures c';

async function every(sql: Sql, asked: Asked): Promise<Tallies> {
  const values: unknown[] = [];
  return tallied(await sql.all<Cell>(`${grouped} WHERE ${everyTest(asked, 'c.seq', (given) => `$${values.push(given)}`)} GROUP BY 1, 2`, ...values), () => null);
}

async function ofNewest(sql: Sql, asked: Asked): Promise<Tallies> {
  const walk = await walkOf(sql, asked, 'count');
  const seqs = await read(sql, asked, walk, walk.lookedAt + 1);
  if (seqs.length === 0) return nothing;
  const { text, values } = tested(walk, seqs);
  return tallied(await sql.all<Cell>(`SELECT profile, run, count(*) AS captures FROM (SELECT d.seq FROM ${text}) AS m CROSS JOIN LATERAL (SELECT c.profile, c.run FROM captures c WHERE c.seq = m.seq OFFSET 0) AS c GROUP BY 1, 2`, ...values),
    (sum) => (seqs.length > walk.lookedAt ? sum : null));
}

/** Nothing but profile and run is asked: `cells` and `profiles` know. */
function isSum({ posted, words, since, until, from, to }: Asked): boolean {
  return posted.length === 0 && words === null && since === null && until === null && from === null && to === null;
}

async function sums(sql: Sql, { streams }: Asked, withRuns: boolean): Promise<Tallies> {
  const found = tallied(streams ?? await sql.all<Cell>('SELECT id AS profile, NULL AS run, captures FROM profiles'), () => null);
  return !withRuns || (streams !== null && streams[0]!.run !== null) ? found : { ...found, runs: await runSums(sql, streams) };
}

/** Where most captures are meant, those that are not are taken from the sums of all. */
async function runSums(sql: Sql, streams: Asked['streams']): Promise<ReadonlyMap<string, number>> {
  const everything = async (): Promise<Map<string, number>> => new Map((await sql.all<{ run: string; captures: number }>(`SELECT name AS run, captures FROM holdings WHERE kind = 'run'`)).map(({ run, captures }) => [run, captures]));
  if (streams === null) return everything();
  const most = streams.reduce((sum, { captures }) => sum + captures, 0) > (await holding(sql, null)).captures / 2;
  const cells = await sql.all<{ run: string; captures: number }>(`SELECT cells.run, sum(cells.captures)::bigint AS captures FROM profiles p JOIN cells ON cells.profile = p.id
    WHERE ${most ? 'NOT' : ''} (p.id = ANY ($1::bigint[])) GROUP BY cells.run`, listed(streams.map(({ profile }) => profile)));
  const all = most ? await everything() : new Map<string, number>();
  for (const { run, captures } of cells) all.set(run, most ? all.get(run)! - captures : captures);
  return all;
}

async function valuesOf(sql: Sql, by: CountedBy, { profiles, runs }: Tallies): Promise<readonly ValueCount[]> {
  if (by === 'run') return mostFirst(runs);
  if (profiles.size === 0) return [];
  return byValue(await sql.all<{ profile: number; value: string }>('SELECT profile, value FROM terms JOIN profile_terms ON term = terms.id WHERE name = $1', by), profiles);
}
