import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from '../../../src/store/sqlite/migrations/all.ts';
import { migrateStore } from '../../../src/store/sqlite/upkeep.ts';
import { readAll } from '../../fixtures/stores/fill.ts';
import { fixture, readThen, versionsOf } from '../fixtures.ts';
import { discard, openIn, temporary } from './open.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = temporary();
  path = join(directory, 'store.db');
});
afterEach(() => discard(directory));

const schema = (): number => {
  const database = new DatabaseSync(path, { readOnly: true });
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  database.close();
  return version;
};
const readNow = async (version: number): Promise<unknown> => {
  const store = await openIn(directory);
  const now = await readAll(store);
  await store.close('nobody');
  // scopes were not to be asked for then
  if (version === 1) for (const bodies of Object.values(now['bodies'] as Record<string, { scope: unknown }>)) bodies.scope = null;
  return now;
};

test('there are fixtures of the first four versions', () => {
  expect(versionsOf('sqlite').slice(0, 4)).toEqual([1, 2, 3, 4]);
});

describe.each(versionsOf('sqlite'))('a store that schema %i wrote', (version) => {
  beforeEach(() => writeFileSync(path, fixture(`sqlite-${version}.db.zst`), { mode: 0o600 }));

  test('is read as that version read it: captures, bodies, lists, words, counts, runs, objects, events', async () => {
    expect(schema()).toBe(version);
    expect(await readNow(version)).toEqual(readThen('sqlite', version));
    expect(schema()).toBe(migrations.length);
  });

  test('is brought up to date without a gateway; a dry run only says so', async () => {
    expect(migrateStore(path, { dry: true })).toEqual({ from: version, to: migrations.length });
    expect(schema()).toBe(version);
    expect(migrateStore(path, { dry: false })).toEqual({ from: version, to: migrations.length });
    expect(schema()).toBe(migrations.length);
    expect(await readNow(version)).toEqual(readThen('sqlite', version));
    expect(migrateStore(path, { dry: false })).toEqual({ from: migrations.length, to: migrations.length });
  });
});

test.each([1, 4, 9, 20, 40])('a kill in the middle of the migrations (%i steps into each) leaves a whole version, and the next start goes on from there', async (steps) => {
  writeFileSync(path, fixture('sqlite-1.db.zst'), { mode: 0o600 });
  // Each start dies in the first migration that it has to make and that has so many steps.
  const { signal, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'crash-migration.ts'), path, String(steps)], { encoding: 'utf8' });
  expect(signal, stderr).toBe('SIGKILL');
  const left = schema();
  expect(left).toBeLessThan(migrations.length);
  const database = new DatabaseSync(path);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  // of the migration that was cut off, nothing is there
  const columns = database.prepare(`SELECT name FROM pragma_table_info('captures')`).all().map(({ name }) => name);
  database.close();
  expect(columns.includes('bytes')).toBe(left >= 4);
  expect(await readNow(1)).toEqual(readThen('sqlite', 1));
});

test('a store that a newer version wrote is refused and left as it is', async () => {
  writeFileSync(path, fixture('sqlite-4.db.zst'), { mode: 0o600 });
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  database.close();
  const before = readFileSync(path);
  expect(() => migrateStore(path, { dry: false })).toThrow(/written by a newer Fourthwall/);
  await expect(openIn(directory)).rejects.toThrow(/written by a newer Fourthwall/);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a store that a gateway has is not migrated', async () => {
  const store = await openIn(directory);
  expect(() => migrateStore(path, { dry: true })).toThrow(/another gateway has the store/);
  await store.close('one');
  expect(migrateStore(path, { dry: true })).toEqual({ from: migrations.length, to: migrations.length });
});
