import { afterAll, beforeAll, expect, test } from 'vitest';
import { recording } from '../../contract/store-drafts.ts';
import { indexContract } from '../../contract/store-index.ts';
import { fillForUpgrade, toldBy } from '../../contract/store-upgrade.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { backBeforeGrowth } from './before-growth.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

indexContract('postgres', async ({ lookedAt }) => {
  const store = await openAt(await server.database(), { lookedAt });
  return { store, dispose: () => store.close('one') };
});

test('captures of the version before profiles are found, counted and deleted as if they had been recorded now', async () => {
  const url = await server.database();
  const first = await openAt(url);
  await fillForUpgrade(first);
  const before = await toldBy(first);
  await first.close('one');
  const rows = async (): Promise<readonly unknown[]> => Promise.all([
    'SELECT name, value, digest FROM fourthwall.terms ORDER BY 1, 2', 'SELECT run, captures FROM fourthwall.cells ORDER BY 1, 2', 'SELECT digest, captures FROM fourthwall.profiles ORDER BY 1', 'SELECT * FROM fourthwall.spans',
    'SELECT capture, name, value FROM fourthwall.postings JOIN fourthwall.terms ON terms.id = term ORDER BY 1, 2, 3', 'SELECT * FROM fourthwall.search ORDER BY capture',
    `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'fourthwall' AND tablename <> 'postings' ORDER BY 1`,
  ].map((text) => server.query(url, text)));
  const now = await rows();
  await backBeforeGrowth(server, url);
  const store = await openAt(url);
  expect(await toldBy(store)).toEqual(before);
  expect(await rows()).toEqual(now);
  await store.record(recording());
  expect(await store.remove({})).toBe(32);
  expect(await store.counts({}, 'channel')).toEqual([]);
  expect((await rows()).slice(0, 6)).toEqual([[], [], [], [], [], []]);
  await store.close('one');
});

test('a gateway of the version before profiles that still runs can record nothing that no filter would find', async () => {
  const url = await server.database();
  const store = await openAt(url);
  await expect(server.query(url, `INSERT INTO fourthwall.captures (seq, id, at, instance, space, run, person, fingerprint, duplicate_of, duplicate_key, direction, outcome, enrichment, summary, service, bytes)
    VALUES (1, 'cap_1', '2026-11-21T10:00:00.000Z', 'old', NULL, 'r1', NULL, NULL, NULL, NULL, 'out', 'captured', 'done', '{}', 'shop', 1)`)).rejects.toThrow(/"profile".*not-null/);
  expect(await store.counts({}, 'run')).toEqual([]);
  await store.close('one');
});
