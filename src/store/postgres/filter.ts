import type { Condition, Stream } from '../asked.ts';
import type { Asked } from './asked.ts';
import type { Sql } from './sql.ts';

/** Where captures are read from newest first; what they have to stand besides is `tests`. */
export interface Walk {
  readonly by: 'words' | 'posting' | 'named' | 'streams' | 'all';
  readonly term: number;
  readonly named: readonly number[];
  readonly streams: readonly Stream[];
  /** of one capture, whose number is `seq`; true where there is none */
  tests(seq: string, value: (given: unknown) => string): string;
  readonly tested: boolean;
  /** how many may be looked at for a total: what is dear to look at, fewer */
  readonly lookedAt: number;
}

/** A look at a match of words, or at the values of a capture for a pattern, costs as much as some of the others. */
const dearWords = 1 / 2;
const dearPattern = 1 / 8;
const countedTo = 50_000;
/** Of so many, a part of everything, streams are not merged where more has to be tested: every capture is read. */
const common = 1 / 16;

/** What narrows most: words, the rarest single value, a run or profiles, a stretch of numbers. Everything else is then a probe of one row. */
export async function walkOf(sql: Sql, asked: Asked, how: 'page' | 'count'): Promise<Walk> {
  const { streams, posted, words } = asked;
  const within = streams === null ? Number.POSITIVE_INFINITY : streams.reduce((sum, { captures }) => sum + captures, 0);
  const [rarest, bounds, held] = await Promise.all([
    rarestOf(sql, asked, within),
    sql.one<{ last: number }>('SELECT seq AS last FROM head'),
    sql.one<{ captures: number }>(`SELECT captures FROM holdings WHERE kind = 'all'`),
  ]);
  const stretch = asked.from === null ? Number.POSITIVE_INFINITY : (asked.to ?? bounds!.last) - asked.from + 1;
  const least = Math.min(within, stretch, rarest?.count ?? Number.POSITIVE_INFINITY);
  const tested = words !== null || posted.length > 0 || asked.since !== null || asked.until !== null || how === 'count';
  const merging = streams !== null && (within <= asked.lookedAt || !tested || within < held!.captures * common);
  const by = words !== null && least > asked.lookedAt ? 'words' : rarest?.count === least ? (rarest.captures === null ? 'posting' : 'named') : least === within && merging ? 'streams'
    : words !== null ? 'words' : 'all';
  const others = by === 'posting' || by === 'named' ? posted.filter((condition) => condition !== rarest!.condition) : posted;
  const tests: Walk['tests'] = (seq, value) => {
    const all = [
      ...others.map((condition) => postedTest(condition, seq, value)), ...rowTests(asked, by === 'streams', seq, value),
      ...(words === null || by === 'words' ? [] : [wordTest(words, seq, value)]),
    ];
    return all.length === 0 ? 'true' : all.join(' AND ');
  };
  return {
    by, tests, term: rarest?.condition.terms[0] ?? 0, named: rarest?.captures ?? [], streams: streams ?? [], tested: tests('x', () => '') !== 'true',
    lookedAt: Math.ceil(asked.lookedAt * (posted.some(({ patterns }) => patterns.length > 0) ? dearPattern : by === 'words' ? dearWords : 1)),
  };
}

/** Everything that was asked, of one capture. */
export function everyTest(asked: Asked, seq: string, value: (given: unknown) => string): string {
  return [
    ...rangeTests(asked, seq, value), ...asked.posted.map((condition) => postedTest(condition, seq, value)), ...rowTests(asked, false, seq, value),
    ...(asked.words === null ? [] : [wordTest(asked.words, seq, value)]), 'true',
  ].join(' AND ');
}

export function rangeTests({ from, to }: Pick<Asked, 'from' | 'to'>, seq: string, value: (given: unknown) => string): readonly string[] {
  return [...(from === null ? [] : [`${seq} >= ${value(from)}`]), ...(to === null ? [] : [`${seq} <= ${value(to)}`])];
}

