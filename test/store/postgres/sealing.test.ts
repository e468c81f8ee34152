import { afterAll, beforeAll } from 'vitest';
import { sealingTests } from '../../contract/store-sealing.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

const inStore = (sql: string): string => sql.replace(/\b(FROM|UPDATE) (?=\w)/g, '$1 fourthwall.');

sealingTests('postgres', async () => {
  const url = await server.database();
  return {
    open: (sealKey) => openAt(url, { sealKey }),
    rows: (sql) => server.query(url, inStore(sql)),
    async alter(table, column, where, value) {
      await server.query(url, inStore(`UPDATE ${table} SET ${column} = $1 WHERE ${where}`), [value]);
    },
    // Every row of every table; bytes as they are.
    async dump() {
      const tables = await server.query<{ readonly name: string }>(url, `SELECT relname AS name FROM pg_class WHERE relnamespace = 'fourthwall'::regnamespace AND relkind = 'r'`);
      const rows = await Promise.all(tables.map(({ name }) => server.query(url, `SELECT * FROM fourthwall.${name}`)));
      return rows.flat().flatMap((row) => Object.values(row)).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : Buffer.from(String(value)).toString('latin1'))).join('\n');
    },
    dispose: async () => undefined,
  };
});
