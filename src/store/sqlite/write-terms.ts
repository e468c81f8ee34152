import type { Write } from './write.ts';

/** Makes a capture findable by these values. */
export function keepTerms({ sql }: Write, capture: number, terms: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of terms) {
    const term = sql.one<{ id: number }>('SELECT id FROM terms WHERE name = ? AND value = ?', name, value)?.id
      ?? sql.run('INSERT INTO terms (name, value) VALUES (?, ?)', name, value).rowid;
    sql.run('INSERT OR IGNORE INTO postings (term, capture) VALUES (?, ?)', term, capture);
  }
}

export function replaceTerms(write: Write, capture: number, name: string, values: readonly string[]): void {
  dropTerms(write, capture, name);
  keepTerms(write, capture, values.map((value) => [name, value]));
}

/** Of one name, or all. A term nobody is found by any more goes too: it may be somebody's address. */
export function dropTerms({ sql }: Write, capture: number, name: string | null): void {
  const terms = sql.all<{ term: number }>('SELECT term FROM postings JOIN terms ON terms.id = term WHERE capture = ?1 AND (?2 IS NULL OR name = ?2)', capture, name);
  for (const { term } of terms) {
    sql.run('DELETE FROM postings WHERE term = ? AND capture = ?', term, capture);
    sql.run('DELETE FROM terms WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM postings WHERE term = ?1)', term);
  }
}
