import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../src/store/postgres/connection.ts';
import { migrations } from '../../../src/store/postgres/migrations/all.ts';
import { migrate } from '../../../src/store/postgres/schema.ts';
import { sealingTests } from '../../contract/store-sealing.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { storeKey } from '../sealed.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

const inStore = (sql: string): string => sql.replace(/\b(FROM|UPDATE) (?=\w)/g, '$1 fourthwall.');

sealingTests('postgres', async () => {
  const url = await server.database();
  const beside = new Client({ connectionString: url });
  await beside.connect();
  return {
    open: (sealKey) => openAt(url, { sealKey }),
    rows: async (sql) => (await beside.query(inStore(sql))).rows as never,
    async alter(table, column, where, value) {
      await beside.query(inStore(`UPDATE ${table} SET ${column} = $1 WHERE ${where}`), [value]);
    },
    // Every row of every table; bytes as they are.
    async dump() {
      const tables = await server.query<{ readonly name: string }>(url, `SELECT relname AS name FROM pg_class WHERE relnamespace = 'fourthwall'::regnamespace AND relkind = 'r'`);
      const rows = await Promise.all(tables.map(({ name }) => server.query(url, `SELECT * FROM fourthwall.${name}`)));
      return rows.flat().flatMap((row) => Object.values(row)).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : Buffer.from(String(value)).toString('latin1'))).join('\n');
    },
    dispose: () => beside.end(),
  };
});

test('a database of a version that sealed nothing is refused with a key and left as it is', async () => {
  const url = await server.database();
  const before = 3;
  const connection = await connect({ url, durability: 'process', deadline: 10_000 }, 'schema');
  await migrate(connection, migrations.slice(0, before));
  await connection.end();
  await expect(openAt(url, { sealKey: storeKey() })).rejects.toThrow(/this database was made without encryption and FOURTHWALL_STORE_KEY is set/);
  expect(await server.query(url, 'SELECT version FROM fourthwall.schema_version')).toEqual([{ version: before }]);
  await (await openAt(url)).close('one');
  expect(await server.query(url, 'SELECT version FROM fourthwall.schema_version')).toEqual([{ version: migrations.length }]);
});

test('of two gateways that begin at once with different keys one has its way, and the other is refused', async () => {
  const url = await server.database();
  const settled = await Promise.allSettled([openAt(url, { sealKey: storeKey(1) }), openAt(url, { sealKey: storeKey(2) }), openAt(url)]);
  const refused = settled.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  expect(refused).toHaveLength(2);
  for (const why of refused) expect(why).toMatch(/StoreUnavailable: this database (is encrypted|was made without encryption)/);
  for (const each of settled) if (each.status === 'fulfilled') await each.value.close('one');
});
