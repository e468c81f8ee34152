import { createSecretKey } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ObjectConflict, StoreFull, StoreUnavailable } from '../../model/store.ts';
import type { Evicting } from '../eviction.ts';
import type { Seal } from '../seal.ts';
import { failed, type BatchReport, type PackedWrite, type WriteReport } from '../write-report.ts';
import { reasonOf, type Connection } from './connection.ts';
import { Refused } from './refused.ts';
import { sqlOn, type Sql } from './sql.ts';
import { unpacked, type Unpacked } from './unpacked.ts';
import { eventsAfter, type EventLog, type Write } from './write.ts';
import { writes, type WriteName } from './writes.ts';

export type Batch = readonly PackedWrite<WriteName>[];

export interface Committer {
  commit(batch: Batch): Promise<BatchReport>;
  close(): Promise<void>;
}

export const channel = 'fourthwall';

interface Session { readonly connection: Connection; readonly sql: Sql }

/**
 * Group commit: the whole batch is one transaction and each write a savepoint in it, so one that fails leaves its neighbours
 * alone. Nothing is reported done before COMMIT has returned. Every batch begins by locking `head`, which all gateways on this database
 * wait for in turn: so every write sees all writes before it, and a reader sees the events of one commit after those of all earlier ones.
 */
export function committer({ open, writer, secret, seal, evicting, deadline, silence, told }: {
  readonly open: () => Promise<Connection>;
  /** names this process among those that write here */
  readonly writer: string;
  readonly secret: Uint8Array;
  readonly seal: Seal;
  readonly evicting: Evicting | null;
  /** ms for a batch, from the first statement to its commit */
  readonly deadline: number;
  readonly silence: number;
  /** the seq of the last event, after a commit that appended some */
  readonly told: (seq: number) => void;
}): Committer {
  const given: Given = { key: createSecretKey(secret), evicting, silence };
  let session: Session | null = null;
  let batches = 0;

  const ready = async (): Promise<Session> => {
    if (session !== null && session.connection.gone() === null) return session;
    const connection = await open();
    session = { connection, sql: sqlOn(connection, { prepared: true, seal }) };
    return session;
  };

  async function attempt(batch: readonly Unpacked[], { number, until }: { readonly number: number; readonly until: number }, progress: { committing: boolean; report: BatchReport | null; last: number }): Promise<void> {
    const { sql } = await ready();
    if (Date.now() >= until) throw new StoreUnavailable('the connection came too late');
    sql.send('BEGIN');
    const head = await sql.one<{ seq: number }>('SELECT seq FROM head FOR UPDATE');
    await sql.settled();
    const log = eventsAfter(head!.seq, seal);
    const reports: WriteReport[] = [];
    for (const message of batch) reports.push(await savepoint(sql, log, given, message));
    const events = log.all();
    if (events.length > 0) {
      sql.send('INSERT INTO events (seq, at, kind, capture, run, data) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])',
        ...(['seq', 'at', 'kind', 'capture', 'run', 'data'] as const).map((column) => events.map((event) => event[column])));
      sql.send('UPDATE head SET seq = $1', log.last());
      sql.send('SELECT pg_notify($1, $2)', channel, `${writer}:${log.last()}`);
    }
    // By this row a COMMIT whose answer was lost is found to have happened, or not.
    sql.send('INSERT INTO writers (id, batch) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET batch = $2, at = now()', writer, number);
    await sql.settled();
    progress.report = { reports, appended: events.length > 0 };
    progress.last = log.last();
    progress.committing = true;
    await sql.run('COMMIT');
  }

  /** Did that batch commit? Waits until its transaction has ended, one way or the other: it held `head`. */
  async function landed(number: number, until: number): Promise<boolean | null> {
    while (Date.now() < until) {
      try {
        const { sql } = await ready();
        sql.send('BEGIN');
        sql.send('SELECT seq FROM head FOR UPDATE');
        const row = await sql.one<{ batch: number }>('SELECT batch FROM writers WHERE id = $1', writer);
        await sql.settled();
        await sql.run('COMMIT');
        return row?.batch === number;
      } catch {
        session?.connection.cut('it failed');
        await delay(50);
      }
    }
    return null;
  }

  return {
    async commit(batch) {
      batches += 1;
      const number = batches;
      const progress: { committing: boolean; report: BatchReport | null; last: number } = { committing: false, report: null, last: 0 };
      const until = Date.now() + deadline;
      const late = setTimeout(() => session?.connection.cut(`the store did not commit within ${deadline} ms`), deadline);
      const done = (): BatchReport => {
        if (progress.report!.appended) told(progress.last);
        return progress.report!;
      };
      try {
        await attempt(await Promise.all(batch.map((packed) => unpacked(packed, seal))), { number, until }, progress);
        return done();
      } catch (error) {
        // Whatever state the connection is in, the server ends what was begun on it.
        session?.connection.cut('its transaction failed');
        session = null;
        if (progress.committing) {
          // A COMMIT without an answer may have happened.
          const happened = await landed(number, until + deadline);
          if (happened === true) return done();
          if (happened === null) return failed(batch, `it cannot be known whether the store wrote: ${reasonOf(error)}`);
        }
        return failed(batch, `the store could not write: ${reasonOf(error)}`);
      } finally {
        clearTimeout(late);
      }
    },
    async close() {
      const last = session;
      if (last === null || last.connection.gone() !== null) return;
      await last.sql.run('DELETE FROM writers WHERE id = $1', writer).catch(() => undefined);
      await last.connection.end();
    },
  };
}

type Given = Pick<Write, 'key' | 'evicting' | 'silence'>;

async function savepoint(sql: Sql, log: EventLog, given: Given, { kind, at, args, bodies }: Unpacked): Promise<WriteReport> {
  const before = log.last();
  sql.send('SAVEPOINT one');
  try {
    const write: Write = { ...given, sql, at, bodies, last: before, event: (...event) => log.append(at, ...event) };
    // The map from names to functions cannot be followed by the type checker through packed bytes.
    const value = await (writes[kind] as (write: Write, args: unknown) => unknown)(write, args());
    await sql.settled();
    sql.send('RELEASE one');
    return { ok: true, value };
  } catch (error) {
    // A statement that was sent may have failed first, and made the one that was waited for fail.
    const cause = await sql.settled().then(() => error, (first: unknown) => first);
    if (!isItsOwn(cause)) throw cause;
    log.backTo(before);
    sql.send('ROLLBACK TO one');
    sql.send('RELEASE one');
    await sql.settled();
    const message = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, fault: cause instanceof ObjectConflict ? 'conflict' : cause instanceof StoreFull ? 'full' : cause instanceof StoreUnavailable ? 'unavailable' : 'refused', message };
  }
}

/**
 * Was the value wrong, and the database is not? An error of ours, or a class of https://www.postgresql.org/docs/current/errcodes-appendix.html that
 * speaks of values: 22 data, 23 constraints, 54 limits. Anything else fails the whole batch.
 */
function isItsOwn(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== null && code !== undefined) return typeof code === 'string' && /^(22|23|54)[0-9A-Z]{3}$/.test(code);
  // pg's own errors about the connection have no code; ours are thrown with a cause of their own kind.
  return error instanceof ObjectConflict || error instanceof StoreUnavailable || error instanceof Refused || error instanceof TypeError || error instanceof RangeError;
}
