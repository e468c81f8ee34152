import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { sealingTests } from '../../contract/store-sealing.ts';
import { expect, test } from 'vitest';
import { migrations } from '../../../src/store/sqlite/migrations/all.ts';
import { storeKey } from '../sealed.ts';
import { discard, openIn, temporary } from './open.ts';

test('a store of a version that sealed nothing is refused with a key and left as it is; without one it goes on, and knows its directions', async () => {
  const directory = temporary();
  const path = join(directory, 'store.db');
  const before = 4;
  const old = new DatabaseSync(path);
  old.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${0x46575354}; BEGIN; ${migrations.slice(0, before).join('')} PRAGMA user_version = ${before}; COMMIT`);
  for (const [seq, direction] of ['callback', 'out', 'callback'].entries()) {
    old.exec(`INSERT INTO captures (seq, id, at, instance, outcome, enrichment, summary) VALUES (${seq + 1}, 'cap_${seq}', '2026-11-21T09:00:00.000Z', 'old', 'captured', 'done', '{"direction":"${direction}","provider":"twilio"}');
      INSERT INTO exchanges (capture, request, decoded, decision, redactions) VALUES (${seq + 1}, '{"kind":"connect"}', '{}', '{}', '[]')`);
  }
  old.close();
  const bytes = readFileSync(path);
  await expect(openIn(directory, { sealKey: storeKey() })).rejects.toThrow(/store\.db was made without encryption and FOURTHWALL_STORE_KEY is set \(key [0-9a-f]{16}\): unset it, or name another store/);
  const after = new DatabaseSync(path, { readOnly: true });
  expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: before });
  after.close();
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const store = await openIn(directory);
  expect(await store.capture('latest')).toMatchObject({ id: 'cap_1' });
  await store.close('one');
  discard(directory);
});

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
