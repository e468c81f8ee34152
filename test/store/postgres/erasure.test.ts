import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../src/store/postgres/connection.ts';
import { sealOf } from '../../../src/store/seal.ts';
import { readerOn } from '../../../src/store/postgres/scan-reader.ts';
import { recording } from '../../contract/store-drafts.ts';
import { erasureContract } from '../../contract/store-erasure.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { plainOrSealed } from '../sealed.ts';
import { dumpOf } from './dump.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

const [engine, sealKey] = plainOrSealed('postgres');
erasureContract(engine, async () => {
  const url = await server.database();
  const store = await openAt(url, { sealKey });
  return {
    store,
    sealed: sealKey !== null,
    dump: () => dumpOf(server, url, sealKey !== null),
    async columns() {
      const found = await server.query<{ table_name: string; column_name: string }>(url, `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'fourthwall'`);
      return Object.fromEntries([...Map.groupBy(found, ({ table_name: name }) => name)].map(([name, columns]) => [name, columns.map(({ column_name: column }) => column)]));
    },
    async damageBodies() {
      await server.query(url, `UPDATE fourthwall.bodies SET data = 'nothing'`);
    },
    async reader() {
      const connection = await connect({ url, durability: 'process', deadline: 20_000 }, 'test');
      return { ...readerOn(connection, sealOf(sealKey), () => Promise.reject(new Error('there is no bucket'))), end: () => connection.end() };
    },
    dispose: () => store.close('one'),
  };
});

test('the proof says what was vacuumed, and what no gateway can see to', async () => {
  const url = await server.database();
  const store = await openAt(url);
  await store.record(recording());
  const { storage } = await store.erase({ subjects: [{ kind: 'email', value: 'ann@shop.test' }], linked: false, actor: 'x' });
  expect(storage).toMatchObject({ engine: 'postgres', vacuumed: true, why: null });
  expect(JSON.stringify(storage)).toMatch(/write-ahead log.*backups/);
  const vacuumed = await server.query<{ relname: string }>(url, `SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'fourthwall' AND vacuum_count > 0`);
  expect(vacuumed.map(({ relname }) => relname)).toEqual(expect.arrayContaining(['captures', 'exchanges', 'terms', 'postings', 'bodies', 'objects', 'events', 'audit']));
  await store.close('one');
});
