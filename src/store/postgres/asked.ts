import type { CaptureFilter } from '../../model/store.ts';
import type { AskedOf, Condition, Stream } from '../asked.ts';
import { instant, postedNames, profileNames, type TermFilter } from '../filter.ts';
import { askedPhrases, askedTerms } from '../sealed-search.ts';
import { wordsOf } from '../search-words.ts';
import { timeBounds, type TimeBounds } from '../time-bounds.ts';
import type { Sql } from './sql.ts';
import { termDigest } from './write-terms.ts';

/** What the index of words is asked for, and what the text of those it finds must hold besides. */
export interface Words { readonly lexemes: readonly string[]; readonly texts: readonly string[] }

export type Asked = AskedOf<Words>;

/** Null where nothing can match. */
export async function askedOf(sql: Sql, filter: CaptureFilter, lookedAt: number): Promise<Asked | null> {
  const since = filter.since === undefined ? null : instant(filter.since);
  const until = filter.until === undefined ? null : instant(filter.until);
  const [streams, posted, time] = await Promise.all([
    streamsOf(sql, filter),
    Promise.all(postedNames.flatMap((name) => (filter[name] === undefined ? [] : [conditionOf(sql, name, filter[name], lookedAt)]))),
    since === null && until === null ? undefined : timeOf(sql, since, until),
  ]);
  const words = filter.q === undefined ? null : said(sql, filter.q);
  if (streams?.length === 0 || time === null || words === 'nothing' || posted.some(({ terms, patterns }) => terms.length === 0 && patterns.length === 0)) return null;
  const least = [filter.after === undefined ? null : filter.after + 1, time?.from ?? null].filter((bound) => bound !== null);
  const most = [filter.before === undefined ? null : filter.before - 1, time?.to ?? null].filter((bound) => bound !== null);
  return {
    lookedAt, streams, posted, words, since, until, whole: time?.whole ?? null,
    from: least.length === 0 ? null : Math.max(...least), to: most.length === 0 ? null : Math.min(...most),
  };
}

/** Null = any profile of any run. */
async function streamsOf(sql: Sql, filter: CaptureFilter): Promise<readonly Stream[] | null> {
  const wanted = profileNames.flatMap((name) => (filter[name] === undefined ? [] : [filter[name].map((value) => termDigest(name, value))]));
  if (wanted.length === 0 && filter.run === undefined) return null;
  const having = wanted.map((_, nth) => `id IN (SELECT profile FROM terms JOIN profile_terms ON term = terms.id WHERE digest = ANY ($${nth + 1}::bytea[]))`);
  const profiles = `SELECT id FROM profiles WHERE ${having.length === 0 ? 'true' : having.join(' AND ')}`;
  if (filter.run !== undefined) {
    return sql.all<Stream>(`SELECT profile, run, captures FROM cells WHERE run = ANY ($${wanted.length + 1}::text[]) ${having.length === 0 ? '' : `AND profile IN (${profiles})`} ORDER BY captures DESC`, ...wanted, filter.run);
  }
  const [found, all] = await Promise.all([
    sql.all<Stream>(`SELECT id AS profile, NULL AS run, captures FROM profiles WHERE id IN (${profiles}) ORDER BY captures DESC`, ...wanted),
    sql.one<{ count: number }>('SELECT count(*) AS count FROM profiles'),
  ]);
  // What everybody has narrows nothing.
  return found.length === all!.count ? null : found;
}

async function conditionOf(sql: Sql, name: TermFilter, asked: readonly string[], most: number): Promise<Condition> {
  const values = name === 'person' ? await Promise.all(asked.map((value) => currentPerson(sql, value))) : name === 'recipient' ? asked.map((value) => value.toLowerCase()) : asked;
  const { exact, patterns } = askedTerms(sql.seal, name, values);
  const terms = exact.length === 0 ? [] : await sql.all<{ id: number }>('SELECT id FROM terms WHERE digest = ANY ($1::bytea[])', exact.map(([of, value]) => termDigest(of, value)));
  const matching = await Promise.all(patterns.map(async (pattern) => ({
    pattern, found: await sql.all<{ id: number }>('SELECT id FROM terms WHERE name = $1 AND value LIKE $2 LIMIT $3', name, like(pattern), most + 1),
  })));
  return {
    name, terms: [...new Set([...terms, ...matching.flatMap(({ found }) => (found.length > most ? [] : found))].map(({ id }) => id))],
    patterns: matching.flatMap(({ pattern, found }) => (found.length > most ? [like(pattern)] : [])),
  };
}

/** A person that was merged into another is still found by its old id: the id names an identity, and that has its person. */
async function currentPerson(sql: Sql, id: string): Promise<string> {
  return (await sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = $1', id.replace(/^per_/, '')))?.person ?? id;
}

/** Our '*' is LIKE's '%'; what else LIKE would take for a wildcard is meant literally. */
function like(pattern: string): string {
  return pattern.replace(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%');
}

async function timeOf(sql: Sql, since: string | null, until: string | null): Promise<TimeBounds | null> {
  const [low, high] = [since ?? '', until ?? '\u{10ffff}'];
  const { first, last } = (await sql.one<{ first: number | null; last: number | null }>('SELECT min(block) AS first, max(block) AS last FROM spans WHERE newest >= $1 AND oldest <= $2', low, high))!;
  if (first === null || last === null) return null;
  const doubtful = await sql.all<{ block: number }>('SELECT block FROM spans WHERE block BETWEEN $1 AND $2 AND NOT (oldest >= $3 AND newest <= $4) ORDER BY block', first, last, low, high);
  return timeBounds({ first, last }, doubtful.map(({ block }) => block));
}

/** The index finds who has all the words; where several stand together, or one is too long for it, the text itself decides. */
function said(sql: Sql, q: string): Words | null | 'nothing' {
  const phrases = askedPhrases(sql.seal, q);
  if (phrases === 'everything') return null;
  if (phrases === 'nothing') return 'nothing';
  const parts = phrases.map(({ text, prefix }) => ({ words: wordsOf(text), prefix })).filter(({ words }) => words.length > 0);
  const lexemes = parts.flatMap(({ words, prefix }) => words.map((word, at) => `'${lexeme(word)}'${prefix && at === words.length - 1 ? ':*' : ''}`));
  const together = parts.filter(({ words }) => words.length > 1 || words.some((word) => lexeme(word) !== word));
  return { lexemes: [...new Set(lexemes)], texts: together.map(({ words, prefix }) => `% ${words.join(' ')}${prefix ? '' : ' '}%`) };
}

/** A word as the index has it: no longer than an entry may be. Letters and digits only, so there is nothing to quote. */
export function lexeme(word: string): string {
  return word.length <= longest ? word : [...word].slice(0, longest).join('');
}
const longest = 400;

/** The block of 8,192 numbers that a search reads at once. */
export function blockOf(seq: number): number {
  return Math.floor(seq / 8_192);
}

/** Stands among the lexemes of every capture; neither a word nor the beginning of one can be it. */
export function blockLexeme(seq: number): string {
  return `:${blockOf(seq)}`;
}

/** What asks for a block, given as an expression. */
export function blockQuery(block: string): string {
  return `(''':' || ${block} || '''')::tsquery`;
}
