import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { sealingTests } from '../../contract/store-sealing.ts';
import { discard, openIn, temporary } from './open.ts';

sealingTests('sqlite', async () => {
  const directory = temporary();
  const beside = <T>(work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(join(directory, 'store.db'), { timeout: 5_000 });
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    open: (sealKey) => openIn(directory, { sealKey }),
    rows: async (sql) => beside((database) => database.prepare(sql).all() as never),
    async alter(table, column, where, value) {
      beside((database) => database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(value as SQLInputValue));
    },
    // Database, log, shared memory, lock.
    dump: async () => readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString('latin1')).join('\n'),
    dispose: async () => discard(directory),
  };
});
