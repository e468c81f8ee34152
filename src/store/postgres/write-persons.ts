import type { Identity } from '../../model/capture.ts';
import { canonicalIdentity, personId } from '../person.ts';
import { keyedDigest } from '../secret-key.ts';
import { termDigest } from './write-terms.ts';
import type { Write } from './write.ts';

/** The person these identities belong to; new ones join it, and persons they turn out to share become one: the earliest. */
export async function personOf(write: Write, identities: readonly Identity[]): Promise<string | null> {
  const { sql, key } = write;
  const hashes = new Map<string, string>();
  for (const identity of identities) {
    const canonical = canonicalIdentity(identity);
    if (canonical !== null) hashes.set(keyedDigest(key, canonical), identity.kind);
  }
  const first = hashes.keys().next();
  if (first.done === true) return null;
  const found = new Map((await sql.all<{ hash: string; person: string }>('SELECT hash, person FROM identities WHERE hash = ANY ($1::text[])', [...hashes.keys()]))
    .map(({ hash, person }) => [hash, person]));
  const known = new Set([...hashes.keys()].flatMap((hash) => found.get(hash) ?? []));
  const person = known.size <= 1 ? [...known][0] ?? personId(first.value) : await earliest(write, [...known]);
  for (const other of known) if (other !== person) merge(write, other, person);
  const fresh = [...hashes].filter(([hash]) => !found.has(hash));
  if (fresh.length > 0) {
    sql.send('INSERT INTO identities (hash, kind, person) SELECT hash, kind, $3 FROM unnest($1::text[], $2::text[]) AS i (hash, kind) ON CONFLICT DO NOTHING',
      fresh.map(([hash]) => hash), fresh.map(([, kind]) => kind), person);
  }
  return person;
}

async function earliest({ sql }: Write, persons: readonly string[]): Promise<string> {
  return (await sql.one<{ person: string }>('SELECT person FROM captures WHERE person = ANY ($1::text[]) ORDER BY seq LIMIT 1', persons))?.person ?? persons[0]!;
}

/** The id that goes keeps working as a filter: it names an identity, and that identity names its person (see filter.ts). */
function merge({ sql }: Write, from: string, into: string): void {
  sql.send('UPDATE identities SET person = $1 WHERE person = $2', into, from);
  sql.send('UPDATE postings SET term = kept.id FROM terms AS kept, terms AS gone WHERE kept.digest = $1 AND gone.digest = $2 AND term = gone.id', termDigest('person', into), termDigest('person', from));
  sql.send('DELETE FROM terms WHERE digest = $1', termDigest('person', from));
  sql.send('UPDATE captures SET person = $1 WHERE person = $2', into, from);
}
