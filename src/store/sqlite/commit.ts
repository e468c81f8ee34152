import type { DatabaseSync } from 'node:sqlite';
import { placedIn } from '../bucket/placed.ts';
import { ObjectConflict, StoreFull, StoreUnavailable } from '../../model/store.ts';
import { failed, type BatchReport, type WriteReport } from '../write-report.ts';
import type { Seal } from '../seal.ts';
import { primaryCode } from './database.ts';
import type { Evicting } from '../eviction.ts';
import { writeOn, type Write } from './write.ts';
import { writes, type WriteName } from './writes.ts';

/** One write. Its arguments are unpacked where a fault of theirs is theirs alone. */
export interface WriteMessage {
  readonly kind: WriteName;
  readonly args: () => unknown;
  readonly at: string;
}

/** CONSTRAINT, MISMATCH, TOOBIG, RANGE: the value was wrong, the database is not. Anything else fails the whole batch. */
const valueCodes: ReadonlySet<number | null> = new Set([19, 20, 18, 25, null]);

/**
 * Group commit: the whole batch is one transaction and each write a savepoint in it, so one that fails leaves its neighbours
 * alone. Nothing is reported done before COMMIT has returned.
 */
export function committer(database: DatabaseSync, key: Uint8Array, seal: Seal, evicting: Evicting | null): (batch: readonly WriteMessage[]) => BatchReport {
  const state = writeOn(database, key, seal, evicting);
  return (batch) => {
    try {
      database.exec('BEGIN IMMEDIATE');
      const reports = batch.map((message) => savepoint(database, message, state.begin(message.at)));
      database.exec('COMMIT');
      return { reports, appended: state.appended() };
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      state.appended();
      return failed(batch, `the store could not write: ${(error as Error).message}`);
    }
  };
}

function savepoint(database: DatabaseSync, { kind, args }: WriteMessage, write: Write): WriteReport {
  database.exec('SAVEPOINT one');
  try {
    // The map from names to functions cannot be followed by the type checker through a message between threads.
    const given = args();
    const value = (writes[kind] as (write: Write, args: unknown) => unknown)({ ...write, placed: placedIn(given) }, given);
    database.exec('RELEASE one');
    return { ok: true, value };
  } catch (error) {
    if (!valueCodes.has(primaryCode(error)) || !database.isTransaction) throw error;
    database.exec('ROLLBACK TO one; RELEASE one');
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, fault: error instanceof ObjectConflict ? 'conflict' : error instanceof StoreFull ? 'full' : error instanceof StoreUnavailable ? 'unavailable' : 'refused', message };
  }
}
