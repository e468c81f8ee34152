import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../src/model/limits.ts';
import { StoreUnavailable, type Store } from '../../../src/model/store.ts';
import { connect, whatIsWrong } from '../../../src/store/postgres/connection.ts';
import { sha256Of } from '../../../src/store/body-coding.ts';
import { migrations } from '../../../src/store/postgres/migrations/all.ts';
import { migrate } from '../../../src/store/postgres/schema.ts';
import type { PostgresStoreOptions } from '../../../src/store/postgres/store.ts';
import { letters } from '../../contract/store-bodies.ts';
import { answer, day, email, http, recipient, recording } from '../../contract/store-drafts.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { behindProxy, openAt } from './open.ts';

let server: PostgresServer;
let database: string;
let url: string;
let proxy: TcpProxy;
const stores: Store[] = [];
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());
beforeEach(async () => {
  database = await server.database();
  ({ url, proxy } = await behindProxy(database));
});
afterEach(async () => {
  await proxy.close();
  for (const store of stores.splice(0)) await store.close('test');
});
const open = async (more: Partial<PostgresStoreOptions> = {}, at = url): Promise<Store> => {
  const store = await openAt(at, { limits: defaultLimits, durability: 'power', now: Date.now, ...more });
  stores.push(store);
  return store;
};
const impatient = { limits: { ...defaultLimits, storeDeadline: 800 } };
/** ms until it settles, and how. What is asserted of it leaves room for a machine that has other things to do. */
const timed = async (what: Promise<unknown>): Promise<{ readonly ms: number; readonly error: unknown }> => {
  const start = performance.now();
  const error = await what.then(() => null, (fault: unknown) => fault);
  return { ms: performance.now() - start, error };
};
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => { while (!(await holds())) await delay(20); };
const stored = async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await server.query<{ id: string }>(database, 'SELECT id FROM fourthwall.captures WHERE id = ANY ($1::text[])', [ids])).map(({ id }) => id));

