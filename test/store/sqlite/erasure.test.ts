import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { decode, type KeptBody } from '../../../src/store/body-coding.ts';
import { openForReading } from '../../../src/store/sqlite/database.ts';
import { readerOn } from '../../../src/store/sqlite/scan-reader.ts';
import { sealOf } from '../../../src/store/seal.ts';
import { sqlOn } from '../../../src/store/sqlite/sql.ts';
import { email, recipient, recording } from '../../contract/store-drafts.ts';
import { erasureContract } from '../../contract/store-erasure.ts';
import { storeKey } from '../sealed.ts';
import { discard, openIn, temporary } from './open.ts';

function filesOf(directory: string): string {
  return readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString('latin1')).join('\n');
}

function beside<T>(directory: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(directory, 'store.db'), { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const tableNames = (database: DatabaseSync): readonly string[] =>
  (database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_%' AND name NOT LIKE 'sqlite_%'`).all() as { name: string }[]).map(({ name }) => name);

for (const [engine, sealKey] of [['sqlite', null], ['sealed sqlite', storeKey()]] as const) erasureContract(engine, async () => {
  const directory = temporary();
  const store = await openIn(directory, { sealKey });
  return {
    store,
    sealed: sealKey !== null,
    async dump() {
      return `${filesOf(directory)}\n${beside(directory, (database) => [
        ...tableNames(database).map((name) => JSON.stringify(database.prepare(`SELECT * FROM ${name}`).all())),
        ...(database.prepare('SELECT sha256, size, coding, data FROM bodies').all() as unknown as KeptBody[]).map((body) => Buffer.from(sealKey === null ? decode(body) : body.data).toString('latin1')),
      ].join('\n'))}`;
    },
    columns: async () => beside(directory, (database) => Object.fromEntries(tableNames(database).map((name) =>
      [name, (database.prepare(`SELECT name FROM pragma_table_info(?)`).all(name) as { name: string }[]).map((column) => column.name)]))),
    async damageBodies() {
      beside(directory, (database) => database.exec(`UPDATE bodies SET data = zeroblob(octet_length(data))`));
    },
    async reader() {
      const database = openForReading(join(directory, 'store.db'));
      const nowhere = (): Promise<never> => Promise.reject(new Error('there is no bucket'));
      return { ...readerOn(sqlOn(database, sealOf(sealKey)), nowhere), end: async () => database.close() };
    },
    async dispose() {
      await store.close('one');
      discard(directory);
    },
  };
});

test('what a page still holds in its free places is found in the files, and written over', async () => {
  const directory = temporary();
  const store = await openIn(directory);
  const what = recording({ decoded: { kind: 'effects', effects: [email({ recipients: [recipient('jane.roe@c.example')] })] } });
  await store.record(what);
  // As an older version, or anybody who does not ask for secure_delete, leaves it.
  beside(directory, (database) => database.exec(`PRAGMA secure_delete = OFF; CREATE TABLE scrap (text TEXT); INSERT INTO scrap VALUES ('jane.roe@c.example'); INSERT INTO scrap VALUES ('y'); DELETE FROM scrap WHERE rowid = 1`));
  const proof = await store.erase({ subjects: [{ kind: 'email', value: 'jane.roe@c.example' }], linked: false, actor: 'x' });
  expect(proof).toMatchObject({ clean: true, storage: { engine: 'sqlite', logEmptied: true, vacuumed: true, files: { found: 0 } } });
  expect(filesOf(directory).includes('jane.roe')).toBe(false);
  await store.close('one');
  discard(directory);
});

test('looking into the files leaves the store locked: nobody else can open it', async () => {
  const directory = temporary();
  const store = await openIn(directory);
  await store.record(recording());
  expect(await store.erase({ subjects: [{ kind: 'email', value: 'ann@shop.test' }], linked: false, actor: 'x' })).toMatchObject({ clean: true, erased: { captures: 1 } });
  // a lock of this process does not keep this process out, so another one has to try
  const attempt = spawnSync(process.execPath, ['-e', `const { DatabaseSync } = require('node:sqlite'); const lock = new DatabaseSync(process.argv[1], { timeout: 0 });
    try { lock.exec('BEGIN EXCLUSIVE'); console.log('open'); } catch (error) { console.log(error.message); }`, join(directory, 'store.db-lock')], { encoding: 'utf8' });
  expect(attempt.stdout).toMatch(/locked/);
  await store.close('one');
  discard(directory);
});
