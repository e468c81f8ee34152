import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Store } from '../../src/model/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { forwardedTo, harness, record, type Harness } from './harness.ts';

let directory: string;
let store: Store;
let at: Harness;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-retention-'));
  store = await openSqliteStore({
    path: join(directory, 'store.db'), durability: 'process', key: Buffer.alloc(32, 7), limits: defaultLimits, now: () => Date.now(),
    retention: { days: 7, captures: 3, bytes: 2 ** 40, quotas: [{ kind: 'service', name: 'load', captures: 1, bytes: null }] },
  });
  await store.begin('first');
  at = await harness({ store });
});
afterEach(async () => {
  await at.close();
  await store.close('first');
  await rm(directory, { recursive: true, force: true });
});
const judged = async (question: Parameters<Harness['client']['assert']>[0]) => {
  const { verdict, reasons } = await at.client.assert({ settle: 0, ...question });
  return [verdict, reasons.map(({ expectation }) => expectation)] as const;
};

test('a verdict whose window has evicted captures is inconclusive: of a run, of a time and of all that is kept', async () => {
  await at.client.openRun({ name: 'a' });
  await record(store, { run: 'a', decision: forwardedTo(), standing: 'real' });
  await at.client.closeRun('a');
  for (let n = 0; n < 3; n += 1) await record(store);
  expect((await judged({}))[0]).toBe('fail');
  expect(await store.evict(100)).toBe(1);
  expect(await judged({ run: 'a' })).toEqual(['inconclusive', ['eviction', 'min-captures=1']]);
  expect(await judged({ since: new Date(Date.now() - 60_000).toISOString() })).toEqual(['inconclusive', ['eviction']]);
  expect(await judged({})).toEqual(['inconclusive', ['eviction']]);
  await at.client.openRun({ name: 'later' });
  await record(store, { run: 'later' });
  expect(await judged({ run: 'later' })).toEqual(['pass', []]);
});

test('what retention takes is no clearing, although it leaves nothing before it', async () => {
  const at8 = new Date(Date.now() - 8 * 86_400_000).toISOString();
  await record(store, { at: at8, decision: forwardedTo(), standing: 'real' });
  expect(await store.evict(100)).toBe(1);
  await record(store);
  expect(await judged({})).toEqual(['inconclusive', ['eviction']]);
});

test('a store that was cleared after an eviction is judged from there on', async () => {
  for (let n = 0; n < 4; n += 1) await record(store);
  expect(await store.evict(100)).toBe(1);
  await at.client.remove({});
  await record(store);
  expect(await judged({})).toEqual(['pass', []]);
});

test('an open run loses nothing to a load test beside it, and passes; closed, it is a run like others', async () => {
  await at.client.openRun({ name: 'ci' });
  for (let n = 0; n < 4; n += 1) await record(store, { run: 'ci' });
  await record(store, { service: 'load', run: 'soak' });
  await record(store, { service: 'load', run: 'soak' });
  // the load test keeps nothing: an open run fills the store
  expect(await store.evict(100)).toBe(2);
  expect(await judged({ run: 'ci' })).toEqual(['pass', []]);
  expect((await judged({ run: 'soak' }))[0]).toBe('inconclusive');
  await at.client.closeRun('ci');
  expect(await store.evict(100)).toBe(1);
  expect(await judged({ run: 'ci' })).toEqual(['inconclusive', ['eviction']]);
});

test('the metrics tell how much is kept, and that the store is full', async () => {
  const samples = async (): Promise<readonly string[]> => (await (await fetch(`${at.url}/metrics`)).text()).split('\n').filter((line) => line.startsWith('fourthwall_store'));
  for (let n = 0; n < 6; n += 1) await store.patch(await record(store), { pinned: true });
  expect(await samples()).toEqual(expect.arrayContaining(['fourthwall_store_healthy 1', 'fourthwall_store_full 1', 'fourthwall_store_captures 6', expect.stringMatching(/^fourthwall_store_bytes [1-9]\d+$/)]));
  await at.client.remove({});
  expect(await samples()).toEqual(['fourthwall_store_healthy 1', 'fourthwall_store_full 0', 'fourthwall_store_captures 0', 'fourthwall_store_bytes 0']);
});
