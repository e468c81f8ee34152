import type { CaptureFilter } from '../../model/store.ts';
import type { AskedOf, Condition, Stream } from '../asked.ts';
import { instant, postedNames, profileNames, type TermFilter } from '../filter.ts';
import { askedPhrases, askedTerms } from '../sealed-search.ts';
import { timeBounds, type TimeBounds } from '../time-bounds.ts';
import type { Sql } from './sql.ts';

/** `words`: of FTS5. */
export type Asked = AskedOf<string>;

/** Null where nothing can match. */
export function askedOf(sql: Sql, filter: CaptureFilter, lookedAt: number): Asked | null {
  const profiles = profilesOf(sql, filter);
  const streams = filter.run === undefined ? profiles : runStreams(sql, filter.run, profiles);
  if (streams?.length === 0) return null;
  const posted = postedNames.flatMap((name) => (filter[name] === undefined ? [] : [conditionOf(sql, name, filter[name], lookedAt)]));
  if (posted.some(({ terms, patterns }) => terms.length === 0 && patterns.length === 0)) return null;
  const words = filter.q === undefined ? null : searchExpression(sql, filter.q);
  if (words === '') return null;
  const since = filter.since === undefined ? null : instant(filter.since);
  const until = filter.until === undefined ? null : instant(filter.until);
  const time = since === null && until === null ? undefined : timeOf(sql, since, until);
  if (time === null) return null;
  return {
    lookedAt, streams, posted, words, since, until, whole: time?.whole ?? null,
    from: largest(filter.after === undefined ? null : filter.after + 1, time?.from ?? null),
    to: smallest(filter.before === undefined ? null : filter.before - 1, time?.to ?? null),
  };
}

/** Null = any profile. */
function profilesOf(sql: Sql, filter: CaptureFilter): readonly Stream[] | null {
  const wanted = profileNames.flatMap((name) => (filter[name] === undefined ? [] : [{ name, values: JSON.stringify(filter[name]) }]));
  if (wanted.length === 0) return null;
  const found = sql.all<Stream>(`SELECT id AS profile, NULL AS run, captures FROM profiles WHERE ${wanted.map(() => `id IN (SELECT profile FROM terms JOIN profile_terms ON term = terms.id
    WHERE name = ? AND value IN (SELECT value FROM json_each(?)))`).join(' AND ')} ORDER BY captures DESC`, ...wanted.flatMap(({ name, values }) => [name, values]));
  // What everybody has narrows nothing.
  return found.length === sql.one<{ count: number }>('SELECT count(*) AS count FROM profiles')!.count ? null : found;
}

function runStreams(sql: Sql, runs: readonly string[], profiles: readonly Stream[] | null): readonly Stream[] {
  const cells = sql.all<Stream>('SELECT profile, run, captures FROM cells WHERE run IN (SELECT value FROM json_each(?)) ORDER BY captures DESC', JSON.stringify(runs));
  if (profiles === null) return cells;
  const allowed = new Set(profiles.map(({ profile }) => profile));
  return cells.filter(({ profile }) => allowed.has(profile));
}

function conditionOf(sql: Sql, name: TermFilter, asked: readonly string[], most: number): Condition {
  const values = name === 'person' ? asked.map((value) => currentPerson(sql, value)) : name === 'recipient' ? asked.map((value) => value.toLowerCase()) : asked;
  const { exact, patterns } = askedTerms(sql.seal, name, values);
  const terms = exact.flatMap(([of, value]) => sql.one<{ id: number }>('SELECT id FROM terms WHERE name = ? AND value = ?', of, value)?.id ?? []);
  const matching = patterns.map((pattern) => ({
    pattern, found: sql.all<{ id: number }>('SELECT id FROM terms WHERE name = ? AND value GLOB ? LIMIT ?', name, glob(pattern), most + 1).map(({ id }) => id),
  }));
  return {
    name, terms: [...new Set([...terms, ...matching.flatMap(({ found }) => (found.length > most ? [] : found))])],
    patterns: matching.flatMap(({ pattern, found }) => (found.length > most ? [glob(pattern)] : [])),
  };
}

/** A person that was merged into another is still found by its old id: the id names an identity, and that has its person. */
function currentPerson(sql: Sql, id: string): string {
  return sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = ?', id.replace(/^per_/, ''))?.person ?? id;
}

/** Our '*' is GLOB's; what else GLOB would take for a wildcard is meant literally. */
function glob(pattern: string): string {
  return pattern.replace(/[?[]/g, (sign) => `[${sign}]`);
}

function timeOf(sql: Sql, since: string | null, until: string | null): TimeBounds | null {
  const [low, high] = [since ?? '', until ?? '\u{10ffff}'];
  const { first, last } = sql.one<{ first: number | null; last: number | null }>('SELECT min(block) AS first, max(block) AS last FROM spans WHERE newest >= ? AND oldest <= ?', low, high)!;
  if (first === null || last === null) return null;
  const doubtful = sql.all<{ block: number }>('SELECT block FROM spans WHERE block BETWEEN ? AND ? AND NOT (oldest >= ? AND newest <= ?) ORDER BY block', first, last, low, high);
  return timeBounds({ first, last }, doubtful.map(({ block }) => block));
}

/** Each phrase is handed to FTS5 as a quoted string, so nothing of its query language is reachable. Null: nothing is searched for; '': something that holds no word. */
function searchExpression(sql: Sql, q: string): string | null {
  const phrases = askedPhrases(sql.seal, q);
  if (phrases === 'everything') return null;
  if (phrases === 'nothing') return '';
  return phrases.map(({ text, prefix }) => `"${text.replaceAll('"', '""')}"${prefix ? '*' : ''}`).join(' AND ');
}

function largest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.max(one, other);
}

function smallest(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.min(one, other);
}
