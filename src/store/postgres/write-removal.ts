import { dropParts } from './write-parts.ts';
import { dropTerms } from './write-terms.ts';
import type { Write } from './write.ts';

/** Never a capture of an open registered run: its ledger must not lose what its verdict stands on. Returns how many went. `why` stands in the events. */
export async function remove(write: Write, { seqs, why = {} }: { readonly seqs: readonly number[]; readonly why?: Readonly<Record<string, unknown>> }): Promise<number> {
  const { sql } = write;
  const going = await sql.all<{ seq: number; id: string; run: string | null; person: string | null }>(`SELECT seq, id, run, person FROM captures WHERE seq = ANY ($1::bigint[])
    AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.name = captures.run AND registered = 1 AND closed_at IS NULL) ORDER BY seq`, seqs);
  if (going.length === 0) return 0;
  const gone = going.map(({ seq }) => seq);
  dropParts(write, gone, null);
  dropTerms(write, gone, null);
  sql.send('DELETE FROM outbox WHERE capture = ANY ($1::text[])', going.map(({ id }) => id));
  sql.send('DELETE FROM captures WHERE seq = ANY ($1::bigint[])', gone);
  sql.send('DELETE FROM identities WHERE person = ANY ($1::text[]) AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.person = identities.person)',
    going.flatMap(({ person }) => person ?? []));
  for (const { id, run } of going) write.event('deleted', { capture: id, run, data: why });
  return going.length;
}
