import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Event } from '../../src/model/event.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Store } from '../../src/model/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { forwardedTo, harness, record, type Harness } from './harness.ts';

let directory: string;
let store: Store;
let at: Harness;
let late = 0;
beforeEach(async () => {
  late = 0;
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-retention-'));
  store = await openSqliteStore({
    path: join(directory, 'store.db'), durability: 'process', key: Buffer.alloc(32, 7), limits: defaultLimits, now: () => Date.now() + late,
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

/** Everything up to now is older than what retention keeps, and the log loses it. */
async function logIsEvicted(): Promise<void> {
  late = 8 * 86_400_000;
  await store.remove({});
  while (await store.evict(100) > 0);
}

test('a verdict whose window begins before the log that is kept is inconclusive, whatever it asks; one that begins later is not', async () => {
  await at.client.openRun({ name: 'empty' });
  await at.client.closeRun('empty');
  const nothing = { expect: 'min-captures=0' };
  expect(await judged({ run: 'empty', ...nothing })).toEqual(['pass', []]);
  const before = await store.lastSeq();
  await record(store);
  await logIsEvicted();
  const oldest = (await store.oldestEvent())!;
  expect(oldest.seq).toBeGreaterThan(before);
  expect(await judged({ run: 'empty', ...nothing })).toEqual(['inconclusive', ['eviction']]);
  expect(await judged({ after: before - 1, ...nothing })).toEqual(['inconclusive', ['eviction']]);
  expect(await judged({ since: new Date(Date.parse(oldest.at) - 86_400_000).toISOString(), ...nothing })).toEqual(['inconclusive', ['eviction']]);
  // all that is kept: since it was cleared by hand, and the log has that
  expect(await judged(nothing)).toEqual(['pass', []]);
  expect(await judged({ after: oldest.seq - 1, ...nothing })).toEqual(['pass', []]);
  expect(await judged({ since: new Date(Date.parse(oldest.at) + 120_000).toISOString(), ...nothing })).toEqual(['pass', []]);
  late *= 2;
  await store.append({ kind: 'ca', capture: null, run: null, data: {} });
  await store.evict(100);
  expect(await judged(nothing)).toEqual(['inconclusive', ['eviction']]);
  await at.client.openRun({ name: 'later' });
  expect(await judged({ run: 'later', ...nothing })).toEqual(['pass', []]);
});

test('a live feed that resumes before the log that is kept begins with a gap, and goes on', async () => {
  await record(store);
  await record(store);
  await logIsEvicted();
  await record(store);
  const oldest = (await store.oldestEvent())!;
  const abort = new AbortController();
  const seen: Event[] = [];
  for await (const event of at.client.events({ after: 2, signal: abort.signal })) {
    seen.push(event);
    if (event.kind === 'recorded') break;
  }
  abort.abort();
  expect(seen[0]).toEqual({ seq: oldest.seq - 1, at: oldest.at, kind: 'gap', capture: null, run: null, data: { after: 2, missed: oldest.seq - 3 } });
  expect(seen.slice(1)).toEqual(await store.events(0, 100));
});

test('quiet since before the log that is kept is not known: 410', async () => {
  const before = await store.lastSeq();
  await record(store);
  await logIsEvicted();
  await expect(at.client.quiet({ after: before, for: 0 })).rejects.toMatchObject({ status: 410, field: 'after' });
  expect(await at.client.quiet({ after: (await store.oldestEvent())!.seq, for: 0 })).toMatchObject({ satisfied: true });
});

test('tail says what it cannot show', async () => {
  await record(store);
  await logIsEvicted();
  await record(store);
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(['tail', '--url', at.url, '--after', '1', '--count', '1'], {
    env: {}, stdout: { write: (chunk) => out.push(String(chunk)) }, stderr: { write: (chunk) => err.push(String(chunk)) }, signal: new AbortController().signal,
  });
  expect([code, out.length]).toEqual([0, 1]);
  expect(err.join('')).toMatch(/^fourthwall: events 2 to \d+ are no longer kept/);
});
