import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { indexContract } from '../../contract/store-index.ts';
import { fillForUpgrade, toldBy } from '../../contract/store-upgrade.ts';
import { recording } from '../../contract/store-drafts.ts';
import { backBeforeGrowth } from './before-growth.ts';
import { discard, openIn, temporary } from './open.ts';

indexContract('sqlite', async ({ lookedAt }) => {
  const directory = temporary();
  const store = await openIn(directory, { lookedAt });
  return {
    store,
    async dispose() {
      await store.close('one');
      discard(directory);
    },
  };
});

test('captures of the version before profiles are found, counted and deleted as if they had been recorded now', async () => {
  const directory = temporary();
  const path = join(directory, 'store.db');
  const first = await openIn(directory);
  await fillForUpgrade(first);
  const before = await toldBy(first);
  await first.close('one');
  const rows = (): readonly unknown[] => {
    const database = new DatabaseSync(path, { readOnly: true });
    const all = ['SELECT name, value FROM terms ORDER BY 1, 2', 'SELECT run, captures FROM cells ORDER BY 1, 2', 'SELECT captures FROM profiles ORDER BY 1', 'SELECT * FROM spans', 'SELECT capture, name, value FROM postings JOIN terms ON terms.id = term ORDER BY 1, 2, 3',
      `SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'postings%' ORDER BY 1, 2`].map((text) => database.prepare(text).all());
    database.close();
    return all;
  };
  const now = rows();
  backBeforeGrowth(path);
  const store = await openIn(directory);
  expect(await toldBy(store)).toEqual(before);
  await store.close('one');
  expect(rows()).toEqual(now);
  const again = await openIn(directory);
  await again.record(recording());
  expect(await again.remove({})).toBe(32);
  expect(await again.counts({}, 'channel')).toEqual([]);
  await again.close('one');
  expect(rows().slice(0, 5)).toEqual([[], [], [], [], []]);
  discard(directory);
});
