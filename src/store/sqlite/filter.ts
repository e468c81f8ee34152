import type { SQLInputValue } from 'node:sqlite';
import type { CaptureFilter } from '../../model/store.ts';
import { instant, termFilters, type TermFilter } from '../filter.ts';
import { askedPhrases, askedTerms } from '../sealed-search.ts';
import type { Sql } from './sql.ts';

/** FROM and WHERE of the captures that match, `seq` being the expression for their number. */
export interface Matching {
  readonly seq: string;
  readonly from: string;
  readonly where: string;
  readonly values: readonly SQLInputValue[];
  /** nothing was asked: everything matches */
  readonly all: boolean;
}

/** Captures that have one of these terms: given by id, or all terms of a name that match a pattern. */
interface Condition { readonly name: string; readonly terms: readonly number[]; readonly patterns: readonly string[] }

/** How far a condition is counted to find the rarest. */
const countedTo = 5_000;

/**
 * The list is read newest first from whatever narrows most: the full-text index when words are asked for, else the rarest
 * single value, else all captures; every other condition is then a probe of one row. Empty lists match nothing.
 */
export function matching(sql: Sql, filter: CaptureFilter): Matching {
  const conditions = termFilters.flatMap((name) => {
    const asked = filter[name];
    return asked === undefined ? [] : [conditionOf(sql, name, asked)];
  });
  const words = filter.q === undefined ? null : searchExpression(sql, filter.q);
  const driver = words === null ? rarest(sql, conditions) : null;
  const seq = words !== null ? 's.rowid' : driver !== null ? 'd.capture' : 'c.seq';
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (text: string, ...more: readonly SQLInputValue[]): void => { where.push(text); values.push(...more); };

  if (words !== null) add('s.search MATCH ?', words);
  if (driver !== null) add('d.term = ?', driver.terms[0]!);
  for (const condition of conditions) if (condition !== driver) add(...probe(condition, seq));
  if (filter.after !== undefined) add(`${seq} > ?`, filter.after);
  if (filter.before !== undefined) add(`${seq} < ?`, filter.before);
  const since = filter.since === undefined ? null : instant(filter.since);
  const until = filter.until === undefined ? null : instant(filter.until);
  const at = seq === 'c.seq' ? (test: string) => `c.at ${test}` : (test: string) => `EXISTS (SELECT 1 FROM captures c WHERE c.seq = ${seq} AND c.at ${test})`;
  if (since !== null) add(at('>= ?'), since);
  if (until !== null) add(at('<= ?'), until);
  return {
    seq,
    from: words !== null ? 'search s' : driver !== null ? 'postings d' : 'captures c',
    where: where.length === 0 ? '1' : where.join(' AND '),
    values,
    all: where.length === 0,
  };
}

function conditionOf(sql: Sql, name: TermFilter, asked: readonly string[]): Condition {
  const values = name === 'person' ? asked.map((value) => currentPerson(sql, value)) : name === 'recipient' ? asked.map((value) => value.toLowerCase()) : asked;
  const { exact, patterns } = askedTerms(sql.seal, name, values);
  const terms = exact.flatMap(([of, value]) => sql.one<{ id: number }>('SELECT id FROM terms WHERE name = ? AND value = ?', of, value)?.id ?? []);
  return { name, terms, patterns };
}

/** A person that was merged into another is still found by its old id: the id names an identity, and that has its person. */
function currentPerson(sql: Sql, id: string): string {
  return sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = ?', id.replace(/^per_/, ''))?.person ?? id;
}

function rarest(sql: Sql, conditions: readonly Condition[]): Condition | null {
  const single = conditions.filter(({ terms, patterns }) => terms.length === 1 && patterns.length === 0);
  const counted = single.map((condition) => ({ condition, count: sql.one<{ count: number }>(
    `SELECT count(*) AS count FROM (SELECT 1 FROM postings WHERE term = ? LIMIT ${countedTo})`, condition.terms[0]!)!.count }));
  return counted.sort((left, right) => left.count - right.count)[0]?.condition ?? null;
}

function probe({ name, terms, patterns }: Condition, seq: string): [string, ...SQLInputValue[]] {
  const tests = [
    ...(terms.length === 0 ? [] : [`EXISTS (SELECT 1 FROM postings p WHERE p.term IN (${terms.map(() => '?').join(', ')}) AND p.capture = ${seq})`]),
    ...patterns.map(() => `EXISTS (SELECT 1 FROM postings p WHERE p.capture = ${seq} AND p.term IN (SELECT id FROM terms WHERE name = ? AND value GLOB ?))`),
  ];
  const values = [...terms, ...patterns.flatMap((pattern) => [name, glob(pattern)])];
  // Nobody has that value: nothing matches.
  return [tests.length === 0 ? '0' : `(${tests.join(' OR ')})`, ...values];
}

/** Our '*' is GLOB's; what else GLOB would take for a wildcard is meant literally. */
function glob(pattern: string): string {
  return pattern.replace(/[?[]/g, (sign) => `[${sign}]`);
}

/** Each phrase is handed to FTS5 as a quoted string, so nothing of its query language is reachable. Null: nothing is searched for. */
function searchExpression(sql: Sql, q: string): string | null {
  const phrases = askedPhrases(sql.seal, q);
  if (phrases === 'everything') return null;
  if (phrases === 'nothing') return '""';
  return phrases.map(({ text, prefix }) => `"${text.replaceAll('"', '""')}"${prefix ? '*' : ''}`).join(' AND ');
}
