import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../model/store.ts';
import type { Compacted, Migration } from '../../model/upkeep.ts';
import { identify, lockFile, openForWriting, primaryCode, schemaOf, sealOfStore, settings } from './database.ts';
import { nothing } from '../sealed-with.ts';
import { migrations } from './migrations/all.ts';

/** Brings a store up to date as the next start would. Refuses one that a gateway has, that is not there, or that is newer. */
export function migrateStore(path: string, { dry }: { readonly dry: boolean }): Migration {
  const { from, sealed } = alone(path, (database) => ({ from: schemaOf(database), sealed: sealOfStore(database) }));
  // Whatever it is sealed with: a migration opens nothing.
  if (!dry && from < migrations.length) openForWriting({ path, durability: 'power', keyId: sealed === nothing ? null : sealed }).close();
  return { from, to: migrations.length };
}

/**
 * Writes the file anew, without what was deleted, and empties the log. Refuses a store that a gateway has, and one that is not up to date.
 * Throws where somebody who reads stands in the way: then the file still holds what was deleted.
 */
export function compactStore(path: string): Compacted {
  return alone(path, (database) => {
    const schema = schemaOf(database);
    if (schema < migrations.length) throw new StoreUnavailable(`${path} was written by an older Fourthwall (schema ${schema}, this one writes ${migrations.length}); bring it up to date first: fourthwall store migrate`);
    const before = bytesOf(path);
    settings(database, 'power');
    database.exec('PRAGMA busy_timeout = 500');
    // Merged into one, an index of words holds nothing of those that were deleted.
    for (const { name } of fullText(database)) database.exec(`INSERT INTO "${name}" ("${name}") VALUES ('optimize')`);
    emptyLog(database, path);
    database.exec('VACUUM');
    emptyLog(database, path);
    return { before, after: bytesOf(path) };
  });
}

function fullText(database: DatabaseSync): readonly { readonly name: string }[] {
  return database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'`).all() as unknown as { readonly name: string }[];
}

function emptyLog(database: DatabaseSync, path: string): void {
  const row = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { readonly busy: number };
  if (row.busy !== 0) throw new StoreUnavailable(`somebody reads ${path} (an export, a check, another program): what was deleted is still in its files; run this again when they are done`);
}

/** With the store to ourselves, for as long as the work takes. */
function alone<T>(path: string, work: (database: DatabaseSync) => T): T {
  if (!existsSync(path)) throw new StoreUnavailable(`there is no store at ${path}; name it with --store or --data`);
  const lock = lockFile(`${path}-lock`, path);
  try {
    const database = new DatabaseSync(path, { timeout: 5_000 });
    try {
      identify(database, path);
      return work(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`cannot use ${path}: ${primaryCode(error) === 5 ? 'somebody else writes to it' : (error as Error).message}`, { cause: error });
  } finally {
    lock.close();
  }
}

function bytesOf(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);
}
