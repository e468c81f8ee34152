import type { SQLInputValue } from 'node:sqlite';
import type { Condition, Stream } from '../asked.ts';
import type { Asked } from './asked.ts';
import type { Sql } from './sql.ts';

/** A condition in SQL with its values. */
export interface Test { readonly text: string; readonly values: readonly SQLInputValue[] }

/** Where captures are read from, `seq` being their number there, and what each has still to stand. */
export interface Walk {
  readonly seq: string;
  readonly from: string;
  /** decides what is read at all, from an index */
  readonly driven: readonly Test[];
  /** of one capture, whose number is `seq` */
  readonly tests: (seq: string) => readonly Test[];
  /** the newest of these, merged, are read instead of `from` */
  readonly streams: readonly Stream[] | null;
  /** how many may be looked at for a total: what is dear to look at, fewer */
  readonly lookedAt: number;
}

/** A look at the full-text index for one capture, or at the values of one for a pattern, costs as much as some of the others. */
const dear = 1 / 16;
const dearPattern = 1 / 8;
const countedTo = 50_000;

/**
 * Read newest first from whatever narrows most: the full-text index when words are asked for, else the rarest single value, a run, profiles or a stretch of
 * numbers; everything else is then a probe of one row.
 */
export function walkOf(sql: Sql, asked: Asked): Walk {
  const { streams, posted, words } = asked;
  const within = streams === null ? Number.POSITIVE_INFINITY : streams.reduce((sum, { captures }) => sum + captures, 0);
  const stretch = asked.from === null ? Number.POSITIVE_INFINITY : (asked.to ?? last(sql)) - asked.from + 1;
  const rarest = rarestOf(sql, asked, within);
  const least = Math.min(within, stretch, rarest?.count ?? Number.POSITIVE_INFINITY);
  const by = words !== null && least > asked.lookedAt * dear ? 'words' : rarest?.count === least ? (rarest.captures === null ? 'posting' : 'named') : least === within && streams !== null ? 'streams' : 'all';
  const others = by === 'posting' || by === 'named' ? posted.filter((condition) => condition !== rarest!.condition) : posted;
  const seq = { words: 's.rowid', posting: 'd.capture', named: 'c.seq', streams: 'c.seq', all: 'c.seq' }[by];
  return {
    seq,
    from: by === 'words' ? 'search s' : by === 'posting' ? 'postings d' : 'captures c',
    driven: [
      ...(by === 'words' ? [{ text: 's.search MATCH ?', values: [words] }] : []),
      ...(by === 'posting' ? [termTest(rarest!.condition.terms, 'd')] : []),
      ...(by === 'named' ? [{ text: 'c.seq IN (SELECT value FROM json_each(?))', values: [JSON.stringify(rarest!.captures)] }] : []),
      ...(by === 'streams' ? streamTests(streams!, 'c') : []),
      ...(asked.from === null ? [] : [{ text: `${seq} >= ?`, values: [asked.from] }]),
      ...(asked.to === null ? [] : [{ text: `${seq} <= ?`, values: [asked.to] }]),
    ],
    tests: (of) => [
      ...others.map((condition) => postedTest(condition, of)),
      ...rowTests(asked, by === 'streams', of),
      ...(words === null || by === 'words' ? [] : [wordTest(words, of)]),
    ],
    streams: by === 'streams' ? streams : null,
    lookedAt: Math.ceil(asked.lookedAt * (words !== null && by !== 'words' ? dear : posted.some(({ patterns }) => patterns.length > 0) ? dearPattern : 1)),
  };
}

/** Everything that was asked, of one capture. */
export function everyTest(asked: Asked, seq: string): readonly Test[] {
  return [
    ...(asked.from === null ? [] : [{ text: `${seq} >= ?`, values: [asked.from] }]), ...(asked.to === null ? [] : [{ text: `${seq} <= ?`, values: [asked.to] }]),
    ...asked.posted.map((condition) => postedTest(condition, seq)), ...rowTests(asked, false, seq),
    ...(asked.words === null ? [] : [wordTest(asked.words, seq)]),
  ];
}

