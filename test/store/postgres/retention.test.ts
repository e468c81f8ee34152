import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../../src/model/store.ts';
import { retention } from '../../../src/store/postgres/migrations/003-retention.ts';
import { answer, day as testDay, http, recording } from '../../contract/store-drafts.ts';
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

describe('gateways on one database with different retentions', () => {
  const [week, day] = [retaining({ days: 7, captures: 2 }), retaining({ days: 1, captures: 1 })];
  const begun = async (url: string, instance: string, more: Parameters<typeof openAt>[1]): Promise<Store> => {
    const store = await openAt(url, more);
    await store.begin(instance).catch(async (error: unknown) => {
      await store.close(instance);
      throw error;
    });
    return store;
  };

  test.each([['another one', { retention: day }], ['none', {}]])('one with %s than those that run does not start, and says what they have; when they have stopped, it does', async (_what, options) => {
    const url = await server.database();
    const first = await begun(url, 'first', { retention: week });
    await expect(begun(url, 'second', options)).rejects.toThrow(/\(first\) have another retention, \{ days: 7, captures: 2.*stop them first/);
    const same = await begun(url, 'same', { retention: { ...week } });
    for (let n = 0; n < 4; n += 1) await first.record(recording());
    expect(await same.evict(100)).toBe(2);
    await first.close('first');
    await expect(begun(url, 'second', options)).rejects.toThrow(/\(same\)/);
    await same.close('same');
    await (await begun(url, 'third', options)).close('third');
  });

  test('one that was taken for dead, and is back after others began with another one, evicts nothing, neither captures nor events', async () => {
    const url = await server.database();
    let now = testDay;
    const store = await begun(url, 'first', { retention: retaining({ days: 1 }), now: () => now });
    for (let n = 0; n < 4; n += 1) await store.record(recording());
    now += 30 * 86_400_000;
    const [agreed] = await server.query<{ value: string }>(url, `SELECT value FROM fourthwall.agreed WHERE name = 'retention'`);
    await server.query(url, `UPDATE fourthwall.agreed SET value = 'keep everything' WHERE name = 'retention'`);
    expect([await store.evict(100), (await store.oldestEvent())?.seq, (await store.list({}, 10)).total]).toEqual([0, 1, 4]);
    await server.query(url, `UPDATE fourthwall.agreed SET value = $1 WHERE name = 'retention'`, [agreed!.value]);
    expect(await store.evict(100)).toBe(4);
    await store.close('first');
  });
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
