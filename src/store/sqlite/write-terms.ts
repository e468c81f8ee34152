import { isOfProfile, isPosted } from '../filter.ts';
import type { Write } from './write.ts';

type Terms = readonly (readonly [name: string, value: string])[];

/** Makes a capture findable by those of these values that have postings of their own. */
export function keepTerms({ sql }: Write, capture: number, terms: Terms): void {
  for (const [name, value] of terms) {
    if (isPosted(name)) sql.run('INSERT OR IGNORE INTO postings (term, capture) VALUES (?, ?)', termOf(sql, name, value), capture);
  }
}

/** The profile made of those of these values that belong to one; made where nobody has had it. */
export function profileOf({ sql }: Write, terms: Terms): number {
  return profileWith(sql, terms.flatMap(([name, value]) => (isOfProfile(name) ? [termOf(sql, name, value)] : [])));
}

export function replaceTerms(write: Write, capture: number, name: string, values: readonly string[]): void {
  const { sql } = write;
  if (!isOfProfile(name)) {
    dropTerms(write, capture, name);
    keepTerms(write, capture, values.map((value) => [name, value]));
    return;
  }
  const others = sql.all<{ term: number }>(`SELECT term FROM captures JOIN profile_terms USING (profile) JOIN terms ON terms.id = term
    WHERE seq = ? AND name <> ?`, capture, name).map(({ term }) => term);
  sql.run('UPDATE captures SET profile = ? WHERE seq = ?', profileWith(sql, [...others, ...values.map((value) => termOf(sql, name, value))]), capture);
}

/** Postings of one name, or all. A term nobody is found by any more goes too: it may be somebody's address. Profiles go by triggers. */
export function dropTerms({ sql }: Write, capture: number, name: string | null): void {
  const terms = sql.all<{ term: number }>('SELECT term FROM postings JOIN terms ON terms.id = term WHERE capture = ?1 AND (?2 IS NULL OR name = ?2)', capture, name);
  for (const { term } of terms) {
    sql.run('DELETE FROM postings WHERE term = ? AND capture = ?', term, capture);
    sql.run('DELETE FROM terms WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM postings WHERE term = ?1)', term);
  }
}

function profileWith(sql: Write['sql'], terms: readonly number[]): number {
  const all = [...new Set(terms)].toSorted((one, other) => one - other);
  const text = all.join(',');
  const known = sql.one<{ id: number }>('SELECT id FROM profiles WHERE terms = ?', text)?.id;
  if (known !== undefined) return known;
  const made = sql.run('INSERT INTO profiles (terms) VALUES (?)', text).rowid;
  for (const term of all) sql.run('INSERT INTO profile_terms (term, profile) VALUES (?, ?)', term, made);
  return made;
}

function termOf(sql: Write['sql'], name: string, value: string): number {
  return sql.one<{ id: number }>('SELECT id FROM terms WHERE name = ? AND value = ?', name, value)?.id
    ?? sql.run('INSERT INTO terms (name, value) VALUES (?, ?)', name, value).rowid;
}