/** `row` with a '+': the row is found by its number, and not once for each profile. */
function streamTests(streams: readonly Stream[], row: string): readonly Test[] {
  const runs = [...new Set(streams.flatMap(({ run }) => run ?? []))];
  return [
    { text: `${row}.profile IN (SELECT value FROM json_each(?))`, values: [JSON.stringify([...new Set(streams.map(({ profile }) => profile))])] },
    ...(runs.length === 0 ? [] : [{ text: `${row}.run IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(runs)] }]),
  ];
}

/** Profile, run and time stand in the row itself. */
function rowTests(asked: Asked, driven: boolean, seq: string): readonly Test[] {
  const tests = [
    ...(driven || asked.streams === null ? [] : streamTests(asked.streams, '+r')),
    ...(asked.since === null ? [] : [{ text: 'r.at >= ?', values: [asked.since] }]),
    ...(asked.until === null ? [] : [{ text: 'r.at <= ?', values: [asked.until] }]),
  ];
  if (tests.length === 0) return [];
  const { text, values } = all(tests);
  const exists = { text: `EXISTS (SELECT 1 FROM captures r INDEXED BY captures_row WHERE r.seq = ${seq} AND ${text})`, values };
  const timeOnly = driven || asked.streams === null;
  return [timeOnly && asked.whole !== null ? { text: `(${seq} BETWEEN ? AND ? OR ${exists.text})`, values: [asked.whole.from, asked.whole.to, ...values] } : exists];
}

function wordTest(words: string, seq: string): Test {
  return { text: `EXISTS (SELECT 1 FROM search s WHERE s.rowid = ${seq} AND s.search MATCH ?)`, values: [words] };
}

function postedTest({ name, terms, patterns }: Condition, seq: string): Test {
  const named = termTest(terms, terms.length === 1 ? 'p' : '+p');
  const tests = [
    ...(terms.length === 0 ? [] : [`EXISTS (SELECT 1 FROM postings p WHERE p.capture = ${seq} AND ${named.text})`]),
    ...patterns.map(() => `EXISTS (SELECT 1 FROM postings p CROSS JOIN terms t ON t.id = p.term WHERE p.capture = ${seq} AND +t.name = ? AND +t.value GLOB ?)`),
  ];
  return { text: `(${tests.join(' OR ')})`, values: [...(terms.length === 0 ? [] : named.values), ...patterns.flatMap((pattern) => [name, pattern])] };
}

function termTest(terms: readonly number[], row: string): Test {
  return terms.length === 1 ? { text: `${row}.term = ?`, values: [terms[0]!] } : { text: `${row}.term IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(terms)] };
}

/** With more than one term it is only driven by where all of its captures can be named. */
interface Rarest { readonly condition: Condition; readonly count: number; readonly captures: readonly number[] | null }

/** How far single values are counted beside profiles that narrow: what is only known to be many would be taken for fewer than they are. */
function rarestOf(sql: Sql, { posted, lookedAt }: Asked, within: number): Rarest | null {
  const most = Math.max(lookedAt, Number.isFinite(within) ? Math.min(within, countedTo) : 0);
  const counted = posted.filter(({ patterns }) => patterns.length === 0).flatMap((condition): readonly Rarest[] => {
    const { text, values } = termTest(condition.terms, 'd');
    const { count } = sql.one<{ count: number }>(`SELECT count(*) AS count FROM (SELECT 1 FROM postings d WHERE ${text} LIMIT ?)`, ...values, most + 1)!;
    if (condition.terms.length === 1) return [{ condition, count, captures: null }];
    if (count > lookedAt) return [];
    return [{ condition, count, captures: sql.all<{ capture: number }>(`SELECT DISTINCT capture FROM postings d WHERE ${text}`, ...values).map(({ capture }) => capture) }];
  });
  return counted.toSorted((one, other) => one.count - other.count)[0] ?? null;
}

function last(sql: Sql): number {
  return sql.one<{ seq: number | null }>('SELECT max(seq) AS seq FROM captures')!.seq ?? 0;
}

/** All of them; true where there are none. */
export function all(tests: readonly Test[]): Test {
  return { text: tests.length === 0 ? '1' : tests.map(({ text }) => text).join(' AND '), values: tests.flatMap(({ values }) => values) };
}