describe('the database', () => {
  test('is made by the first of four that start at once, and used by all', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => open()));
    await Promise.all(opened.map((store) => store.record(recording())));
    expect((await opened[0]!.list({}, 1)).total).toBe(4);
    expect(await server.query(database, 'SELECT version FROM fourthwall.schema_version')).toEqual([{ version: migrations.length }]);
  });

  test('is brought up to date by the first of several, once; a migration that fails leaves it as it was', async () => {
    const store = await open();
    await store.record(recording());
    const later = [...migrations, 'ALTER TABLE captures ADD COLUMN colour text; INSERT INTO agreed (name, value) VALUES (gen_random_uuid()::text, \'migrated\')'];
    const place = { url, durability: 'power', deadline: 10_000 } as const;
    const connections = await Promise.all(Array.from({ length: 3 }, () => connect(place, 'schema')));
    await Promise.all(connections.map((connection) => migrate(connection, later)));
    expect(await server.query(database, `SELECT count(*)::int AS count FROM fourthwall.agreed WHERE value = 'migrated'`)).toEqual([{ count: 1 }]);
    await expect(migrate(connections[0]!, [...later, 'CREATE TABLE half (a int); SELECT 1 / 0'])).rejects.toThrow(/could not be made or brought up to date.*division/);
    expect(await server.query(database, `SELECT to_regclass('fourthwall.half') AS half, (SELECT version FROM fourthwall.schema_version) AS version`)).toEqual([{ half: null, version: later.length }]);
    for (const connection of connections) await connection.end();
    // one that ran before goes on; one of before does not start any more
    await store.record(recording());
    await expect(open()).rejects.toThrow(`newer Fourthwall (schema ${later.length}, this one knows ${migrations.length})`);
  });

  test('of the version before bodies were compressed is brought up to date, and its bodies are read and shared as they lie there', async () => {
    const before = await connect({ url, durability: 'power', deadline: 10_000 }, 'schema');
    await migrate(before, migrations.slice(0, 1));
    const body = letters(200_000);
    await before.query(`INSERT INTO captures (seq, id, at, instance, direction, outcome, enrichment, summary) VALUES (1, 'cap_1', '2026-11-21T09:00:00.000Z', 'old', 'out', 'captured', 'done', '{"direction":"out"}')`);
    await before.query(`INSERT INTO exchanges (capture, request, decoded, decision, redactions) VALUES (1, '{"kind":"http"}', '{}', '{}', '[]'); UPDATE head SET seq = 1`);
    await before.query('INSERT INTO bodies (sha256, size, data) VALUES ($1, $2, $3)', [sha256Of(body), body.length, body]);
    await before.query(`INSERT INTO parts (capture, role, n, body, content_type) SELECT 1, 'request', 0, id, '' FROM bodies`);
    await before.end();
    const store = await open();
    const now = recording({ request: http({ body }), reply: answer({ body: letters(100_000) }) });
    await store.record(now);
    for (const id of ['cap_1', now.draft.id]) expect(Buffer.from((await store.requestBody(id))!).equals(body)).toBe(true);
    expect((await store.capture('cap_1'))!.request.body).toMatchObject({ size: 200_000, truncated: true, data: letters(65_536).toString() });
    expect(await server.query(database, 'SELECT size::int, coding FROM fourthwall.bodies ORDER BY id')).toEqual([{ size: 200_000, coding: 'raw' }, { size: 100_000, coding: 'zstd' }]);
  });

  test('of something else is refused and left as it is', async () => {
    await server.query(database, 'CREATE SCHEMA fourthwall; CREATE TABLE fourthwall.theirs (a int)');
    await expect(open()).rejects.toThrow(/not a Fourthwall store/);
    expect(await server.query(database, `SELECT relname FROM pg_class WHERE relnamespace = 'fourthwall'::regnamespace`)).toEqual([{ relname: 'theirs' }]);
  });

  test('of gateways with another hash key is refused', async () => {
    await open();
    await expect(open({ key: new Uint8Array(32).fill(8) })).rejects.toThrow(/another hash key.*FOURTHWALL_HASH_KEY/);
  });

  test('that cannot be reached is told in one line without the password', async () => {
    const refused = await openAt('postgres://me:hunter2@127.0.0.1:1/nowhere').then(() => null, (error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailable);
    expect(String(refused)).toMatch(/cannot reach PostgreSQL at 127.0.0.1:1, database nowhere: .*ECONNREFUSED/);
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused)) + String((refused as Error).cause)).not.toContain('hunter2');
    await expect(openAt(`${database}_not`)).rejects.toThrow(/database "store_\d+_not" does not exist/);
  });

  test.each([
    [{ version: 149999 }, /14 is too old: 15 or later/], [{ fsync: 'off' }, /fsync = off/], [{ pages: 'off' }, /full_page_writes = off/], [{ commit: 'off' }, /synchronous_commit is off after it was set to on/],
    [{ encoding: 'SQL_ASCII' }, /encoded in SQL_ASCII/], [{ recovering: true }, /takes no writes/], [{ read_only: 'on' }, /takes no writes/], [{}, null],
  ])('that says %j is judged before it is used', (said, expected) => {
    const wrong = whatIsWrong({ version: 180004, fsync: 'on', pages: 'on', commit: 'on', encoding: 'UTF8', recovering: false, read_only: 'off', ...said }, 'power');
    if (expected === null) expect(wrong).toBeNull();
    else expect(wrong).toMatch(expected);
  });

  test('may have defaults of its own: every write still sees those before it, and none fails for them', async () => {
    await server.query(database, `ALTER DATABASE ${new URL(database).pathname.slice(1)} SET default_transaction_isolation = 'serializable'`);
    const [one, other] = [await open(), await open()];
    const counts = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? one : other).count('c', 's').then((count) => delay(n % 3).then(() => count))));
    for (let n = 0; n < 10; n += 1) counts.push(...await Promise.all([one.count('c', 's'), other.count('c', 's')]));
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  test('commits are durable as configured, on the connection that makes them', async () => {
    for (const [durability, expected] of [['power', 'on'], ['process', 'local']] as const) {
      const connection = await connect({ url: database, durability, deadline: 2_000 }, 'test');
      expect((await connection.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: expected }]);
      await connection.end();
    }
  });

  test('a server without fsync is refused at the start, and by a gateway that finds it so after it was restarted', async () => {
    const store = await open();
    await store.record(recording());
    await server.stop('fast');
    await server.start({ fsync: 'off' });
    try {
      await expect(open({}, database)).rejects.toThrow(/fsync = off/);
      await expect(store.record(recording())).rejects.toThrow(/fsync = off/);
      await server.stop('fast');
      await server.start({ full_page_writes: 'off' });
      await expect(store.record(recording())).rejects.toThrow(/full_page_writes = off/);
    } finally {
      await server.stop('fast');
      await server.start();
    }
    await store.record(recording());
    expect((await store.list({}, 1)).total).toBe(2);
  });
});

