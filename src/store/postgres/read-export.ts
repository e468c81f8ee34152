import { StoreUnavailable, type CaptureFilter } from '../../model/store.ts';
import type { Tallies } from '../../model/upkeep.ts';
import { archivedCapture, wholeColumns, type ArchivedCapture, type ArchivedObject, type ArchivedPolicy, type ArchivedRun, type CallbackRow, type PartRow, type WholeRow } from '../archive/record.ts';
import { everything, type Snapshot } from '../archive/snapshot.ts';
import { archivedObject, archivedPolicy, archivedRun, told, type ObjectRow, type PolicyRow } from '../archive/rows.ts';
import { bodyColumns, mustBeThere, wholeBody, type BodyRow, type ReadWith } from '../archive/whole-body.ts';
import type { RunRow } from '../rows.ts';
import type { Connection } from './connection.ts';
import { migrations } from './migrations/all.ts';
import { outboxColumns } from './read-callbacks.ts';
import { seqsOf } from './read-captures.ts';
import { counts } from './read-totals.ts';
import { agreeOnSeal, schemaOf } from './schema.ts';
import { sqlOn, type Sql } from './sql.ts';

const atOnce = 500;

/** One moment of the database, whatever gateways write meanwhile. Throws StoreUnavailable where there is no store, one that is not up to date, or one of another key or bucket. */
export async function beginReading(connection: Connection, given: ReadWith): Promise<Sql> {
  const found = await schemaOf(connection);
  if (found === null) throw new StoreUnavailable('there is no store in this database; name it with --store or FOURTHWALL_STORE');
  if (found > migrations.length) throw new StoreUnavailable(`the store was written by a newer Fourthwall (schema ${found}, this one knows ${migrations.length}); use that version`);
  if (found < migrations.length) throw new StoreUnavailable(`the store was written by an older Fourthwall (schema ${found}, this one writes ${migrations.length}); bring it up to date first: fourthwall store migrate`);
  await agreeOnSeal(connection, { keyId: given.seal.keyId, fresh: false });
  await connection.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // Whoever reads the export may take it slowly.
  await connection.query('SET LOCAL statement_timeout = 0');
  await connection.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  const sql = sqlOn(connection, { prepared: false, seal: given.seal });
  mustBeThere((await sql.one<{ count: number }>('SELECT count(*) AS count FROM bodies WHERE object IS NOT NULL'))!.count, given);
  return sql;
}

export async function openSnapshot(connection: Connection, given: ReadWith): Promise<Snapshot> {
  const sql = await beginReading(connection, given);
  return {
    schema: migrations.length,
    sealed: given.seal.keyId !== null,
    counts: (filter) => tallies(sql, filter),
    policies: () => policies(sql),
    runs: (filter) => runs(sql, filter),
    captures: (filter) => captures(sql, filter),
    async body(sha256) {
      const kept = await sql.one<BodyRow>(`SELECT ${bodyColumns} FROM bodies WHERE sha256 = $1`, Buffer.from(sha256, 'hex'));
      if (kept === undefined) throw new Error(`the body ${sha256.slice(0, 12)} is not kept`);
      return wholeBody(given, kept);
    },
    objects: () => objects(sql),
    close: () => connection.end(),
  };
}

async function tallies(sql: Sql, filter: CaptureFilter): Promise<Tallies> {
  const count = async (table: string): Promise<number> => (await sql.one<{ count: number }>(`SELECT count(*) AS count FROM ${table}`))!.count;
  const all = everything(filter);
  return {
    policy: await count('policies'),
    run: all ? await count('runs') : (await runsNamed(sql, filter)).length,
    capture: all ? await count('captures') : (await seqsOf(sql, { filter, ids: null })).length,
    object: all ? await count(sql.seal.keyId === null ? 'objects' : `objects o WHERE ${told}`) : 0,
  };
}

async function* policies(sql: Sql): AsyncGenerator<ArchivedPolicy> {
  let after = '';
  for (;;) {
    const rows = await sql.all<PolicyRow>('SELECT sha256, text, kept_at FROM policies WHERE sha256 > $1 ORDER BY sha256 LIMIT 50', after);
    for (const row of rows) yield archivedPolicy(sql.seal, row);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.sha256;
  }
}