/** Profile, run and time stand in the row itself. */
function rowTests(asked: Asked, driven: boolean, seq: string, value: (given: unknown) => string): readonly string[] {
  const streams = driven || asked.streams === null ? [] : streamTests(asked.streams, 'r', value);
  const times = [...(asked.since === null ? [] : [`r.at >= ${value(asked.since)}`]), ...(asked.until === null ? [] : [`r.at <= ${value(asked.until)}`])];
  if (streams.length + times.length === 0) return [];
  const exists = `EXISTS (SELECT 1 FROM captures r WHERE r.seq = ${seq} AND ${[...streams, ...times].join(' AND ')})`;
  return [streams.length === 0 && asked.whole !== null ? `(${seq} BETWEEN ${value(asked.whole.from)} AND ${value(asked.whole.to)} OR ${exists})` : exists];
}

function streamTests(streams: readonly Stream[], row: string, value: (given: unknown) => string): readonly string[] {
  const runs = [...new Set(streams.flatMap(({ run }) => run ?? []))];
  return [
    `${row}.profile = ANY (${value(listed(new Set(streams.map(({ profile }) => profile))))}::bigint[])`,
    ...(runs.length === 0 ? [] : [`${row}.run = ANY (${value(runs)}::text[])`]),
  ];
}

function postedTest({ name, terms, patterns }: Condition, seq: string, value: (given: unknown) => string): string {
  const tests = [
    ...(terms.length === 0 ? [] : [`EXISTS (SELECT 1 FROM postings p WHERE p.capture = ${seq} AND p.term = ANY (${value(listed(terms))}::bigint[]))`]),
    ...patterns.map((pattern) => `EXISTS (SELECT 1 FROM postings p JOIN terms t ON t.id = p.term WHERE p.capture = ${seq} AND t.name = ${value(name)} AND t.value LIKE ${value(pattern)})`),
  ];
  return `(${tests.join(' OR ')})`;
}

function wordTest(words: NonNullable<Asked['words']>, seq: string, value: (given: unknown) => string): string {
  return `EXISTS (SELECT 1 FROM search s WHERE s.capture = ${seq} AND s.lexemes @@ ${value(words.lexemes.join(' & '))}::tsquery${words.texts.map((text) => ` AND s.words LIKE ${value(text)}`).join('')})`;
}

/** With more than one term it is only read from where all of its captures can be named. */
interface Rarest { readonly condition: Condition; readonly count: number; readonly captures: readonly number[] | null }

/** How far single values are counted beside profiles that narrow: what is only known to be many would be taken for fewer than they are. */
async function rarestOf(sql: Sql, { posted, lookedAt }: Asked, within: number): Promise<Rarest | null> {
  const most = Math.max(lookedAt, Number.isFinite(within) ? Math.min(within, countedTo) : 0);
  const counted = await Promise.all(posted.filter(({ patterns }) => patterns.length === 0).map(async (condition): Promise<readonly Rarest[]> => {
    const terms = listed(condition.terms);
    const { count } = (await sql.one<{ count: number }>('SELECT count(*) AS count FROM (SELECT 1 FROM postings WHERE term = ANY ($1::bigint[]) LIMIT $2) AS counted', terms, most + 1))!;
    if (condition.terms.length === 1) return [{ condition, count, captures: null }];
    if (count > lookedAt) return [];
    return [{ condition, count, captures: unlisted((await sql.one<{ all: string | null }>(`SELECT string_agg(DISTINCT capture::text, ',') AS all FROM postings WHERE term = ANY ($1::bigint[])`, terms))!.all) }];
  }));
  return counted.flat().toSorted((one, other) => one.count - other.count)[0] ?? null;
}

/** Many numbers travel as one text. */
export function listed(numbers: Iterable<number>): string {
  return `{${[...numbers].join(',')}}`;
}

export function unlisted(text: string | null): readonly number[] {
  return text === null ? [] : text.split(',').map(Number);
}
