import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../../src/model/store.ts';
import { retention } from '../../../src/store/postgres/migrations/003-retention.ts';
import { answer, http, recording } from '../../contract/store-drafts.ts';
import { retaining, retentionContract } from '../../contract/store-retention.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { backBeforeGrowth } from './before-growth.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

retentionContract('postgres', async (options) => {
  const url = await server.database();
  const all: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openAt(url, options);
    all.push(store);
    return store;
  };
  return { store: await open(), other: open, dispose: async () => { for (const store of all) await store.close('one'); } };
});

test('captures that an older version recorded are weighed and counted by the migration', async () => {
  const url = await server.database();
  const store = await openAt(url);
  await store.record(recording({ run: 'r', request: http({ body: Buffer.alloc(5_000, 'x') }), reply: answer(), findings: [{ id: 'x', title: 'NUL \0 in it', where: 'text', excerpt: '\0' }] }));
  await store.record(recording());
  const held = await store.holding();
  await store.close('one');
  await backBeforeGrowth(server, url);
  await server.query(url, `DROP TRIGGER captures_kept ON fourthwall.captures`);
  await server.query(url, `DROP TRIGGER captures_weighed ON fourthwall.captures`);
  await server.query(url, `DROP TRIGGER captures_gone ON fourthwall.captures`);
  await server.query(url, `DROP FUNCTION fourthwall.captures_kept, fourthwall.captures_weighed, fourthwall.captures_gone`);
  await server.query(url, `DROP TABLE fourthwall.holdings`);
  await server.query(url, `DROP INDEX fourthwall.captures_evictable, fourthwall.captures_pinned`);
  await server.query(url, `ALTER TABLE fourthwall.captures DROP COLUMN bytes, DROP COLUMN service`);
  await server.query(url, `SET search_path = fourthwall; ${retention}`);
  const again = await openAt(url, { retention: retaining({ quotas: [{ kind: 'service', name: 'shop', captures: 1, bytes: null }] }) });
  expect(await again.holding()).toEqual(held);
  expect(held.bytes).toBeGreaterThan(5_000);
  expect(await again.evict(10)).toBe(1);
  await again.close('one');
});
