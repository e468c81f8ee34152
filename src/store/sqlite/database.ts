import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '../../model/store.ts';
import type { Durability } from '../durability.ts';
import { mustBeSealedWith, nothing, sealedWith } from '../sealed-with.ts';
import { migrations } from './migrations/all.ts';

/** 'FWST' in the file's header: tells our files from any other SQLite database. */
const applicationId = 0x46575354;
const oldestSqlite = [3, 51, 3] as const;

export interface Opened {
  readonly database: DatabaseSync;
  /** e.g. '3.53.4' */
  readonly sqlite: string;
  close(): void;
}

/**
 * Opens the store for writing, alone: a second opener is refused for as long as this process lives. Makes directory (0700)
 * and file (0600) where there is none yet. A file that is damaged, empty or not ours is refused and left as it is.
 */
export function openForWriting({ path, durability, maxPages, keyId, check = true }: {
  readonly path: string; readonly durability: Durability; readonly maxPages?: number | undefined;
  /** of the key that what is personal is sealed with; null = it is not */
  readonly keyId: string | null;
  /** false: it is walked later (file-check.ts), unless it has to be changed now */
  readonly check?: boolean;
}): Opened {
  const directory = dirname(path);
  attempt(`cannot make the directory ${directory}`, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  const lock = lockFile(`${path}-lock`, path);
  try {
    if (!existsSync(path)) create(path, keyId);
    chmodOwned(path);
    const database = attempt(`cannot open ${path}`, () => new DatabaseSync(path, { timeout: 5000 }));
    try {
      attempt(`cannot use ${path}`, () => {
        identify(database, path);
        mustBeSealedWith(sealOfStore(database), keyId, path);
        settings(database, durability);
        if (check || Number(pragma(database, 'user_version')) < migrations.length) intact(database);
        migrate(database);
        if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
      });
    } catch (error) {
      database.close();
      throw error;
    }
    return { database, sqlite: sqliteVersion(database), close: () => { database.close(); lock.close(); } };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** A connection that can only read; the writer must have opened the file first. */
export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON; PRAGMA cache_size = -65536');
  return database;
}

/**
 * The lock is an open transaction on a file of its own: the system drops it when the process dies, however it dies, so
 * there is never a stale one. (fcntl locks; not to be trusted on network file systems, nor is SQLite's WAL.)
 */
export function lockFile(lockPath: string, path: string): DatabaseSync {
  return attempt(`cannot lock ${path}`, () => {
    closeSync(openSync(lockPath, 'a', 0o600));
    const lock = new DatabaseSync(lockPath, { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (error) {
      lock.close();
      if (primaryCode(error) !== 5) throw error;
      throw new StoreUnavailable(`another gateway has the store ${path} open; one SQLite store serves one gateway: stop the other, or use --store postgres://...`);
    }
  });
}

/** Made whole beside its place and then moved there: a crash leaves no half store, and an empty file is never ours. */
function create(path: string, keyId: string | null): void {
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) {
    throw new StoreUnavailable(`${path} is gone but ${path}-wal still holds captures of it: restore the file, or move the -wal away to begin anew`);
  }
  attempt(`cannot create ${path}`, () => {
    const draft = `${path}-new`;
    for (const file of [draft, `${draft}-wal`, `${draft}-shm`, `${draft}-journal`]) rmSync(file, { force: true });
    closeSync(openSync(draft, 'wx', 0o600));
    const database = new DatabaseSync(draft);
    database.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${applicationId}`);
    migrate(database);
    if (keyId !== null) database.prepare('UPDATE agreed SET value = ? WHERE name = ?').run(keyId, sealedWith);
    database.close();
    const file = openSync(draft, 'r');
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, path);
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  });
}

function chmodOwned(path: string): void {
  const { mode, uid } = statSync(path);
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600);
}

export function identify(database: DatabaseSync, path: string): void {
  const version = sqliteVersion(database);
  if (older(version)) throw new StoreUnavailable(`SQLite ${version} is too old: ${oldestSqlite.join('.')} or later is needed; use a current Node`);
  if (pragma(database, 'application_id') !== applicationId) {
    throw new StoreUnavailable(`${path} is not a Fourthwall store (empty, or a database of something else); it was left as it is. Name another file, or move this one away`);
  }
  const known = schemaOf(database);
  if (known > migrations.length) {
    throw new StoreUnavailable(`${path} was written by a newer Fourthwall (schema ${known}, this one knows ${migrations.length}); use that version`);
  }
}

/** Before the migration that brought it, no store was sealed. */
export function sealOfStore(database: DatabaseSync): string {
  if (database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'agreed'`).get() === undefined) return nothing;
  const row = database.prepare('SELECT value FROM agreed WHERE name = ?').get(sealedWith) as { readonly value: string } | undefined;
  if (row === undefined) throw new StoreUnavailable('the store does not tell whether it is encrypted; it was left as it is: restore a copy');
  return row.value;
}

/** Set, then read back: a setting that did not take is a start error, not a surprise after the next power cut. */
export function settings(database: DatabaseSync, durability: Durability): void {
  const wanted: readonly (readonly [string, string | number, string | number])[] = [
    ['journal_mode', 'WAL', 'wal'],
    ['synchronous', durability === 'power' ? 'FULL' : 'NORMAL', durability === 'power' ? 2 : 1],
    ['fullfsync', durability === 'power' ? 'ON' : 'OFF', durability === 'power' ? 1 : 0],
    ['busy_timeout', 5000, 5000],
    ['foreign_keys', 'ON', 1],
    ['trusted_schema', 'OFF', 0],
    ['cell_size_check', 'ON', 1],
    ['secure_delete', 'ON', 1],
    // 64 MiB each: a batch stays in memory, and pages written often reach the file once.
    ['wal_autocheckpoint', 16_384, 16_384],
    ['cache_size', -65_536, -65_536],
  ];
  for (const [name, value, expected] of wanted) {
    database.exec(`PRAGMA ${name} = ${value}`);
    const found = pragma(database, name);
    if (found !== expected) throw new StoreUnavailable(`SQLite setting ${name} is ${String(found)} after it was set to ${value}; the store cannot keep its promise`);
  }
}

/** Walks every page once. About a second for each gigabyte in the page cache. */
export function damageOf(database: DatabaseSync): string | null {
  try {
    const found = database.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string };
    return found.quick_check === 'ok' ? null : found.quick_check.replace(/\s+/g, ' ');
  } catch (error) {
    if (primaryCode(error) === 11) return (error as Error).message;
    throw error;
  }
}

/** What is said of a damaged file, whenever it is found. */
export function damaged(what: string): string {
  return `the file is damaged (${what}); it was left as it is: restore a copy, or move it away to begin anew`;
}

function intact(database: DatabaseSync): void {
  const found = damageOf(database);
  if (found !== null) throw new StoreUnavailable(damaged(found));
}

/** Version of the schema of an open file: how many migrations it has seen. */
export function schemaOf(database: DatabaseSync): number {
  return Number(pragma(database, 'user_version'));
}

function migrate(database: DatabaseSync): void {
  const known = schemaOf(database);
  for (const [at, migration] of migrations.entries()) {
    if (at < known) continue;
    database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${at + 1}; COMMIT`);
  }
}

function pragma(database: DatabaseSync, name: string): string | number | undefined {
  const row = database.prepare(`PRAGMA ${name}`).get() as Readonly<Record<string, string | number>> | undefined;
  return row === undefined ? undefined : Object.values(row)[0];
}

function sqliteVersion(database: DatabaseSync): string {
  return (database.prepare('SELECT sqlite_version() AS version').get() as { readonly version: string }).version;
}

function older(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, least] of oldestSqlite.entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** SQLite's primary result code of an error, or null where the error is not SQLite's. https://www.sqlite.org/rescode.html */
export function primaryCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

function attempt<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const why = primaryCode(error) === 26 ? 'it is not a database (it was left as it is; name another file, or move this one away)'
      : primaryCode(error) === 11 ? 'it is damaged (it was left as it is: restore a copy, or move it away to begin anew)' : String((error as Error).message);
    throw new StoreUnavailable(`${what}: ${why}`, { cause: error });
  }
}
