import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checked } from '../../../src/model/upkeep.ts';
import { recording } from '../../contract/store-drafts.ts';
import { fill, id } from '../../fixtures/stores/fill.ts';
import { engines, places, type Engine, type Place, type Places } from './engines.ts';

let at: Places;
beforeAll(async () => { at = await places(); });
afterAll(() => at?.close());

const originals = new Map<Engine, Promise<Place>>();
/** A store of its own that holds the sample. */
async function filled(engine: Engine): Promise<Place> {
  if (!originals.has(engine)) originals.set(engine, made(engine));
  return at.copy(await originals.get(engine)!);
}
async function made(engine: Engine): Promise<Place> {
  const place = await at.place(engine);
  const store = await place.open();
  await fill(store);
  await store.close('old');
  return place;
}
const path = (place: Place): string => place.store.slice('sqlite:'.length);
/** Statements beside the store, on either database; references are not looked at. */
async function damage(place: Place, ...statements: readonly string[]): Promise<void> {
  if (place.engine === 'sqlite') {
    const database = new DatabaseSync(path(place), { enableForeignKeyConstraints: false });
    database.enableDefensive(false);
    for (const statement of statements) database.exec(statement);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  } else for (const statement of statements) await at.server.query(place.store, `SET search_path = fourthwall; SET session_replication_role = replica; ${statement}`);
}

