import { afterEach, expect, test } from 'vitest';
import { waitForCaptures } from '../../src/control/wait.ts';
import type { Store } from '../../src/model/store.ts';
import { day, recording } from '../contract/store-drafts.ts';
import { discard, openIn, temporary } from '../store/sqlite/open.ts';

let directory: string;
let store: Store;
afterEach(async () => {
  await store.close('one');
  discard(directory);
});

test('waits for more captures than the store counts for a page', async () => {
  directory = temporary();
  store = await openIn(directory, { lookedAt: 2 });
  for (let nth = 0; nth < 6; nth += 1) await store.record(recording());
  expect(await store.list({ q: 'order', direction: ['out'] }, 1)).toMatchObject({ total: 3, totalExact: false });
  const wait = async (count: number): Promise<boolean> =>
    (await waitForCaptures({ store, filter: { q: 'order' }, count, limit: 1, deadline: day, now: () => day, signal: new AbortController().signal })).satisfied;
  expect([await wait(3), await wait(6), await wait(7)]).toEqual([true, true, false]);
});