const runColumns = 'name, space, claims, registered, opened_at, closed_at, opened_seq, closed_seq';

async function* runs(sql: Sql, filter: CaptureFilter): AsyncGenerator<ArchivedRun> {
  if (!everything(filter)) {
    for (const row of await runsNamed(sql, filter)) yield archivedRun(sql.seal, row);
    return;
  }
  let [after, name] = [-1, ''];
  for (;;) {
    const rows = await sql.all<RunRow>(`SELECT ${runColumns} FROM runs WHERE (opened_seq, name) > ($1, $2) ORDER BY opened_seq, name LIMIT ${atOnce}`, after, name);
    for (const row of rows) yield archivedRun(sql.seal, row);
    const last = rows.at(-1);
    if (last === undefined) return;
    [after, name] = [last.opened_seq, last.name];
  }
}

async function runsNamed(sql: Sql, filter: CaptureFilter): Promise<readonly RunRow[]> {
  const names = (await counts(sql, { filter, by: 'run' })).map(({ value }) => value);
  return sql.all<RunRow>(`SELECT ${runColumns} FROM runs WHERE name = ANY ($1::text[]) ORDER BY opened_seq, name`, names);
}

async function* captures(sql: Sql, filter: CaptureFilter): AsyncGenerator<ArchivedCapture> {
  for await (const seq of seqsOldestFirst(sql, filter)) yield await wholeCapture(sql, seq);
}

export async function* seqsOldestFirst(sql: Sql, filter: CaptureFilter): AsyncGenerator<number> {
  if (!everything(filter)) {
    yield* await seqsOf(sql, { filter, ids: null });
    return;
  }
  for (let after = 0; ;) {
    const rows = await sql.all<{ seq: number }>(`SELECT seq FROM captures WHERE seq > $1 ORDER BY seq LIMIT ${atOnce}`, after);
    for (const { seq } of rows) yield seq;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

/** Throws, naming the capture, where its rows are not whole. */
export async function wholeCapture(sql: Sql, seq: number): Promise<ArchivedCapture> {
  // Sent together: one way to the server and back.
  const [row, parts, callbacks] = await Promise.all([
    sql.one<WholeRow>(`SELECT ${wholeColumns} FROM captures c LEFT JOIN exchanges e ON e.capture = c.seq WHERE c.seq = $1`, seq),
    sql.all<PartRow>('SELECT role, filename, content_type, content_id, sha256 FROM parts JOIN bodies ON bodies.id = body WHERE capture = $1 ORDER BY role COLLATE "C", n', seq),
    sql.all<CallbackRow>(`SELECT ${outboxColumns} FROM outbox WHERE capture = (SELECT id FROM captures WHERE seq = $1) ORDER BY ord`, seq),
  ]);
  try {
    return archivedCapture(sql.seal, row!, parts, callbacks);
  } catch (error) {
    throw new Error(`capture ${row!.id} cannot be read: ${(error as Error).message}; fourthwall store check tells more`, { cause: error });
  }
}

async function* objects(sql: Sql): AsyncGenerator<ArchivedObject> {
  let after = 0;
  for (;;) {
    const rows = await sql.all<ObjectRow & { readonly names: readonly string[]; readonly texts: readonly string[] }>(
      `SELECT ord, provider, account, run, kind, id, version, value, ARRAY(SELECT f.name FROM object_fields f WHERE f.object = ord ORDER BY f.name COLLATE "C") AS names,
        ARRAY(SELECT f.value FROM object_fields f WHERE f.object = ord ORDER BY f.name COLLATE "C") AS texts FROM objects o
        WHERE ord > $1${sql.seal.keyId === null ? '' : ` AND ${told}`} ORDER BY ord LIMIT 100`, after);
    for (const row of rows) {
      const living = row.value !== null || sql.seal.keyId === null ? undefined : await sql.one<ObjectRow>(
        'SELECT ord, provider, account, run, kind, id, version, value FROM objects WHERE provider = $1 AND kind = $2 AND id = $3 AND value IS NOT NULL LIMIT 1', row.provider, row.kind, row.id);
      yield archivedObject(sql.seal, row, Object.fromEntries(row.names.map((name, at) => [name, row.texts[at]!])), living);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.ord;
  }
}