describe('values', () => {
  test('that PostgreSQL could not hold as they are, or that are too long for an index, are recorded and found all the same', async () => {
    const store = await open();
    // of no pattern, so that nothing makes them shorter
    const noise = randomBytes(10_000).toString('hex');
    const long = `xxx${noise}@shop.test`;
    const what = recording({
      request: http({ body: Buffer.from([0, 1, 2, 255]) }), account: 'a'.repeat(64), keys: [{ name: 'order', value: 'o\0rder' }, { name: 'long', value: noise }],
      decoded: { kind: 'effects', effects: [email({ subject: 'nul \0 and \ud800 alone', text: `word ${'w'.repeat(5_000)} end`, recipients: [recipient(long), recipient('100%_\\@x.test')] })] },
    }, { remember: [{ scope: { provider: 'p', account: 'a', run: '' }, object: { kind: 'key', id: noise, expectVersion: 0, value: { text: '\0' } } }] });
    await store.record(what);
    const found = async (filter: Parameters<Store['list']>[0]): Promise<number> => (await store.list(filter, 10)).total;
    expect(await found({ recipient: [long] })).toBe(1);
    expect(await found({ recipient: ['xxx*@shop.test'] })).toBe(1);
    expect(await found({ recipient: ['100%_\\@*'] })).toBe(1);
    expect(await found({ recipient: ['1%@*'] })).toBe(0);
    expect(await found({ key: [noise] })).toBe(1);
    expect(await found({ key: ['o\0rder'] })).toBe(1);
    expect(await found({ q: `"word ${'w'.repeat(5_000)} end"` })).toBe(1);
    expect(await found({ q: 'w'.repeat(4_999) })).toBe(0);
    expect(await found({ q: `${'w'.repeat(4_999)}*` })).toBe(1);
    expect(await found({ q: `%' & | ! <-> \\ :* ""` })).toBe(0);
    expect(await store.capture(what.draft.id)).toMatchObject({ title: expect.stringContaining('nul') });
    expect(await store.recall({ provider: 'p', account: 'a', run: '' }, 'key', noise)).toMatchObject({ value: { text: '\0' } });
    expect(Buffer.from((await store.requestBody(what.draft.id))!)).toEqual(Buffer.from([0, 1, 2, 255]));
  });

  test('that are wrong fail alone: their neighbours in the same commit are kept, and the numbers have no gap', async () => {
    const store = await open();
    // an id that no index entry holds: the server itself refuses it
    const settled = await Promise.allSettled([store.record(recording()), store.record(recording({ id: randomBytes(9_000).toString('hex') })), store.outcome('cap_nobody', 'failed', null), store.record(recording())]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect((settled[1] as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailable);
    expect((await store.events(0, 10)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect((await store.list({}, 1)).total).toBe(2);
  });
});

describe('bounds', () => {
  test('a full queue refuses at once, and takes again when it has drained', async () => {
    const store = await open({ limits: { ...defaultLimits, storeQueue: 10 } });
    const settled = await Promise.allSettled(Array.from({ length: 15 }, () => store.record(recording())));
    expect(settled.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 'fulfilled'), ...Array.from({ length: 5 }, () => 'rejected')]);
    await expect(store.record(recording())).resolves.toBeDefined();
  });

  test('a write that somebody else holds up is refused in time and never happens; questions are answered meanwhile', async () => {
    const store = await open(impatient);
    const other = new Client({ connectionString: database });
    await other.connect();
    await other.query('BEGIN; SELECT seq FROM fourthwall.head FOR UPDATE');
    const [first, second] = [recording(), recording()];
    const outcomes = await Promise.all([timed(store.record(first)), timed(store.record(second)), timed(store.lastSeq())]);
    expect(outcomes.map(({ error }) => error instanceof StoreUnavailable)).toEqual([true, true, false]);
    for (const { ms } of outcomes) expect(ms).toBeLessThan(3_000);
    expect(await store.healthy()).toBe(false);
    // and nothing of ours goes on waiting at the server
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'fourthwall writer' AND state = 'active' AND datname = current_database()`;
    await until(async () => (await server.query(database, waiting)).length === 0);
    await other.query('ROLLBACK');
    await other.end();
    await until(() => store.healthy());
    expect((await stored([first.draft.id, second.draft.id])).size).toBe(0);
  });

  test('a gateway that hangs in the middle of a commit does not hold the others for longer than its deadline', async () => {
    const hanging = await open(impatient);
    await hanging.record(recording());
    const other = await open({}, database);
    proxy.onRequest((piece) => { if (piece.includes('SAVEPOINT')) proxy.swallow('both'); });
    const stuck = timed(hanging.record(recording()));
    await delay(100);
    const { ms, error } = await timed(other.record(recording()));
    expect(error).toBeNull();
    expect(ms).toBeLessThan(3_000);
    expect((await stuck).error).toBeInstanceOf(StoreUnavailable);
  });

  test('nor does one that was frozen, and so cannot even hang up', async () => {
    const other = await open({}, database);
    const frozen = await connect({ url: database, durability: 'power', deadline: 800 }, 'frozen');
    await frozen.query('BEGIN');
    await frozen.query('SELECT seq FROM head FOR UPDATE');
    const { ms, error } = await timed(other.record(recording()));
    expect(error).toBeNull();
    expect(ms).toBeLessThan(3_000);
    expect(frozen.gone()).not.toBeNull();
  });
});

describe('a COMMIT whose answer is lost', () => {
  /** Breaks the connection with the COMMIT: before it arrives, or after it was done. */
  const loseCommit = (what: 'requests' | 'answers'): void => proxy.onRequest((piece) => {
    if (!piece.includes('COMMIT')) return;
    proxy.onRequest(null);
    proxy.swallow(what);
    setTimeout(() => { proxy.cut(); proxy.swallow('nothing'); }, 30);
  });

  test('is looked up: it happened, so the capture is acknowledged', async () => {
    const store = await open();
    await store.record(recording());
    const [one, two] = [recording(), recording()];
    loseCommit('answers');
    const [first, second] = await Promise.all([store.record(one), store.record(two)]);
    expect(await store.capture(one.draft.id)).toMatchObject({ seq: first.seq });
    expect(await store.capture(two.draft.id)).toMatchObject({ seq: second.seq });
    expect((await store.events(0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('is looked up: it did not happen, so the capture is not acknowledged', async () => {
    const store = await open();
    await store.record(recording());
    const lost = recording();
    loseCommit('requests');
    await expect(store.record(lost)).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await stored([lost.draft.id])).size).toBe(0);
    await store.record(lost);
  });

  test('and that cannot be looked up in time is unavailable, never acknowledged', async () => {
    const store = await open(impatient);
    await store.record(recording());
    proxy.onRequest((piece) => { if (piece.includes('COMMIT')) proxy.swallow('both'); });
    const { ms, error } = await timed(store.record(recording()));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(ms).toBeLessThan(3_000);
  });
});

describe('the way to the server', () => {
  test('that is slow is borne within the deadline; one that swallows everything is told of within it; both without a restart', async () => {
    const store = await open(impatient);
    await store.lastSeq();
    proxy.delay(20);
    await expect(store.record(recording())).resolves.toBeDefined();
    proxy.delay(0);
    proxy.swallow('both');
    for (const { ms, error } of await Promise.all([timed(store.record(recording())), timed(store.lastSeq())])) {
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(ms).toBeLessThan(3_000);
    }
    proxy.swallow('nothing');
    await until(() => store.healthy());
    await until(() => store.lastSeq().then(() => true, () => false));
    await expect(store.record(recording())).resolves.toBeDefined();
  });

  test('may break at any moment: what was acknowledged is stored', async () => {
    const store = await open();
    const acknowledged: string[] = [];
    let load = true;
    const clients = Array.from({ length: 10 }, async () => {
      while (load) {
        const what = recording({ at: new Date(day).toISOString() });
        await store.record(what).then(() => acknowledged.push(what.draft.id), (error: unknown) => { expect(error).toBeInstanceOf(StoreUnavailable); return delay(5); });
      }
    });
    for (let round = 0; round < 10; round += 1) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 10);
      await delay(Math.random() * 10);
      proxy.cut();
    }
    load = false;
    await Promise.all(clients);
    expect((await stored(acknowledged)).size).toBe(acknowledged.length);
  });
});

describe('the server', () => {
  test.each(['fast', 'immediate', 'kill'] as const)('stopped (%s) under load: answers within two seconds, nothing acknowledged is missing, and it goes on without a restart of ours', async (how) => {
    const store = await open();
    await store.lastSeq();
    let heard = 0;
    store.subscribe(() => { heard += 1; });
    const acknowledged: string[] = [];
    const slowest: number[] = [];
    let refused = 0;
    let load = true;
    const clients = Array.from({ length: 10 }, async () => {
      while (load) {
        const what = recording();
        const { ms, error } = await timed(store.record(what));
        slowest.push(ms);
        if (error === null) acknowledged.push(what.draft.id);
        else {
          refused += 1;
          expect(error).toBeInstanceOf(StoreUnavailable);
          await delay(10);
        }
      }
    });
    for (let round = 0; round < 2; round += 1) {
      const before = acknowledged.length;
      await until(() => acknowledged.length > before + 100);
      await server.stop(how);
      expect(await store.healthy()).toBe(false);
      const { ms, error } = await timed(store.lastSeq());
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(ms).toBeLessThan(3_500);
      await server.start();
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 50);
    load = false;
    await Promise.all(clients);
    expect(refused).toBeGreaterThan(0);
    expect(Math.max(...slowest)).toBeLessThan(3_500);
    expect((await stored(acknowledged)).size).toBe(acknowledged.length);
    const last = await store.lastSeq();
    expect((await server.query<{ count: number }>(database, 'SELECT count(*)::int AS count FROM fourthwall.events'))[0]!.count).toBe(last);
    // and the listener is back: another gateway's commit is heard of
    const other = await open({}, database);
    heard = 0;
    await other.record(recording());
    await until(() => heard > 0);
  });
});
