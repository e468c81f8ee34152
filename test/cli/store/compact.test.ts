import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Compacted } from '../../../src/model/upkeep.ts';
import { http, recording } from '../../contract/store-drafts.ts';
import { fill, id, readAll } from '../../fixtures/stores/fill.ts';
import { fixture } from '../../store/fixtures.ts';
import { places, type Engine, type Place, type Places } from './engines.ts';

let at: Places;
beforeAll(async () => { at = await places(); });
afterAll(() => at?.close());

async function filled(engine: Engine): Promise<Place> {
  const place = await at.place(engine);
  const store = await place.open();
  await fill(store);
  await store.close('old');
  return place;
}
const path = (place: Place): string => place.store.slice('sqlite:'.length);
const needle = 'zirkonblumenstrauss';
const holds = (place: Place): boolean => ['', '-wal', '-shm'].some((suffix) => existsSync(path(place) + suffix) && readFileSync(path(place) + suffix).includes(needle));
/** Was kept, was indexed, and was deleted by somebody who took no care. */
function carelessly(place: Place): void {
  const database = new DatabaseSync(path(place));
  database.exec(`PRAGMA secure_delete = OFF; UPDATE captures SET note = '${needle} ${'x'.repeat(3_000)}' WHERE id = '${id(1)}'; UPDATE captures SET note = NULL WHERE id = '${id(1)}'`);
  database.exec(`INSERT INTO search (search, rank) VALUES ('secure-delete', 0); INSERT INTO search (rowid, text) VALUES (100000, '${needle}'); DELETE FROM search WHERE rowid = 100000;
    INSERT INTO search (search, rank) VALUES ('secure-delete', 1)`);
  database.close();
}

describe('compact of SQLite', () => {
  test('leaves nothing of what was deleted in any of its files, and everything else', async () => {
    const place = await filled('sqlite');
    const read = async (): Promise<unknown> => { const store = await place.open(); return readAll(store).finally(() => store.close('nobody')); };
    const before = await read();
    carelessly(place);
    expect(holds(place)).toBe(true);
    expect(await place.fourthwall(['compact'])).toMatchObject({ code: 0, out: expect.stringMatching(/^compacted: \d+ bytes before, \d+ after\n$/), err: '' });
    expect(holds(place)).toBe(false);
    expect(existsSync(`${path(place)}-wal`) ? readFileSync(`${path(place)}-wal`).length : 0).toBe(0);
    expect(await read()).toEqual(before);
    expect(await place.fourthwall(['check', '--deep'])).toMatchObject({ code: 0 });
  });

  test('gives back the room of what was deleted', async () => {
    const place = await at.place('sqlite');
    const store = await place.open();
    await store.begin('one');
    for (let n = 0; n < 20; n += 1) await store.record(recording({ protocol: 'http', request: http({ body: randomBytes(100_000) }) }));
    await store.close('one');
    const database = new DatabaseSync(path(place));
    database.exec('DELETE FROM parts; DELETE FROM bodies');
    database.close();
    const { out } = await place.fourthwall(['compact', '--json']);
    const { before, after } = JSON.parse(out) as Compacted;
    expect(after).toBeLessThan(before / 2);
  });

  test('says so where a reader stands in the way, and is refused while a gateway has the store', async () => {
    const place = await filled('sqlite');
    const reader = new DatabaseSync(path(place), { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM captures').get();
    carelessly(place);
    expect(await place.fourthwall(['compact'])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/somebody reads .*still in its files; run this again/) });
    reader.close();
    expect(await place.fourthwall(['compact'])).toMatchObject({ code: 0 });
    expect(holds(place)).toBe(false);
    const store = await place.open();
    expect(await place.fourthwall(['compact'])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/another gateway has the store/) });
    await store.close('nobody');
  });
});

describe('compact of PostgreSQL', () => {
  test('gives back what was deleted, beside living gateways; to the disk only when they are stopped', async () => {
    const place = await filled('postgres');
    const store = await place.open();
    await store.begin('alive');
    for (let n = 0; n < 20; n += 1) await store.record(recording({ request: http({ body: randomBytes(100_000) }) }));
    await store.remove({ service: ['shop'] });
    expect(await place.fourthwall(['compact'])).toMatchObject({ code: 0, out: expect.stringMatching(/^compacted: /), err: '' });
    expect(await place.fourthwall(['compact', '--full'])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/a gateway has this database open \(alive\)/) });
    await store.close('alive');
    const { before, after } = JSON.parse((await place.fourthwall(['compact', '--full', '--json'])).out) as Compacted;
    expect(after).toBeLessThan(before);
    expect(await place.fourthwall(['check', '--deep'])).toMatchObject({ code: 0 });
  });
});

test('migrate says from where to where, and that there is nothing to do', async () => {
  for (const engine of ['sqlite', 'postgres'] as const) {
    const place = await filled(engine);
    expect(await place.fourthwall(['migrate'])).toMatchObject({ code: 0, out: expect.stringMatching(/^nothing to do: it has schema \d+\n$/), err: '' });
  }
  const place = await at.place('sqlite');
  mkdirSync(place.data);
  writeFileSync(path(place), fixture('sqlite-2.db.zst'));
  expect((await place.fourthwall(['migrate', '--dry-run'])).out).toMatch(/^schema 2, would become \d+\n$/);
  expect((await place.fourthwall(['migrate'])).out).toMatch(/^migrated from schema 2 to \d+\n$/);
  expect(await place.fourthwall(['check'])).toMatchObject({ code: 0 });
});
