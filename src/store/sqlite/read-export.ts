import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable, type CaptureFilter } from '../../model/store.ts';
import type { Tallies } from '../../model/upkeep.ts';
import { archivedCapture, wholeColumns, type ArchivedCapture, type ArchivedObject, type ArchivedPolicy, type ArchivedRun, type CallbackRow, type PartRow, type WholeRow } from '../archive/record.ts';
import { everything, type Snapshot } from '../archive/snapshot.ts';
import { bodyColumns, mustBeThere, wholeBody, type BodyRow, type ReadWith } from '../archive/whole-body.ts';
import { archivedObject, archivedPolicy, archivedRun, told, type ObjectRow, type PolicyRow } from '../archive/rows.ts';
import type { RunRow } from '../rows.ts';
import { mustBeSealedWith } from '../sealed-with.ts';
import { identify, openForReading, schemaOf, sealOfStore } from './database.ts';
import { migrations } from './migrations/all.ts';
import { seqsOf } from './read-captures.ts';
import { counts } from './read-totals.ts';
import { sqlOn, type Sql } from './sql.ts';

const atOnce = 500;

/** Opens what may be read while a gateway writes: one read transaction from here to `close`. Throws StoreUnavailable where there is no store, one that is not up to date, or one of another key or bucket. */
export function openReading(path: string, given: ReadWith): { readonly database: DatabaseSync; readonly sql: Sql } {
  if (!existsSync(path)) throw new StoreUnavailable(`there is no store at ${path}; name it with --store or --data`);
  let database: DatabaseSync;
  try {
    database = openForReading(path);
  } catch (error) {
    throw new StoreUnavailable(`cannot open ${path}: ${(error as Error).message}`, { cause: error });
  }
  try {
    identify(database, path);
    const schema = schemaOf(database);
    if (schema < migrations.length) throw new StoreUnavailable(`${path} was written by an older Fourthwall (schema ${schema}, this one writes ${migrations.length}); bring it up to date first: fourthwall store migrate`);
    mustBeSealedWith(sealOfStore(database), given.seal.keyId, path);
    database.exec('BEGIN');
    const sql = sqlOn(database, given.seal);
    // The transaction begins with the first thing that is read in it.
    mustBeThere(sql.one<{ count: number }>('SELECT count(*) AS count FROM bodies WHERE object IS NOT NULL')!.count, given);
    return { database, sql };
  } catch (error) {
    database.close();
    throw error instanceof StoreUnavailable ? error : new StoreUnavailable(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

export function openSnapshot(path: string, given: ReadWith): Snapshot {
  const { database, sql } = openReading(path, given);
  return {
    schema: schemaOf(database),
    sealed: given.seal.keyId !== null,
    counts: async (filter) => tallies(sql, filter),
    policies: () => policies(sql),
    runs: (filter) => runs(sql, filter),
    captures: (filter) => captures(sql, filter),
    async body(sha256) {
      const kept = sql.one<BodyRow>(`SELECT ${bodyColumns} FROM bodies WHERE sha256 = ?`, Buffer.from(sha256, 'hex'));
      if (kept === undefined) throw new Error(`the body ${sha256.slice(0, 12)} is not kept`);
      return wholeBody(given, kept);
    },
    objects: () => objects(sql),
    close: async () => database.close(),
  };
}

function tallies(sql: Sql, filter: CaptureFilter): Tallies {
  const count = (table: string): number => sql.one<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)!.count;
  const all = everything(filter);
  return {
    policy: count('policies'),
    run: all ? count('runs') : [...runsNamed(sql, filter)].length,
    capture: all ? count('captures') : seqsOf(sql, { filter, ids: null }).length,
    object: all ? count(sql.seal.keyId === null ? 'objects' : `objects o WHERE ${told}`) : 0,
  };
}

async function* policies(sql: Sql): AsyncGenerator<ArchivedPolicy> {
  let after = '';
  for (;;) {
    const rows = sql.all<PolicyRow>('SELECT sha256, text, kept_at FROM policies WHERE sha256 > ? ORDER BY sha256 LIMIT 50', after);
    for (const row of rows) yield archivedPolicy(sql.seal, row);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.sha256;
  }
}

async function* runs(sql: Sql, filter: CaptureFilter): AsyncGenerator<ArchivedRun> {
  if (!everything(filter)) {
    for (const row of runsNamed(sql, filter)) yield archivedRun(sql.seal, row);
    return;
  }
  let [after, name] = [-1, ''];
  for (;;) {
    const rows = sql.all<RunRow>('SELECT * FROM runs WHERE (opened_seq, name) > (?, ?) ORDER BY opened_seq, name LIMIT ?', after, name, atOnce);
    for (const row of rows) yield archivedRun(sql.seal, row);
    const last = rows.at(-1);
    if (last === undefined) return;
    [after, name] = [last.opened_seq, last.name];
  }
}

function* runsNamed(sql: Sql, filter: CaptureFilter): Generator<RunRow> {
  for (const { value } of counts(sql, { filter, by: 'run' })) {
    const row = sql.one<RunRow>('SELECT * FROM runs WHERE name = ?', value);
    if (row !== undefined) yield row;
  }
}

async function* captures(sql: Sql, filter: CaptureFilter): AsyncGenerator<ArchivedCapture> {
  for (const seq of seqsOldestFirst(sql, filter)) yield wholeCapture(sql, seq);
}

export function* seqsOldestFirst(sql: Sql, filter: CaptureFilter): Generator<number> {
  if (!everything(filter)) {
    yield* seqsOf(sql, { filter, ids: null });
    return;
  }
  for (let after = 0; ;) {
    const rows = sql.all<{ seq: number }>('SELECT seq FROM captures WHERE seq > ? ORDER BY seq LIMIT ?', after, atOnce);
    for (const { seq } of rows) yield seq;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

/** Throws, naming the capture, where its rows are not whole. */
export function wholeCapture(sql: Sql, seq: number): ArchivedCapture {
  const row = sql.one<WholeRow>(`SELECT ${wholeColumns} FROM captures c LEFT JOIN exchanges e ON e.capture = c.seq WHERE c.seq = ?`, seq)!;
  const parts = sql.all<PartRow>('SELECT role, filename, content_type, content_id, sha256 FROM parts JOIN bodies ON bodies.id = body WHERE capture = ? ORDER BY role, n', seq);
  const callbacks = sql.all<CallbackRow>(`SELECT id, provider, target, object, not_before, attempt, state, call, event, url, last_status, last_error, delivery
    FROM outbox WHERE capture = ? ORDER BY ord`, row.id);
  try {
    return archivedCapture(sql.seal, row, parts, callbacks);
  } catch (error) {
    throw new Error(`capture ${row.id} cannot be read: ${(error as Error).message}; fourthwall store check tells more`, { cause: error });
  }
}

async function* objects(sql: Sql): AsyncGenerator<ArchivedObject> {
  let after = 0;
  for (;;) {
    const rows = sql.all<ObjectRow>(`SELECT ord, provider, account, run, kind, id, version, value FROM objects o WHERE ord > ?${sql.seal.keyId === null ? '' : ` AND ${told}`} ORDER BY ord LIMIT 100`, after);
    for (const row of rows) {
      const fields = sql.seal.keyId === null ? sql.all<{ name: string; value: string }>('SELECT name, value FROM object_fields WHERE object = ? ORDER BY name', row.ord) : [];
      const living = row.value !== null || sql.seal.keyId === null ? undefined : sql.one<ObjectRow>(
        'SELECT ord, provider, account, run, kind, id, version, value FROM objects WHERE provider = ? AND kind = ? AND id = ? AND value IS NOT NULL LIMIT 1', row.provider, row.kind, row.id);
      yield archivedObject(sql.seal, row, Object.fromEntries(fields.map((field) => [field.name, field.value])), living);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.ord;
  }
}
