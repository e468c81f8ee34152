import { isOfProfile, isPosted } from '../filter.ts';
import { digestOf } from './sql.ts';
import type { Write } from './write.ts';

type Terms = readonly (readonly [name: string, value: string])[];

export const termDigest = (name: string, value: string): Buffer => digestOf('term', name, value);

/** Makes a capture findable by those of these values that have postings of their own. */
export function keepTerms({ sql }: Write, capture: number, terms: Terms): void {
  const [names, values, digests] = columnsOf(terms, isPosted);
  if (names.length === 0) return;
  sql.send(`WITH wanted AS (SELECT * FROM unnest($2::text[], $3::text[], $4::bytea[]) AS w (name, value, digest)),
    made AS (INSERT INTO terms (name, value, digest) SELECT name, value, digest FROM wanted WHERE NOT EXISTS (SELECT 1 FROM terms WHERE terms.digest = wanted.digest) RETURNING id)
    INSERT INTO postings (term, capture) SELECT id, $1::bigint FROM made UNION SELECT terms.id, $1::bigint FROM terms JOIN wanted USING (digest) ON CONFLICT DO NOTHING`,
    capture, names, values, digests);
}

/** What `profile_of` takes: those of these values that make up the capture's profile. */
export function profileValues(terms: Terms): readonly [names: readonly string[], values: readonly string[], digests: readonly Buffer[]] {
  return columnsOf(terms, isOfProfile);
}

export function replaceTerms(write: Write, capture: number, name: string, values: readonly string[]): void {
  const terms = values.map((value) => [name, value] as const);
  if (!isOfProfile(name)) {
    dropTerms(write, [capture], name);
    keepTerms(write, capture, terms);
    return;
  }
  write.sql.send(`UPDATE captures SET profile = (SELECT profile_of(array_agg(name), array_agg(value), array_agg(digest)) FROM (
      SELECT name, value, digest FROM captures JOIN profile_terms USING (profile) JOIN terms ON terms.id = term WHERE seq = $1 AND name <> $2
      UNION ALL SELECT * FROM unnest($3::text[], $4::text[], $5::bytea[])) AS wanted (name, value, digest)) WHERE seq = $1`, capture, name, ...profileValues(terms));
}

/** Postings of one name, or all. A term nobody is found by any more goes too: it may be somebody's address. Profiles go by triggers. */
export function dropTerms({ sql }: Write, captures: readonly number[], name: string | null): void {
  sql.send(`WITH gone AS (DELETE FROM postings USING terms WHERE terms.id = term AND capture = ANY ($1::bigint[]) AND ($2::text IS NULL OR terms.name = $2) RETURNING term)
    DELETE FROM terms WHERE id IN (SELECT term FROM gone) AND NOT EXISTS (SELECT 1 FROM postings WHERE term = terms.id AND capture <> ALL ($1::bigint[]))`, captures, name);
}

function columnsOf(terms: Terms, wanted: (name: string) => boolean): readonly [readonly string[], readonly string[], readonly Buffer[]] {
  const once = new Map(terms.filter(([name]) => wanted(name)).map(([name, value]) => [JSON.stringify([name, value]), { name, value, digest: termDigest(name, value) }]));
  const each = [...once.values()];
  return [each.map(({ name }) => name), each.map(({ value }) => value), each.map(({ digest }) => digest)];
}
