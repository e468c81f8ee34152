import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Tally } from '../../../src/model/breaker.ts';
import type { Origin } from '../../../src/model/origin.ts';
import { ObjectConflict, type Store } from '../../../src/model/store.ts';
import type { PostgresStoreOptions, SharedStore } from '../../../src/store/postgres/store.ts';
import { openRunLedger } from '../../../src/store/run-ledger.ts';
import { day, email, recording } from '../../contract/store-drafts.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { behindProxy, openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

interface Gateway { readonly store: Store; readonly proxy: TcpProxy }
let database: string;
let a: Gateway;
let b: Gateway;
const all: Gateway[] = [];
const gateway = async (instance: string, more: Partial<PostgresStoreOptions> = {}): Promise<Gateway> => {
  const { url, proxy } = await behindProxy(database);
  const opened = { store: await openAt(url, more), proxy };
  all.push(opened);
  await opened.store.begin(instance);
  return opened;
};
beforeEach(async () => {
  database = await server.database();
  [a, b] = [await gateway('a'), await gateway('b')];
});
afterEach(async () => {
  for (const { proxy } of all) await proxy.close();
  for (const { store } of all.splice(0)) await store.close('none');
});
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => { while (!(await holds())) await delay(5); };

describe('two gateways on one database', () => {
  test('each sees at once what the other recorded, in one order', async () => {
    const [first, second] = [recording(), recording()];
    const one = await a.store.record(first);
    expect(await b.store.capture(first.draft.id)).toMatchObject({ seq: one.seq });
    const two = await b.store.record(second);
    expect(two.seq).toBeGreaterThan(one.seq);
    expect((await a.store.list({}, 10)).items.map(({ id }) => id)).toEqual([second.draft.id, first.draft.id]);
  });

  test('the live feed of each hears what the other commits, and its own once', async () => {
    let heard = 0;
    a.store.subscribe(() => { heard += 1; });
    const { seq } = await b.store.record(recording());
    await until(() => heard > 0);
    expect((await a.store.events(seq - 1, 10)).map((event) => event.kind)).toEqual(['recorded']);
    await delay(20);
    heard = 0;
    await a.store.record(recording());
    await delay(50);
    expect(heard).toBe(1);
    // at once: not by the look it takes at the log every second
    const start = performance.now();
    for (let n = 0; n < 5; n += 1) {
      heard = 0;
      await b.store.record(recording());
      await until(() => heard > 0);
    }
    expect(performance.now() - start).toBeLessThan(2_500);
  });

  test('a feed whose connection broke hears of what came meanwhile', async () => {
    let heard = 0;
    a.store.subscribe(() => { heard += 1; });
    await delay(50);
    heard = 0;
    a.proxy.cut();
    await b.store.record(recording());
    await until(() => heard > 0);
  });

  test('a feed hears of a commit whose notification was lost', async () => {
    let heard = 0;
    a.store.subscribe(() => { heard += 1; });
    await delay(50);
    heard = 0;
    await server.query(database, `UPDATE fourthwall.head SET seq = seq + 1`);
    await until(() => heard > 0);
  });

  test('a reader who follows the log while both write misses nothing and sees nothing twice', async () => {
    const start = await a.store.lastSeq();
    const seen: number[] = [];
    let after = start;
    const read = async (): Promise<void> => { for (const { seq } of await a.store.events(after, 1_000)) { seen.push(seq); after = seq; } };
    let writing = true;
    const written = Promise.all([a, b].flatMap(({ store }) => Array.from({ length: 5 }, async () => {
      for (let n = 0; n < 30; n += 1) await store.record(recording());
    }))).finally(() => { writing = false; });
    while (writing) await read();
    await written;
    await read();
    expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => start + n + 1));
  });

  test('count together: recipients of the mailshot breaker, its trip and its reset, and counters of failure rules', async () => {
    const tally = (members: readonly string[]): Tally => ({ space: null, service: 'shop', members, at: day, perMs: 60_000, most: 100 });
    const counts = await Promise.all(Array.from({ length: 20 }, (_, n) => [a, b][n % 2]!.store.tally(tally([`m${n}`]))));
    expect(counts.map(({ distinct }) => distinct).toSorted((x, y) => x - y)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    const trip = { space: null, service: 'shop', capture: 'cap_1', run: null, recipients: 20, limit: 10, perMs: 60_000 };
    const [since, again] = await Promise.all([a.store.trip(trip), b.store.trip(trip)]);
    expect(again).toBe(since);
    expect(await b.store.tally(tally([]))).toMatchObject({ distinct: 20, tripped: since });
    expect((await b.store.events(0, 1_000)).filter(({ kind }) => kind === 'tripped')).toHaveLength(1);
    expect(await b.store.resetBreaker({ space: null, service: 'shop' })).toBe(true);
    expect(await a.store.tally(tally([]))).toEqual({ distinct: 0, tripped: null });
    const third = await Promise.all(Array.from({ length: 20 }, (_, n) => [a, b][n % 2]!.store.count('failure:third', 'run')));
    expect(third.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  test('of two that change one object, one is told of the conflict', async () => {
    const scope = { provider: 'stripe', account: '', run: '' };
    const change = (expectVersion: number, value: unknown) => recording({}, { remember: [{ scope, object: { kind: 'intent', id: 'pi_1', expectVersion, value } }] });
    await a.store.record(change(0, 'made'));
    const settled = await Promise.allSettled([a.store.record(change(1, 'captured')), b.store.record(change(1, 'cancelled'))]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((settled.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason).toBeInstanceOf(ObjectConflict);
    expect(await b.store.recall(scope, 'intent', 'pi_1')).toMatchObject({ version: 2 });
  });

  test('a callback is leased to one of them only', async () => {
    const callbacks = [{ target: 'shop', object: 'o', event: 'paid', notBeforeMs: day, method: 'POST' as const, headers: [], body: '', contentType: 'text/plain' }];
    for (let n = 0; n < 10; n += 1) await a.store.record(recording({}, { callbacks: callbacks.map((callback) => ({ ...callback, object: `o${n}` })) }));
    const leased = (await Promise.all([{ instance: 'a', store: a.store }, { instance: 'b', store: b.store }].map(({ instance, store }) => store.leaseCallbacks({ instance, limit: 10, forMs: 30_000 })))).flatMap(({ leased: given }) => given);
    expect(new Set(leased.map(({ id }) => id)).size).toBe(10);
    expect(leased).toHaveLength(10);
  });

  test('a run opened at one claims the very next call at the other, and none after it was closed', async () => {
    const [here, there] = [await openRunLedger(a.store, { shared: true }), await openRunLedger(b.store, { shared: true })];
    const origin: Origin = { space: null, service: 'shop', run: null, trace: null, address: '::1', via: 'proxy' };
    const call = { origin, decoded: { kind: 'effects' as const, effects: [email()] } };
    expect(await there.attribute(call)).toBeNull();
    await here.store.openRun({ name: 'ci', space: null, claims: [{ kind: 'service', service: 'shop' }], registered: true });
    expect(await Promise.all([there.attribute(call), here.attribute(call), there.attribute(call)])).toEqual(['ci', 'ci', 'ci']);
    await here.store.closeRun('ci');
    expect(await there.attribute(call)).toBeNull();
  });
});

describe('certificates', () => {
  test('that no living gateway has are refused; during a change one in common is enough; the dead are not asked', async () => {
    const trust = (to: Gateway, instance: string, ...certificates: readonly string[]): Promise<boolean> => (to.store as SharedStore).trust(instance, certificates);
    expect(await trust(a, 'a', 'one')).toBe(true);
    expect(await trust(b, 'b', 'two')).toBe(false);
    expect(await trust(b, 'b', 'one', 'two')).toBe(true);
    expect(await trust(a, 'a', 'two')).toBe(true);
    expect(await trust(b, 'b', 'three')).toBe(false);
    await a.proxy.close();
    await until(() => trust(b, 'b', 'three'));
  });
});

describe('a gateway that dies while another lives', () => {
  const silence = 3;
  /** as if they had not been heard of for a minute, and the server had been there all the time */
  const longSince = async (...instances: readonly string[]): Promise<void> => {
    const up = `SELECT 1 WHERE pg_postmaster_start_time() < now() - make_interval(secs => ${silence})`;
    await until(async () => (await server.query(database, up)).length > 0);
    await server.query(database, `UPDATE fourthwall.instances SET beat = now() - interval '1 minute' WHERE id = ANY ($1::text[])`, [instances]);
  };

  test('is shown as dead at once, before anybody marked it; what it did since it was last heard of is in doubt', async () => {
    await a.store.heartbeat('a');
    const alive = await b.store.lastSeq();
    await b.store.record(recording());
    await a.proxy.close();
    await until(async () => (await b.store.instances()).some(({ id, crashedSeq }) => id === 'a' && crashedSeq !== null));
    expect((await b.store.instances()).map(({ id, crashedSeq, aliveSeq }) => [id, crashedSeq, id === 'a' ? aliveSeq : null])).toEqual([['b', null, null], ['a', alive + 1, alive]]);
  });

  test('and is back is shown as living again', async () => {
    a.proxy.cut();
    await delay(300);
    await until(async () => (await b.store.instances()).every(({ crashedSeq }) => crashedSeq === null));
  });

  test('is marked by the next that begins: its open outcomes are unknown, its leases free, those of the living are not', async () => {
    const [lost, kept] = [recording({ instance: 'a', outcome: 'pending', reply: null, run: 'r' }), recording({ instance: 'b', outcome: 'pending', reply: null })];
    await a.store.record(lost);
    await b.store.record(kept);
    await a.proxy.close();
    await until(async () => (await b.store.instances()).some(({ id, crashedSeq }) => id === 'a' && crashedSeq !== null));
    const c = await gateway('c');
    expect(await c.store.capture(lost.draft.id)).toMatchObject({ outcome: 'unknown' });
    expect(await c.store.capture(kept.draft.id)).toMatchObject({ outcome: 'pending' });
    expect((await c.store.events(0, 100)).flatMap(({ kind, data }) => (kind === 'instance' ? [[data['instance'], data['state']]] : []))).toEqual([
      ['a', 'started'], ['b', 'started'], ['a', 'crashed'], ['c', 'started']]);
  });

  test('is found by the heartbeats of the others when its machine is gone without a word; if it comes back it says so', async () => {
    const [quiet, watch] = [await gateway('quiet', { silence }), await gateway('watch', { silence })];
    const open = recording({ instance: 'quiet', outcome: 'pending', reply: null });
    await quiet.store.record(open);
    const marked = async (): Promise<boolean> => (await watch.store.capture(open.draft.id))?.outcome === 'unknown';
    await watch.store.heartbeat('watch');
    expect(await marked()).toBe(false);
    await longSince('quiet');
    await watch.store.heartbeat('watch');
    expect(await marked()).toBe(true);
    expect((await watch.store.events(0, 100)).at(-2)).toMatchObject({ kind: 'instance', data: { instance: 'quiet', state: 'crashed' } });
    await quiet.store.heartbeat('quiet');
    expect((await watch.store.instances()).find(({ id }) => id === 'quiet')).toMatchObject({ crashedSeq: null });
    expect((await watch.store.events(0, 100)).at(-1)).toMatchObject({ kind: 'instance', data: { instance: 'quiet', state: 'back' } });
    // it knows what came of it, and says so
    await quiet.store.outcome(open.draft.id, 'forwarded', null);
    expect(await watch.store.capture(open.draft.id)).toMatchObject({ outcome: 'forwarded' });
  });

  test('is not found dead by one that was itself out of touch', async () => {
    const watch = await gateway('watch', { silence });
    await gateway('quiet', { silence });
    await longSince('quiet', 'watch');
    await watch.store.heartbeat('watch');
    expect((await server.query<{ crashed_seq: number | null }>(database, `SELECT crashed_seq FROM fourthwall.instances WHERE id = 'quiet'`))[0]).toEqual({ crashed_seq: null });
  });
});
