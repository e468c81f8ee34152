import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../../src/store/postgres/connection.ts';
import { migrations } from '../../../src/store/postgres/migrations/all.ts';
import { migrate } from '../../../src/store/postgres/schema.ts';
import { migrateStore } from '../../../src/store/postgres/upkeep.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { readAll } from '../../fixtures/stores/fill.ts';
import { fixture, readThen, versionsOf } from '../fixtures.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

/** A database as that version left it. */
const restored = async (version: number): Promise<string> => {
  const url = await server.database();
  await server.query(url, fixture(`postgres-${version}.sql.zst`).toString());
  return url;
};
const schema = async (url: string): Promise<number> => (await server.query<{ version: number }>(url, 'SELECT version FROM fourthwall.schema_version'))[0]!.version;
const connection = (url: string) => connect({ url, durability: 'process', deadline: 60_000 }, 'test');
const migrated = async (url: string, dry: boolean): Promise<unknown> => {
  const on = await connection(url);
  return migrateStore(on, { dry }).finally(() => on.end());
};
const readNow = async (url: string): Promise<unknown> => {
  const store = await openAt(url);
  return readAll(store).finally(() => store.close('nobody'));
};

test('there are fixtures of the first three versions', () => {
  expect(versionsOf('postgres').slice(0, 3)).toEqual([1, 2, 3]);
});

describe.each(versionsOf('postgres'))('a store that schema %i wrote', (version) => {
  test('is read as that version read it: captures, bodies, lists, words, counts, runs, objects, events', async () => {
    const url = await restored(version);
    expect(await schema(url)).toBe(version);
    expect(await readNow(url)).toEqual(readThen('postgres', version));
    expect(await schema(url)).toBe(migrations.length);
  });

  test('is brought up to date without a gateway; a dry run only says so', async () => {
    const url = await restored(version);
    expect(await migrated(url, true)).toEqual({ from: version, to: migrations.length });
    expect(await schema(url)).toBe(version);
    expect(await migrated(url, false)).toEqual({ from: version, to: migrations.length });
    expect(await schema(url)).toBe(migrations.length);
    expect(await readNow(url)).toEqual(readThen('postgres', version));
  });
});

test('a connection that is lost in the middle of the migrations leaves the old version, and the next start migrates it', async () => {
  const url = await restored(1);
  const on = await connection(url);
  const cutOff = [...migrations.slice(0, -1), `${migrations.at(-1)!}; SELECT pg_terminate_backend(pg_backend_pid())`];
  await expect(migrate(on, cutOff)).rejects.toThrow(/could not be made or brought up to date/);
  expect(await schema(url)).toBe(1);
  expect(await server.query(url, `SELECT 1 FROM information_schema.columns WHERE table_schema = 'fourthwall' AND column_name IN ('coding', 'bytes')`)).toEqual([]);
  expect(await readNow(url)).toEqual(readThen('postgres', 1));
});

test('a store that a newer version wrote is refused and left as it is, and a database without one is not made one', async () => {
  const url = await restored(3);
  await server.query(url, `UPDATE fourthwall.schema_version SET version = ${migrations.length + 1}`);
  await expect(migrated(url, false)).rejects.toThrow(/written by a newer Fourthwall/);
  await expect(openAt(url)).rejects.toThrow(/written by a newer Fourthwall/);
  expect(await schema(url)).toBe(migrations.length + 1);
  const empty = await server.database();
  await expect(migrated(empty, false)).rejects.toThrow(/there is no store in this database/);
  expect(await server.query(empty, `SELECT 1 FROM pg_namespace WHERE nspname = 'fourthwall'`)).toEqual([]);
});

test('a store that a living gateway has is not migrated', async () => {
  const url = await restored(3);
  const store = await openAt(url);
  await store.begin('alive');
  await expect(migrated(url, true)).rejects.toThrow(/a gateway has this database open \(alive\); stop it first/);
  await store.close('alive');
  expect(await migrated(url, true)).toEqual({ from: migrations.length, to: migrations.length });
});
