import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RestoringStore } from '../../src/store/archive/restoring.ts';
import { readArchive } from '../../src/store/archive/read-archive.ts';
import type { Restored } from '../../src/store/archive/record.ts';
import { archive } from '../../src/store/archive/write-archive.ts';
import { plain } from '../../src/store/seal.ts';
import { openSnapshot } from '../../src/store/sqlite/read-export.ts';
import { harness, openStore, record, type Harness } from './harness.ts';

let at: Harness;
let directory: string;
let taken: readonly Restored[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-imported-'));
  // What passed elsewhere: a run with one good call, one without any, and a good call of nobody.
  const path = join(directory, 'elsewhere.db');
  const elsewhere = await openStore(path);
  for (const name of ['elsewhere', 'idle']) await elsewhere.openRun({ name, space: null, claims: [], registered: true });
  await record(elsewhere, { run: 'elsewhere' });
  await record(elsewhere, { service: 'imports' });
  for (const name of ['elsewhere', 'idle']) await elsewhere.closeRun(name);
  const snapshot = openSnapshot(path, { seal: plain, bucket: null });
  const records: Restored[] = [];
  for await (const one of readArchive(archive({ snapshot, filter: {}, at: '2026-01-01T00:00:00.000Z', wrote: () => undefined }))) records.push(one);
  taken = records;
  await snapshot.close();
  await elsewhere.close('nobody');
  at = await harness();
});
afterAll(async () => {
  await at?.close();
  await rm(directory, { recursive: true, force: true });
});

const asked = (query: string): Promise<{ readonly verdict: string; readonly reasons: readonly { readonly expectation: string; readonly captures: readonly string[] }[] }> =>
  fetch(`${at.url}/api/assert?settle=0&${query}`).then((answer) => answer.json()) as never;

test('no verdict takes what was imported for what was sent here: it is inconclusive, and says which captures', async () => {
  const run = await at.client.openRun({ name: 'before' });
  const own = await record(at.store, { run: run.name });
  await at.client.closeRun(run.name);
  expect(await asked('run=before')).toMatchObject({ verdict: 'pass' });
  expect(await asked('service=shop')).toMatchObject({ verdict: 'pass' });

  await (at.store as RestoringStore).restore(taken);
  const [first, second] = taken.flatMap((one) => (one.kind === 'capture' ? [one.id] : []));
  expect(await asked('run=elsewhere')).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'imported', captures: [first] }] });
  expect(await asked('service=imports')).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'imported', captures: [second] }] });
  expect(await asked('')).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'imported', captures: [first, second] }] });
  // a run that had nothing to show elsewhere has nothing to show here either
  expect(await asked('run=idle&expect=no-real-sends,min-captures=0')).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'imported', captures: [] }] });
  // opened again here, what was imported under its name is still in its scope
  await at.store.openRun({ name: 'elsewhere', space: null, claims: [], registered: true });
  await record(at.store, { run: 'elsewhere' });
  expect(await asked('run=elsewhere')).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'imported', captures: [first] }] });
  // and what was recorded here stays as good as it was
  expect(await asked('run=before')).toMatchObject({ verdict: 'pass' });
  await at.store.closeRun('elsewhere');
  const later = await at.client.openRun({ name: 'later' });
  await record(at.store, { run: later.name });
  expect(await asked('run=later')).toMatchObject({ verdict: 'pass' });

  const { imported } = await fetch(`${at.url}/api/captures/${first}`).then((answer) => answer.json()) as { imported?: true };
  expect(imported).toBe(true);
  expect(await fetch(`${at.url}/api/captures/${own}`).then((answer) => answer.json())).not.toHaveProperty('imported');
});

test('an import that makes a broken expectation is a fail, as ever', async () => {
  expect(await asked('service=imports&expect=max-captures=0,min-captures=0')).toMatchObject({ verdict: 'fail' });
});
