import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../src/model/limits.ts';
import { StoreUnavailable, type Store } from '../../../src/model/store.ts';
import { answer, email, http, recording } from '../../contract/store-drafts.ts';
import { checkFile } from '../../../src/store/sqlite/file-check.ts';
import { migrations } from '../../../src/store/sqlite/migrations/all.ts';
import { sha256Of } from '../../../src/store/body-coding.ts';
import { letters } from '../../contract/store-bodies.ts';
import { discard, openIn, temporary } from './open.ts';

let directory: string;
let path: string;
const stores: Store[] = [];
const open = async (...args: Parameters<typeof openIn> extends [string, ...infer Rest] ? Rest : never): Promise<Store> => {
  const store = await openIn(directory, ...args);
  stores.push(store);
  return store;
};
beforeEach(() => {
  directory = temporary();
  path = join(directory, 'store.db');
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close('test');
  discard(directory);
});

/** Resolves with what was acknowledged once the child, killed under load at a random time, is gone. */
function killedUnderLoad(round: number, control: string | null): Promise<readonly string[]> {
  const acknowledged = join(directory, `acknowledged-${round}`);
  writeFileSync(acknowledged, '');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), '--path', path, '--acknowledged', acknowledged, '--prefix', String(round),
    ...(control === null ? [] : ['--control', control])], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => { setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 200); });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the writer ended by itself: ${code}`));
      else resolve(readFileSync(acknowledged, 'utf8').split('\n').slice(0, -1));
    });
  });
}

describe('kill -9 under load', () => {
  const lost = async (control: string | null, rounds: number): Promise<number> => {
    let missing = 0;
    for (let round = 0; round < rounds; round += 1) {
      const acknowledged = await killedUnderLoad(round, control);
      expect(acknowledged.length).toBeGreaterThan(100);
      const store = await openIn(directory);
      for (const id of acknowledged) if (await store.capture(id) === null) missing += 1;
      await store.close('check');
    }
    return missing;
  };

  test('loses no acknowledged capture in five rounds on one file', async () => {
    expect(await lost(null, 5)).toBe(0);
    const checked = new DatabaseSync(path, { readOnly: true });
    expect(checked.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    checked.close();
  }, 120_000);

  test('and the same test catches a writer that acknowledges first', async () => {
    let missing = 0;
    for (let round = 0; round < 10 && missing === 0; round += 1) {
      const ids = await killedUnderLoad(round, 'acknowledges-first');
      const store = await openIn(directory);
      for (const id of ids) if (await store.capture(id) === null) missing += 1;
      await store.close('check');
    }
    expect(missing).toBeGreaterThan(0);
  }, 120_000);

  test('leaves the instance marked as crashed and its open outcomes as unknown', async () => {
    await killedUnderLoad(1, null);
    const store = await open();
    await store.begin('after');
    expect((await store.instances()).map(({ id, crashedSeq }) => [id, crashedSeq !== null])).toEqual([['after', false], ['crash-1', true]]);
    expect((await store.counts({}, 'outcome')).map(({ value }) => value)).toEqual(['unknown']);
  }, 60_000);
});

describe('a full disk', () => {
  test('refuses what does not fit, keeps what it has, answers questions, and recovers when there is room', async () => {
    const store = await open({ maxPages: 300 });
    const kept: string[] = [];
    const fill = async (size: number): Promise<void> => {
      for (let nth = 0; nth < 1_000; nth += 1) {
        const what = recording({ request: http({ body: randomBytes(size) }) });
        await store.record(what);
        kept.push(what.draft.id);
      }
    };
    const refusal = await fill(20_000).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreUnavailable);
    expect(String(refusal)).toMatch(/could not write.*full/);
    // what a large one leaves may do for a small one
    await expect(fill(100)).rejects.toThrow(/could not write.*full/);
    await expect((async () => { for (;;) await store.append({ kind: 'policy', capture: null, run: null, data: {} }); })()).rejects.toThrow(/could not write.*full/);
    expect(await store.healthy()).toBe(false);
    expect((await store.list({}, 1)).total).toBe(kept.length);
    await store.remove({ ids: kept.slice(0, Math.ceil(kept.length / 2)) });
    expect(await store.healthy()).toBe(true);
    await expect(store.record(recording())).resolves.toMatchObject({ seq: expect.any(Number) });
  });

  test('when one of a group does not fit, none of the group is acknowledged', async () => {
    const store = await open({ maxPages: 300 });
    const settled = await Promise.allSettled([store.record(recording()), store.record(recording({ request: http({ body: randomBytes(2_000_000) }) })), store.record(recording())]);
    const acknowledged = settled.filter(({ status }) => status === 'fulfilled').length;
    expect(settled[1]!.status).toBe('rejected');
    expect((await store.list({}, 1)).total).toBe(acknowledged);
  });
});

describe('the file', () => {
  test('and its directory are made, for us alone', async () => {
    directory = join(directory, 'deep', 'er');
    path = join(directory, 'store.db');
    await open();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ['store.db', 'store.db-wal', 'store.db-shm', 'store.db-lock']) expect(statSync(join(directory, name)).mode & 0o777, name).toBe(0o600);
  });

  test('is opened by one gateway only, until that one is gone', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(/another gateway has the store .*store\.db open/);
    await first.record(recording());
    await first.close('one');
    const second = await open();
    expect((await second.list({}, 1)).total).toBe(1);
  });

  test.each([
    ['garbage', () => writeFileSync(path, Buffer.alloc(8192, 'x')), /not a database/],
    ['an empty file', () => writeFileSync(path, ''), /not a Fourthwall store/],
    ['a database of something else', () => { const other = new DatabaseSync(path); other.exec('CREATE TABLE t (a)'); other.close(); }, /not a Fourthwall store/],
  ])('that is %s is refused and left as it is', async (_, make, message) => {
    make();
    const before = readFileSync(path);
    await expect(open()).rejects.toThrow(message);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  const used = async (): Promise<void> => {
    const store = await openIn(directory);
    for (let nth = 0; nth < 50; nth += 1) await store.record(recording({ request: http({ body: randomBytes(9_000) }) }));
    await store.close('one');
  };

  test('that is damaged is refused and left as it is', async () => {
    await used();
    const file = openSync(path, 'r+');
    for (let page = 100; page < 110; page += 1) writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    closeSync(file);
    const before = readFileSync(path);
    await expect(open()).rejects.toThrow(/damaged/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('that is large is walked after the start; damage found then ends every answer with the reason, and is told', async () => {
    await used();
    const file = openSync(path, 'r+');
    for (let page = 100; page < 110; page += 1) writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    closeSync(file);
    let told: (problem: string) => void = () => undefined;
    const damage = new Promise<string>((resolve) => { told = resolve; });
    const store = await openIn(directory, { checkedAtStart: 0, report: told });
    expect(await damage).toMatch(/the file is damaged .*Nothing is recorded or shown any more/);
    for (const refused of [store.record(recording()), store.list({}, 1), store.capture('latest'), store.events(0, 1)]) {
      const error: unknown = await refused.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(String(error)).toMatch(/the file is damaged .* restore a copy/);
    }
    expect(await store.healthy()).toBe(false);
    await store.close('one');
  });

  test('that is large and whole is used from the start on, and what is deleted during the walk is gone when it is over', async () => {
    await used();
    const store = await openIn(directory, { checkedAtStart: 0, report: (problem) => { throw new Error(problem); } });
    expect(await store.remove({})).toBe(50);
    expect(await store.healthy()).toBe(true);
    await store.close('one');
  });

  test('whose walk cannot be started is told of as one that is not known, and holds up neither the start nor the stop', async () => {
    // No process can be given a NUL in its arguments.
    const { ended, stop } = checkFile('store\0.db');
    expect(await ended).toEqual({ failed: expect.stringContaining('null bytes') });
    await stop();
  });

  test('that was cut short is refused', async () => {
    await used();
    truncateSync(path, 4096 * 20);
    await expect(open()).rejects.toBeInstanceOf(StoreUnavailable);
  });

  test('of the first version is brought up to date, and the callbacks that nobody sent then are not sent now', async () => {
    const old = new DatabaseSync(path);
    old.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${0x46575354}; BEGIN; ${migrations[0]} PRAGMA user_version = 1; COMMIT`);
    old.exec(`INSERT INTO captures (seq, id, at, instance, outcome, enrichment, summary) VALUES (1, 'cap_1', '2026-11-21T09:00:00.000Z', 'old', 'captured', 'done', '{"direction":"out","provider":"twilio"}');
      INSERT INTO exchanges (capture, request, decoded, decision, redactions) VALUES (1, '{"kind":"connect"}', '{}', '{}', '[]');
      INSERT INTO outbox (id, ord, capture, provider, target, object, not_before, call)
      VALUES ('cbk_1-0', 1000, 'cap_1', 'twilio', 'http://shop.test/x', 'SM1', '2026-11-21T09:00:00.000Z', '{"method":"POST","headers":[],"body":"","contentType":""}')`);
    old.close();
    const store = await open();
    expect((await store.capture('cap_1'))!.callbacks).toMatchObject([{ id: 'cbk_1-0', state: 'skipped', event: null, lastError: expect.stringContaining('sent no callbacks') }]);
    expect(await store.leaseCallbacks({ instance: 'one', limit: 10, forMs: 1_000 })).toEqual({ leased: [], next: null });
    expect(await store.resendCallback('cbk_1-0', 'http://shop.test/x')).toMatchObject({ state: 'pending' });
    expect((await store.leaseCallbacks({ instance: 'one', limit: 10, forMs: 1_000 })).leased).toMatchObject([{ id: 'cbk_1-0' }]);
  });

  test('of the version before bodies were compressed is brought up to date, and its bodies are read and shared as they lie there', async () => {
    const old = new DatabaseSync(path);
    old.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${0x46575354}; BEGIN; ${migrations.slice(0, 2).join('')} PRAGMA user_version = 2; COMMIT`);
    const [body, noise] = [letters(200_000), randomBytes(3_000)];
    old.exec(`INSERT INTO captures (seq, id, at, instance, outcome, enrichment, summary) VALUES (1, 'cap_1', '2026-11-21T09:00:00.000Z', 'old', 'captured', 'done', '{"direction":"out","provider":"twilio"}');
      INSERT INTO exchanges (capture, request, reply, decoded, decision, content, redactions) VALUES (1, '{"kind":"http"}', '{"kind":"http"}', '{}', '{}', '{"subject":null,"text":"x","html":null}', '[]');
      INSERT INTO events (seq, at, kind, capture, data) VALUES (1, '2026-11-21T09:00:00.000Z', 'recorded', 'cap_1', '{}')`);
    for (const [id, bytes] of [[1, body], [2, noise]] as const) old.prepare('INSERT INTO bodies (id, sha256, size, data) VALUES (?, ?, ?, ?)').run(id, sha256Of(bytes), bytes.length, bytes);
    old.exec(`INSERT INTO parts (capture, role, n, body, filename, content_type) VALUES (1, 'request', 0, 1, NULL, ''), (1, 'reply', 0, 2, NULL, ''), (1, 'attachment', 0, 1, 'a', '')`);
    old.close();
    const store = await open();
    const read = async (id: string): Promise<readonly Buffer[]> => [(await store.requestBody(id))!, (await store.replyBody(id))!, (await store.attachment(id, 0))!.content].map((bytes) => Buffer.from(bytes));
    expect((await read('cap_1')).map((bytes, n) => bytes.equals([body, noise, body][n]!))).toEqual([true, true, true]);
    expect((await store.capture('cap_1'))!.request.body).toMatchObject({ size: 200_000, truncated: true, data: letters(65_536).toString() });
    const now = recording({ request: http({ body }), reply: answer({ body: letters(100_000) }),
      decoded: { kind: 'effects', effects: [email({ attachments: [{ filename: 'n', contentType: '', contentId: null, content: noise }] })] } });
    await store.record(now);
    expect((await read(now.draft.id)).map((bytes, n) => bytes.equals([body, letters(100_000), noise][n]!))).toEqual([true, true, true]);
    const beside = new DatabaseSync(path, { readOnly: true });
    expect(beside.prepare('SELECT size, coding FROM bodies ORDER BY id').all().map(({ size, coding }) => [size, coding])).toEqual([[200_000, 'raw'], [3_000, 'raw'], [100_000, 'zstd']]);
    beside.close();
    expect(await store.remove({ ids: ['cap_1'] })).toBe(1);
    expect((await read(now.draft.id))[0]!.equals(body)).toBe(true);
  });

  test('of a newer version is refused', async () => {
    await used();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(open()).rejects.toThrow(/newer Fourthwall/);
  });

  test('that is gone while its log is still there is not made anew', async () => {
    const store = await open();
    await store.record(recording());
    const copy = join(directory, 'copy');
    mkdirSync(copy);
    cpSync(`${path}-wal`, join(copy, 'store.db-wal'));
    directory = copy;
    await expect(open()).rejects.toThrow(/-wal still holds captures/);
    expect(existsSync(join(copy, 'store.db'))).toBe(false);
    directory = join(copy, '..');
  });

  test('in a directory that cannot be written to is refused in one line', async () => {
    writeFileSync(join(directory, 'file'), '');
    await expect(openIn(join(directory, 'file', 'below'))).rejects.toThrow(/cannot make the directory .*file\/below/);
    const readOnly = join(directory, 'read-only');
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o555);
    chmodSync(directory, 0o755);
    // Root may write anywhere, so as root it is tried as somebody else.
    const why = process.getuid!() === 0
      ? spawnSync(process.execPath, [join(import.meta.dirname, 'open-as.ts'), '--path', join(readOnly, 'store.db'), '--uid', '65534'], { encoding: 'utf8' }).stdout
      : String(await openIn(readOnly).catch((error: unknown) => error));
    expect(why).toMatch(/^StoreUnavailable: cannot lock .*read-only\/store\.db: .+$/);
    expect(readdirSync(readOnly)).toEqual([]);
    chmodSync(readOnly, 0o755);
  });

  test('that others could read is closed to them at the next start', async () => {
    await used();
    chmodSync(path, 0o644);
    await open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('left half made by a start that was killed is made anew', async () => {
    writeFileSync(`${path}-new`, 'half');
    const store = await open();
    expect((await store.list({}, 1)).total).toBe(0);
    rmSync(`${path}-new`, { force: true });
  });
});

describe('bounds', () => {
  test('a full queue refuses at once, by number and by bytes, and takes again when it has drained', async () => {
    const store = await open({ limits: { ...defaultLimits, storeDeadline: 20_000, storeQueue: 10 } });
    const settled = await Promise.allSettled(Array.from({ length: 15 }, () => store.record(recording())));
    expect(settled.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 'fulfilled'), ...Array.from({ length: 5 }, () => 'rejected')]);
    expect((settled[14] as PromiseRejectedResult).reason).toBeInstanceOf(StoreUnavailable);
    expect((await store.list({}, 1)).total).toBe(10);
    await store.close('one');

    const small = await open({ limits: { ...defaultLimits, storeDeadline: 20_000, storeQueueBytes: 50_000 } });
    const large = (): Promise<unknown> => small.record(recording({ request: http({ body: Buffer.alloc(20_000) }) }));
    expect((await Promise.allSettled([large(), large(), large()])).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await expect(large()).resolves.toBeDefined();
  });

  test('a write that is not committed in time is refused, and not acknowledged later', async () => {
    const store = await open({ limits: { ...defaultLimits, storeDeadline: 150 } });
    // Somebody else holds the file's write lock: the writer waits for it.
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const inFlight = store.record(recording());
    await expect(inFlight).rejects.toThrow(/did not commit within 150 ms/);
    const queued = recording();
    await expect(store.record(queued)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.healthy()).toBe(false);
    other.exec('ROLLBACK');
    other.close();
    while (!(await store.healthy()));
    await expect(inFlight).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.capture(queued.draft.id)).toBeNull();
  });

  test('bytes that are a slice of a larger buffer are stored alone', async () => {
    const store = await open();
    const pool = Buffer.from('other call|this call|another call');
    const what = recording({ request: http({ body: pool.subarray(11, 20) }) });
    await store.record(what);
    expect(Buffer.from((await store.requestBody(what.draft.id))!).toString()).toBe('this call');
    expect(pool.toString()).toBe('other call|this call|another call');
  });
});
