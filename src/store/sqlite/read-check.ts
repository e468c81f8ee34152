import type { Flaw } from '../../model/upkeep.ts';
import type { Inspection } from '../archive/inspect.ts';
import { bodyColumns, type BodyRow, type ReadWith } from '../archive/whole-body.ts';
import { schemaOf } from './database.ts';
import { openReading, seqsOldestFirst, wholeCapture } from './read-export.ts';
import type { Sql } from './sql.ts';

/** Looks into a store while a gateway may be writing it. */
export function openInspection(path: string, given: ReadWith): Inspection {
  const { database, sql } = openReading(path, given);
  return {
    given,
    schema: schemaOf(database),
    damages: () => damages(sql),
    ask: async (text) => sql.all(text),
    seqs: async function* seqs() { yield* seqsOldestFirst(sql, {}); },
    count: async () => sql.one<{ count: number }>('SELECT count(*) AS count FROM captures')!.count,
    capture: async (seq) => wholeCapture(sql, seq),
    terms: async (seq) => sql.all<{ name: string; value: string }>(`SELECT name, value FROM postings JOIN terms ON terms.id = term WHERE capture = ?1
      UNION ALL SELECT name, value FROM captures JOIN profile_terms USING (profile) JOIN terms ON terms.id = term WHERE seq = ?1`, seq).map(({ name, value }) => [name, value] as const),
    bodies: () => bodies(sql),
    wordless: `SELECT id AS name FROM captures WHERE enrichment <> 'pending' AND NOT EXISTS (SELECT 1 FROM search WHERE rowid = seq)`,
    astray: 'SELECT rowid AS name FROM search WHERE NOT EXISTS (SELECT 1 FROM captures WHERE seq = search.rowid)',
    close: async () => database.close(),
  };
}

/** Pages, indexes and (by their own check) the tables of full text; then what refers to what is not there. */
async function* damages(sql: Sql): AsyncGenerator<Flaw> {
  for (const { integrity_check: what } of sql.all<{ integrity_check: string }>('PRAGMA integrity_check(100)')) {
    if (what !== 'ok') yield { kind: 'file', on: 'the database file', what: what.replace(/\s+/g, ' ').slice(0, 300), right: 'restore a copy of the store; fourthwall store export takes out what can still be read' };
  }
  for (const { table, rowid, parent } of sql.all<{ table: string; rowid: number | null; parent: string }>('PRAGMA foreign_key_check')) {
    yield { kind: 'reference', on: `${table}${rowid === null ? '' : ` row ${rowid}`}`, what: `refers to a row of ${parent} that is not there`, right: 'restore a copy of the store' };
  }
}

async function* bodies(sql: Sql): AsyncGenerator<BodyRow> {
  for (let after = 0; ;) {
    const kept = sql.one<BodyRow & { readonly id: number }>(`SELECT id, ${bodyColumns} FROM bodies WHERE id > ? ORDER BY id LIMIT 1`, after);
    if (kept === undefined) return;
    yield kept;
    after = kept.id;
  }
}
