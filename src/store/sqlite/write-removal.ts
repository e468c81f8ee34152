import { dropParts } from './write-parts.ts';
import { dropTerms } from './write-terms.ts';
import type { Write } from './write.ts';

/** Never a capture of an open registered run: its ledger must not lose what its verdict stands on. Returns how many went. `why` stands in the events. */
export function remove(write: Write, { seqs, why = {} }: { readonly seqs: readonly number[]; readonly why?: Readonly<Record<string, unknown>> }): number {
  let removed = 0;
  for (const seq of seqs) {
    const kept = write.sql.one<{ id: string; run: string | null; person: string | null }>(`SELECT id, run, person FROM captures WHERE seq = ?
      AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.name = captures.run AND registered = 1 AND closed_at IS NULL)`, seq);
    if (kept === undefined) continue;
    dropParts(write, seq, null);
    dropTerms(write, seq, null);
    write.sql.run('DELETE FROM search WHERE rowid = ?', seq);
    write.sql.run('DELETE FROM outbox WHERE capture = ?', kept.id);
    write.sql.run('DELETE FROM captures WHERE seq = ?', seq);
    if (kept.person !== null) {
      write.sql.run('DELETE FROM identities WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.person = ?1)', kept.person);
    }
    write.event('deleted', { capture: kept.id, run: kept.run, data: why });
    removed += 1;
  }
  return removed;
}
