import type { Flaw } from '../../model/upkeep.ts';
import type { Inspection } from '../archive/inspect.ts';
import { bodyColumns, type BodyRow, type ReadWith } from '../archive/whole-body.ts';
import { blockQuery } from './asked.ts';
import type { Connection } from './connection.ts';
import { migrations } from './migrations/all.ts';
import { beginReading, seqsOldestFirst, wholeCapture } from './read-export.ts';
import type { Sql } from './sql.ts';

/** Looks into a store while gateways may be writing it. */
export async function openInspection(connection: Connection, given: ReadWith): Promise<Inspection> {
  const sql = await beginReading(connection, given);
  return {
    given,
    schema: migrations.length,
    damages: () => damages(sql),
    ask: (text) => sql.all(text),
    seqs: () => seqsOldestFirst(sql, {}),
    count: async () => (await sql.one<{ count: number }>('SELECT count(*) AS count FROM captures'))!.count,
    capture: (seq) => wholeCapture(sql, seq),
    terms: async (seq) => (await sql.all<{ name: string; value: string }>(`SELECT name, value FROM postings JOIN terms ON terms.id = term WHERE capture = $1
      UNION ALL SELECT name, value FROM captures JOIN profile_terms USING (profile) JOIN terms ON terms.id = term WHERE seq = $1`, seq)).map(({ name, value }) => [name, value] as const),
    bodies: () => bodies(sql),
    wordless: `SELECT id AS name FROM captures WHERE enrichment <> 'pending' AND NOT EXISTS (SELECT 1 FROM search WHERE capture = seq AND lexemes @@ ${blockQuery('(seq >> 13)')})`,
    astray: 'SELECT capture AS name FROM search WHERE NOT EXISTS (SELECT 1 FROM captures WHERE seq = capture)',
    close: () => connection.end(),
  };
}

/** Pages are the server's own business (checksums, amcheck); the log and its head are ours. */
async function* damages(sql: Sql): AsyncGenerator<Flaw> {
  const row = await sql.one<{ head: number | null; last: number }>('SELECT (SELECT seq FROM head) AS head, coalesce(max(seq), 0) AS last FROM events');
  if (row!.head !== row!.last) {
    yield { kind: 'event', on: 'the log', what: `ends with event ${row!.last}, and its head says ${row!.head ?? 'nothing'}: the next write fails or leaves a gap`, right: 'restore a copy of the database' };
  }
}

async function* bodies(sql: Sql): AsyncGenerator<BodyRow> {
  for (let after = 0; ;) {
    const kept = await sql.one<BodyRow & { readonly id: number }>(`SELECT id, ${bodyColumns} FROM bodies WHERE id > $1 ORDER BY id LIMIT 1`, after);
    if (kept === undefined) return;
    yield kept;
    after = kept.id;
  }
}