describe.each(engines)('check of %s', (engine) => {
  test('a good store is good, with a gateway on it too, and nothing is written', async () => {
    const place = await filled(engine);
    const store = await place.open();
    await store.begin('alive');
    const before = await store.lastSeq();
    const { code, out, err } = await place.fourthwall(['check']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^GOOD {2}schema \d+, 9 captures \(the index of 9\), \d+ bodies\n$/);
    expect(await store.lastSeq()).toBe(before);
    await store.record(recording());
    await store.close('alive');
  });

  const bytes = engine === 'sqlite' ? `CAST(X'00ff00' || substr(data, 4) AS BLOB)` : `'\\x00ff00'::bytea || substr(data, 4)`;
  test.each<[string, string, RegExp, readonly string[]]>([
    ['a flipped byte of a body', 'body', /^body [0-9a-f]{12} \(\d+ bytes, raw\)$/, [`UPDATE bodies SET data = ${bytes} WHERE id = (SELECT body FROM parts JOIN captures ON seq = capture WHERE captures.id = '${id(1)}' AND role = 'request')`]],
    ['a flipped byte of a compressed body', 'body', /^body [0-9a-f]{12} \(\d+ bytes, zstd\)$/, [`UPDATE bodies SET data = ${bytes} WHERE coding = 'zstd'`]],
    ['a posting that is missing', 'index', new RegExp(`^capture ${id(2)}$`), [`DELETE FROM postings WHERE capture = (SELECT seq FROM captures WHERE id = '${id(2)}') AND term = (SELECT id FROM terms WHERE name = 'tag' AND value = 'checkout')`]],
    ['a posting too many', 'index', new RegExp(`^capture ${id(4)}$`), [`INSERT INTO postings (term, capture) SELECT t.id, seq FROM terms t, captures c WHERE t.name = 'tag' AND t.value = 'checkout' AND c.id = '${id(4)}'`]],
    ['a wrong holding', 'holding', /^holding service shop$/, [`UPDATE holdings SET bytes = bytes + 1 WHERE kind = 'service' AND name = 'shop'`]],
    ['a holding that is missing', 'holding', /^holding run pr-7$/, [`DELETE FROM holdings WHERE kind = 'run' AND name = 'pr-7'`]],
    ['a cell that counts wrong', 'sum', /^cell of run pr-7, profile \d+$/, [`UPDATE cells SET captures = captures + 1 WHERE run = 'pr-7'`]],
    ['a cell that is missing', 'sum', /^cell of run pr-7, profile \d+$/, [`DELETE FROM cells WHERE run = 'pr-7'`]],
    ['a profile that counts wrong', 'sum', /^profile \d+$/, ['UPDATE profiles SET captures = captures + 1 WHERE id = (SELECT min(id) FROM profiles)']],
    ['a profile that is missing', 'sum', /^profile \d+$/, [`DELETE FROM profiles WHERE id = (SELECT profile FROM captures WHERE id = '${id(2)}')`]],
    ['a profile of other values', 'index', new RegExp(`^capture ${id(4)}$`), [`UPDATE profile_terms SET term = (SELECT id FROM terms WHERE name = 'outcome' AND value = 'captured') WHERE term = (SELECT id FROM terms WHERE name = 'outcome' AND value = 'rejected')`]],
    ['a span that is too short', 'sum', /^span 0$/, [`UPDATE spans SET oldest = newest`]],
    ['a span that is missing', 'sum', /^span 0$/, ['DELETE FROM spans']],
    ...engine === 'sqlite' ? [] : [['words without their block', 'words', new RegExp(`^capture ${id(7)}$`), [`UPDATE search SET lexemes = ts_delete(lexemes, ':0') WHERE capture = (SELECT seq FROM captures WHERE id = '${id(7)}')`]] as [string, string, RegExp, readonly string[]]],
    ['an orphaned body', 'orphan', /^body 5{12}$/, [engine === 'sqlite' ? `INSERT INTO bodies (sha256, size, data) VALUES (X'${'55'.repeat(32)}', 0, X'')` : `INSERT INTO bodies (sha256, size, data) VALUES ('\\x${'55'.repeat(32)}', 0, '')`]],
    ['an orphaned term', 'orphan', /^term \d+$/, [engine === 'sqlite' ? `INSERT INTO terms (name, value) VALUES ('recipient', 'gone@shop.test')` : `INSERT INTO terms (digest, name, value) VALUES ('\\x00', 'recipient', 'gone@shop.test')`]],
    ['a body that is gone', 'reference', new RegExp(`^capture ${id(5)}$`), [`DELETE FROM bodies WHERE coding = 'zstd'`]],
    ['an exchange that is gone', 'capture', /^capture number \d+$/, [`DELETE FROM exchanges WHERE capture = (SELECT seq FROM captures WHERE id = '${id(3)}')`]],
    ['an exchange that is no JSON', 'capture', /^capture number \d+$/, [`UPDATE exchanges SET decision = '{"action":"secr' WHERE capture = (SELECT seq FROM captures WHERE id = '${id(3)}')`]],
    ['words that are gone', 'words', new RegExp(`^capture ${id(7)}$`), [`DELETE FROM search WHERE ${engine === 'sqlite' ? 'rowid' : 'capture'} = (SELECT seq FROM captures WHERE id = '${id(7)}')`]],
    ['a capture that is gone and that nobody deleted', 'event', new RegExp(`^capture ${id(9)}$`), [
      ...['parts', 'postings', 'exchanges', 'recipients'].map((table) => `DELETE FROM ${table} WHERE capture = (SELECT seq FROM captures WHERE id = '${id(9)}')`),
      `DELETE FROM search WHERE ${engine === 'sqlite' ? 'rowid' : 'capture'} = (SELECT seq FROM captures WHERE id = '${id(9)}')`, `DELETE FROM captures WHERE id = '${id(9)}'`]],
    ['a gap in the log', 'event', /^event \d+$/, [`DELETE FROM events WHERE kind = 'outcome'`]],
  ])('finds %s, says on what and what is right, and exits with 1', async (_what, kind, on, statements) => {
    const place = await filled(engine);
    await damage(place, ...statements);
    const { code, out } = await place.fourthwall(['check', '--deep', '--json']);
    const { flaws, looked } = JSON.parse(out) as Checked;
    expect(flaws.find((flaw) => flaw.kind === kind && on.test(flaw.on)), out).toBeDefined();
    expect(flaws.every(({ what, right }) => what !== '' && right !== '')).toBe(true);
    expect(out).not.toMatch(/gone@shop|kettle|secr"/);
    expect(code).toBe(1);
    // and the rest was looked at all the same
    expect(looked.captures).toBeGreaterThanOrEqual(8);
  });
});

test.each(engines)('a log of %s that was cut at its beginning is not damaged; one with a gap in its middle is', async (engine) => {
  const place = await filled(engine);
  await damage(place, 'DELETE FROM events WHERE seq < (SELECT seq FROM captures ORDER BY seq LIMIT 1 OFFSET 4)');
  expect(await place.fourthwall(['check'])).toMatchObject({ code: 0 });
  await damage(place, 'DELETE FROM events WHERE seq = (SELECT min(seq) + 2 FROM events)');
  expect(await place.fourthwall(['check'])).toMatchObject({ code: 1, out: expect.stringMatching(/BAD {3}event: event \d+ is the last one, and some before it are missing/) });
});

test('people read it line by line, with what is right to do', async () => {
  const place = await filled('sqlite');
  await damage(place, `UPDATE holdings SET captures = 1`);
  const { code, out } = await place.fourthwall(['check']);
  expect(code).toBe(1);
  expect(out).toMatch(/^BAD {3}holding: holding all says another number .*What is right: .*\n(?:BAD .*\n)*BAD {3}schema \d+, .*: \d+ flaws\n$/);
});

test('a page of rubbish in the file of SQLite is found, and what can be read is looked at', async () => {
  const place = await filled('sqlite');
  await damage(place);
  const found = new DatabaseSync(path(place), { readOnly: true });
  const { rootpage } = found.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'postings_capture'`).get() as { rootpage: number };
  found.close();
  const file = openSync(path(place), 'r+');
  writeSync(file, randomBytes(4_096), 0, 4_096, (rootpage - 1) * 4_096);
  closeSync(file);
  const { code, out } = await place.fourthwall(['check', '--json']);
  const { flaws, looked } = JSON.parse(out) as Checked;
  expect(code).toBe(1);
  expect(flaws.some(({ kind }) => kind === 'file')).toBe(true);
  expect(looked.bodies).toBeGreaterThan(5);
});

test('words that the index of SQLite has and the text has not are found', async () => {
  const place = await filled('sqlite');
  await damage(place, `UPDATE search_content SET c0 = 'something else' WHERE id = (SELECT seq FROM captures WHERE id = '${id(7)}')`);
  expect(await place.fourthwall(['check'])).toMatchObject({ code: 1, out: expect.stringMatching(/BAD {3}file: the database file .*search/) });
});

test('where there is no store, nor one of ours, or one that is not up to date, it says so and makes none', async () => {
  const empty = await at.place('sqlite');
  expect(await empty.fourthwall(['check'])).toEqual({ code: 2, out: '', err: `fourthwall: there is no store at ${path(empty)}; name it with --store or --data\n` });
  expect(() => readFileSync(path(empty))).toThrow(/ENOENT/);
  for (const command of [['check'], ['compact'], ['migrate'], ['export', '-']]) {
    expect(await (await at.place('postgres')).fourthwall(command), command[0]!).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/there is no store in this database/) });
  }
  const old = await filled('sqlite');
  await damage(old, 'PRAGMA user_version = 3');
  for (const command of [['check'], ['compact'], ['export', '-']]) {
    expect(await old.fourthwall(command), command[0]!).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/written by an older Fourthwall \(schema 3.*fourthwall store migrate/) });
  }
});

test('a password of --store is never said, whatever is wrong with it', async () => {
  const place = await at.place('sqlite');
  const password = ['hunter', '2'].join('');
  for (const store of [`postgres://fw:${password}@127.0.0.1:1/x`, `mysql://fw:${password}@x`]) {
    const { code, out, err } = await place.fourthwall(['check', '--store', store]);
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toContain(password);
  }
});
