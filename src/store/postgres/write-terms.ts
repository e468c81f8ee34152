import { digestOf } from './sql.ts';
import type { Write } from './write.ts';

export const termDigest = (name: string, value: string): Buffer => digestOf('term', name, value);

/** Makes a capture findable by these values. */
export function keepTerms({ sql }: Write, capture: number, terms: readonly (readonly [name: string, value: string])[]): void {
  const wanted = new Map(terms.map(([name, value]) => [JSON.stringify([name, value]), { name, value, digest: termDigest(name, value) }]));
  if (wanted.size === 0) return;
  const each = [...wanted.values()];
  sql.send(`WITH wanted AS (SELECT * FROM unnest($2::text[], $3::text[], $4::bytea[]) AS w (name, value, digest)),
    made AS (INSERT INTO terms (name, value, digest) SELECT name, value, digest FROM wanted WHERE NOT EXISTS (SELECT 1 FROM terms WHERE terms.digest = wanted.digest) RETURNING id)
    INSERT INTO postings (term, capture) SELECT id, $1::bigint FROM made UNION SELECT terms.id, $1::bigint FROM terms JOIN wanted USING (digest) ON CONFLICT DO NOTHING`,
    capture, each.map(({ name }) => name), each.map(({ value }) => value), each.map(({ digest }) => digest));
}

export function replaceTerms(write: Write, capture: number, name: string, values: readonly string[]): void {
  dropTerms(write, [capture], name);
  keepTerms(write, capture, values.map((value) => [name, value]));
}

/** Of one name, or all. A term nobody is found by any more goes too: it may be somebody's address. */
export function dropTerms({ sql }: Write, captures: readonly number[], name: string | null): void {
  sql.send(`WITH gone AS (DELETE FROM postings USING terms WHERE terms.id = term AND capture = ANY ($1::bigint[]) AND ($2::text IS NULL OR terms.name = $2) RETURNING term)
    DELETE FROM terms WHERE id IN (SELECT term FROM gone) AND NOT EXISTS (SELECT 1 FROM postings WHERE term = terms.id AND capture <> ALL ($1::bigint[]))`, captures, name);
}
