import { blockOf, blockQuery, type Asked } from './asked.ts';
import { listed, rangeTests, unlisted, walkOf, type Walk } from './filter.ts';
import type { Sql } from './sql.ts';

/** How many are looked at together, at most. */
const largestWave = 4_000;

/** Numbers of the captures that match, newest first, at most `most`. */
export async function newest(sql: Sql, asked: Asked, most: number): Promise<readonly number[]> {
  const walk = await walkOf(sql, asked, 'page');
  const found: number[] = [];
  let to = asked.to;
  for (let wave = most; found.length < most; wave = Math.min(wave * 4, largestWave)) {
    const seqs = await read(sql, { ...asked, to }, walk, wave);
    found.push(...await matching(sql, walk, seqs));
    if (seqs.length < wave) break;
    to = seqs.at(-1)! - 1;
  }
  return found.slice(0, most);
}

/** Those of them that stand the tests of the walk, in the same order. */
export async function matching(sql: Sql, walk: Walk, seqs: readonly number[]): Promise<readonly number[]> {
  if (!walk.tested || seqs.length === 0) return seqs;
  const { text, values } = tested(walk, seqs);
  return unlisted((await sql.one<{ all: string | null }>(`SELECT string_agg(d.seq::text, ',' ORDER BY d.seq DESC) AS all FROM ${text}`, ...values))!.all);
}

/** FROM and WHERE of those of them that stand the tests: `d.seq`. */
export function tested(walk: Walk, seqs: readonly number[]): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [listed(seqs)];
  return { text: `unnest($1::bigint[]) AS d (seq) WHERE ${walk.tests('d.seq', (given) => `$${values.push(given)}`)}`, values };
}

/** The newest `most` that a walk reads, whatever becomes of them. */
export async function read(sql: Sql, asked: Asked, walk: Walk, most: number): Promise<readonly number[]> {
  switch (walk.by) {
    case 'words': return said(sql, asked, most);
    case 'named': return walk.named.filter((seq) => seq >= (asked.from ?? 0) && seq <= (asked.to ?? Number.POSITIVE_INFINITY)).toSorted((one, other) => other - one).slice(0, most);
    case 'streams': return merged(sql, asked, walk, most);
    case 'posting': return numbers(sql, asked, 'p.capture', (value) => `postings p WHERE p.term = ${value(walk.term)}`, most);
    case 'all': return numbers(sql, asked, 'c.seq', () => 'captures c WHERE true', most);
  }
}

async function numbers(sql: Sql, range: Pick<Asked, 'from' | 'to'>, seq: string, from: (value: (given: unknown) => string) => string, most: number): Promise<readonly number[]> {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const text = [from(value), ...rangeTests(range, seq, value)].join(' AND ');
  return unlisted((await sql.one<{ all: string | null }>(`SELECT string_agg(seq::text, ',' ORDER BY seq DESC) AS all FROM (SELECT ${seq} AS seq FROM ${text} ORDER BY 1 DESC LIMIT ${value(most)}) AS newest`, ...values))!.all);
}

/** The newest of several streams: those `most` are among the newest of the streams that begin latest. */
async function merged(sql: Sql, asked: Asked, { streams }: Walk, most: number): Promise<readonly number[]> {
  const inRuns = streams[0]!.run !== null;
  const values: unknown[] = [listed(streams.map(({ profile }) => profile)), ...(inRuns ? [streams.map(({ run }) => run)] : [])];
  const range = rangeTests(asked, 'c.seq', (given) => `$${values.push(given)}`).map((test) => ` AND ${test}`).join('');
  const newestOf = (stream: string, count: number): string => `(SELECT c.seq FROM captures c WHERE c.profile = ${stream}.profile ${inRuns ? `AND c.run = ${stream}.run` : ''} ${range} ORDER BY c.seq DESC LIMIT ${count})`;
  const all = inRuns ? 'unnest($1::bigint[], $2::text[]) AS s (profile, run)' : 'unnest($1::bigint[]) AS s (profile)';
  const latest = streams.length <= most ? all : `(SELECT s.* FROM ${all} CROSS JOIN LATERAL ${newestOf('s', 1)} AS head ORDER BY head.seq DESC LIMIT ${most}) AS s`;
  return unlisted((await sql.one<{ all: string | null }>(`SELECT string_agg(seq::text, ',' ORDER BY seq DESC) AS all FROM (SELECT n.seq FROM ${latest} CROSS JOIN LATERAL ${newestOf('s', most)} AS n ORDER BY n.seq DESC LIMIT ${most}) AS newest`, ...values))!.all);
}

/**
 * Block by block, newest first, as far as it takes: an index of words alone would have to give every capture that ever held a common one. With the block as one of the
 * words it begins at the rarest and skips, so a block without a match costs next to nothing.
 */
async function said(sql: Sql, { words, from, to }: Asked, most: number): Promise<readonly number[]> {
  const { first, last } = (await sql.one<{ first: number | null; last: number | null }>('SELECT (SELECT min(capture) FROM search) AS first, (SELECT max(capture) FROM search) AS last'))!;
  if (first === null || last === null) return [];
  const [lowest, highest] = [Math.max(from ?? 0, first), Math.min(to ?? last, last)];
  const [rarest, ...others] = await rarestFirst(sql, words!.lexemes);
  const values: unknown[] = [blockOf(highest), blockOf(lowest), rarest];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const tests = [...(others.length === 0 ? [] : [`(s.lexemes || ''::tsvector) @@ ${value(others.join(' & '))}::tsquery`]), ...words!.texts.map((text) => `s.words LIKE ${value(text)}`), ...rangeTests({ from: lowest, to: highest }, '(s.capture + 0)', value)].join(' AND ');
  // '+ 0' and OFFSET 0: by the index of words, and never by reading all captures of a block in order.
  const text = `SELECT n.capture FROM generate_series($1::bigint, $2::bigint, -1) AS b (block)
    CROSS JOIN LATERAL (SELECT one.capture FROM (SELECT s.capture FROM search s WHERE s.lexemes @@ (${blockQuery('b.block')} && $3::tsquery) AND ${tests} OFFSET 0) AS one ORDER BY one.capture DESC) AS n LIMIT ${value(most)}`;
  return unlisted((await sql.one<{ all: string | null }>(`SELECT string_agg(capture::text, ',' ORDER BY capture DESC) AS all FROM (${text}) AS newest`, ...values))!.all);
}

/**
 * By what the server's statistics say; they decide how long it takes and nothing else. Of several common words the index would read each from its beginning in every block, though a
 * rare one beside them leaves nothing: so it is asked for the rarest alone, and the others are looked for in what that finds.
 */
async function rarestFirst(sql: Sql, lexemes: readonly string[]): Promise<readonly string[]> {
  if (lexemes.length < 2) return lexemes;
  const weighed = await Promise.all(lexemes.map(async (lexeme) => {
    const plan = await sql.one<{ readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }] }>('EXPLAIN (FORMAT JSON) SELECT 1 FROM search WHERE lexemes @@ $1::tsquery', lexeme);
    return { lexeme, rows: plan!['QUERY PLAN'][0].Plan['Plan Rows'] };
  }));
  return weighed.toSorted((one, other) => one.rows - other.rows).map(({ lexeme }) => lexeme);
}
