import type { CaptureFilter } from '../../model/store.ts';
import { instant, termFilters, type TermFilter } from '../filter.ts';
import { askedPhrases, askedTerms } from '../sealed-search.ts';
import { wordsOf } from '../search-words.ts';
import type { Sql } from './sql.ts';
import { termDigest } from './write-terms.ts';

/** WHERE of the captures `c` that match. */
export interface Matching {
  readonly where: string;
  readonly values: readonly unknown[];
  /** nothing was asked: everything matches */
  readonly all: boolean;
}

/** Terms are resolved to their numbers first, so that the planner knows how common each is. Empty lists match nothing. */
export async function matching(sql: Sql, filter: CaptureFilter): Promise<Matching> {
  const where: string[] = [];
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const conditions = await Promise.all(termFilters.flatMap((name) => {
    const asked = filter[name];
    return asked === undefined ? [] : [conditionOf(sql, name, asked)];
  }));
  for (const { name, terms, patterns } of conditions) {
    const tests = [
      ...(terms.length === 0 ? [] : [`c.seq IN (SELECT capture FROM postings WHERE term = ANY (${value(terms)}::bigint[]))`]),
      ...patterns.map((pattern) => `c.seq IN (SELECT capture FROM postings JOIN terms ON terms.id = term WHERE name = ${value(name)} AND terms.value LIKE ${value(like(pattern))})`),
    ];
    // Nobody has that value: nothing matches.
    where.push(tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`);
  }
  if (filter.q !== undefined) where.push(...said(sql, filter.q, value));
  if (filter.after !== undefined) where.push(`c.seq > ${value(filter.after)}`);
  if (filter.before !== undefined) where.push(`c.seq < ${value(filter.before)}`);
  if (filter.since !== undefined) where.push(`c.at >= ${value(instant(filter.since))}`);
  if (filter.until !== undefined) where.push(`c.at <= ${value(instant(filter.until))}`);
  return { where: where.length === 0 ? 'true' : where.join(' AND '), values, all: where.length === 0 };
}

interface Condition { readonly name: TermFilter; readonly terms: readonly number[]; readonly patterns: readonly string[] }

async function conditionOf(sql: Sql, name: TermFilter, asked: readonly string[]): Promise<Condition> {
  const values = name === 'person' ? await Promise.all(asked.map((value) => currentPerson(sql, value))) : name === 'recipient' ? asked.map((value) => value.toLowerCase()) : asked;
  const { exact, patterns } = askedTerms(sql.seal, name, values);
  const terms = exact.length === 0 ? [] : await sql.all<{ id: number }>('SELECT id FROM terms WHERE digest = ANY ($1::bytea[])', exact.map(([of, value]) => termDigest(of, value)));
  return { name, terms: terms.map(({ id }) => id), patterns };
}

/** A person that was merged into another is still found by its old id: the id names an identity, and that has its person. */
async function currentPerson(sql: Sql, id: string): Promise<string> {
  return (await sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = $1', id.replace(/^per_/, '')))?.person ?? id;
}

/** Our '*' is LIKE's '%'; what else LIKE would take for a wildcard is meant literally. */
function like(pattern: string): string {
  return pattern.replace(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%');
}

/** The index finds who has all the words; where several stand together, or one is too long for it, the text itself decides. */
function said(sql: Sql, q: string, value: (given: unknown) => string): readonly string[] {
  const phrases = askedPhrases(sql.seal, q);
  if (phrases === 'everything') return [];
  if (phrases === 'nothing') return ['false'];
  const parts = phrases.map(({ text, prefix }) => ({ words: wordsOf(text), prefix })).filter(({ words }) => words.length > 0);
  const lexemes = parts.flatMap(({ words, prefix }) => words.map((word, at) => `'${lexeme(word)}'${prefix && at === words.length - 1 ? ':*' : ''}`));
  const together = parts.filter(({ words }) => words.length > 1 || words.some((word) => lexeme(word) !== word));
  return [`EXISTS (SELECT 1 FROM search s WHERE s.capture = c.seq AND s.lexemes @@ ${value(lexemes.join(' & '))}::tsquery${
    together.map(({ words, prefix }) => ` AND s.words LIKE ${value(`% ${words.join(' ')}${prefix ? '' : ' '}%`)}`).join('')})`];
}

/** A word as the index has it: no longer than an entry may be. Letters and digits only, so there is nothing to quote. */
export function lexeme(word: string): string {
  return word.length <= longest ? word : [...word].slice(0, longest).join('');
}
const longest = 400;
