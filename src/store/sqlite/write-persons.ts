import type { Identity } from '../../model/capture.ts';
import { canonicalIdentity, personId } from '../person.ts';
import { keyedDigest } from '../secret-key.ts';
import type { Write } from './write.ts';

/** The person these identities belong to; new ones join it, and persons they turn out to share become one: the earliest. */
export function personOf(write: Write, identities: readonly Identity[]): string | null {
  const { sql, key } = write;
  const hashes = new Map<string, string>();
  for (const identity of identities) {
    const canonical = canonicalIdentity(identity);
    if (canonical !== null) hashes.set(keyedDigest(key, canonical), identity.kind);
  }
  const first = hashes.keys().next();
  if (first.done === true) return null;
  const known = new Set([...hashes.keys()].flatMap((hash) => sql.one<{ person: string }>('SELECT person FROM identities WHERE hash = ?', hash)?.person ?? []));
  const person = known.size <= 1 ? [...known][0] ?? personId(first.value) : earliest(write, [...known]);
  for (const other of known) if (other !== person) merge(write, other, person);
  for (const [hash, kind] of hashes) sql.run('INSERT OR IGNORE INTO identities (hash, kind, person) VALUES (?, ?, ?)', hash, kind, person);
  return person;
}

function earliest({ sql }: Write, persons: readonly string[]): string {
  return sql.one<{ person: string }>(`SELECT person FROM captures WHERE person IN (${persons.map(() => '?').join(', ')}) ORDER BY seq LIMIT 1`, ...persons)?.person ?? persons[0]!;
}

/** The id that goes keeps working as a filter: it names an identity, and that identity names its person (see filter.ts). */
function merge({ sql }: Write, from: string, into: string): void {
  sql.run('UPDATE identities SET person = ? WHERE person = ?', into, from);
  sql.run(`UPDATE postings SET term = (SELECT id FROM terms WHERE name = 'person' AND value = ?)
    WHERE term = (SELECT id FROM terms WHERE name = 'person' AND value = ?)`, into, from);
  sql.run(`DELETE FROM terms WHERE name = 'person' AND value = ?`, from);
  sql.run('UPDATE captures SET person = ? WHERE person = ?', into, from);
}
