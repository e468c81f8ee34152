import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checked } from '../../../src/model/upkeep.ts';
import { fill, id, readAll, start } from '../../fixtures/stores/fill.ts';
import { comparable } from './comparable.ts';
import { engines, places, type Engine, type Place, type Places, type With } from './engines.ts';

const storeKey = randomBytes(32).toString('hex');
const scope = { provider: 'stripe', account: 'a1b2c3d4e5f6', run: '' };
let at: Places;
beforeAll(async () => { at = await places(); });
afterAll(() => at?.close());

async function filled(engine: Engine, more: With = {}): Promise<Place> {
  const place = await at.place(engine, more);
  let now = start;
  const store = await place.open(() => { now += 1; return now; });
  await fill(store);
  // one that is deleted in a run hides that of none there
  await store.addConsequences(id(2), { remember: [{ scope: { ...scope, run: 'pr-7' }, object: { kind: 'payment_intent', id: 'pi_1', expectVersion: 1, value: null } }], callbacks: [] });
  await store.close('old');
  return place;
}
async function read(place: Place): Promise<unknown> {
  const store = await place.open();
  try {
    const found = { index: await store.objects(scope, 'payment_intent', { where: { customer: 'cus_1' }, limit: 10 }), hidden: await store.recall({ ...scope, run: 'pr-7' }, 'payment_intent', 'pi_1') };
    return comparable({ ...await readAll(store), found2: found });
  } finally {
    await store.close('nobody');
  }
}
let files = 0;
async function moved(from: Place, to: Place): Promise<string> {
  files += 1;
  const file = join(at.directory, `sealed-${files}.jsonl`);
  expect(await from.fourthwall(['export', file])).toMatchObject({ code: 0 });
  expect(await to.fourthwall(['import', file])).toMatchObject({ code: 0, err: '' });
  return file;
}

describe.each(engines)('from %s', (engine) => {
  const other: Engine = engine === 'sqlite' ? 'postgres' : 'sqlite';

  test('in the clear, to an encrypted store of the other database, to one of another key, and back: everything is the same', async () => {
    const from = await filled(engine);
    const [sealed, otherKey, back] = [await at.place(other, { storeKey }), await at.place(engine, { storeKey: randomBytes(32).toString('hex') }), await at.place(engine)];
    await moved(from, sealed);
    await moved(sealed, otherKey);
    const last = await moved(otherKey, back);
    const original = await read(from);
    expect(await read(sealed)).toEqual(original);
    expect(await read(otherKey)).toEqual(original);
    expect(await read(back)).toEqual(original);
    for (const place of [sealed, otherKey, back]) expect(await place.fourthwall(['check', '--deep'])).toMatchObject({ code: 0, err: '' });
    // what it says is in the clear, and that it is, is said
    expect(readFileSync(last, 'utf8')).toContain('ann@shop.test');
    expect(await sealed.fourthwall(['export', join(at.directory, `said-${engine}.jsonl`)])).toMatchObject({ code: 0, err: expect.stringMatching(/not encrypted/) });
    expect((await from.fourthwall(['export', join(at.directory, `unsaid-${engine}.jsonl`)])).err).toBe('');
  });

  test('an encrypted store is neither looked into, exported nor added to without its key; it can be compacted', async () => {
    const place = await filled(engine, { storeKey });
    const { FOURTHWALL_STORE_KEY: _key, ...without } = place.env;
    const file = join(at.directory, `none-${engine}.jsonl`);
    const good = join(at.directory, `good-${engine}.jsonl`);
    expect(await place.fourthwall(['export', good])).toMatchObject({ code: 0 });
    for (const [env, why] of [[without, /is encrypted .* FOURTHWALL_STORE_KEY is not set/], [{ ...place.env, FOURTHWALL_STORE_KEY: 'ab'.repeat(32) }, /FOURTHWALL_STORE_KEY is another one/]] as const) {
      for (const command of [['check'], ['export', file], ['import', good]]) {
        expect(await place.fourthwall(command, { env }), command[0]!).toEqual({ code: 2, out: '', err: expect.stringMatching(why) });
      }
      expect(await place.fourthwall(['compact'], { env })).toMatchObject({ code: 0 });
    }
    const plain = await at.place(engine);
    expect(await plain.fourthwall(['import', good], { env: plain.env })).toMatchObject({ code: 0 });
    expect(await plain.fourthwall(['check'], { env: { ...plain.env, FOURTHWALL_STORE_KEY: storeKey } })).toMatchObject({ code: 2, err: expect.stringMatching(/made without encryption/) });
  });

  test('nothing that is personal stands in a store that took it in encrypted', async () => {
    const [from, sealed] = [await filled(engine), await at.place('sqlite', { storeKey })];
    await moved(from, sealed);
    const bytes = Buffer.concat(['', '-wal'].map((suffix) => { try { return readFileSync(`${sealed.store.slice('sqlite:'.length)}${suffix}`); } catch { return Buffer.alloc(0); } })).toString('latin1');
    for (const word of ['ann@shop.test', 'kettle', '4366012345678', 'checkout', 'look at this', 'cus_1', '+r7@']) expect(bytes, word).not.toContain(word);
  });
});

test('a sealed text that was altered, and a sealed body under another capture, are found', async () => {
  const place = await filled('sqlite', { storeKey });
  const database = new DatabaseSync(place.store.slice('sqlite:'.length), { enableForeignKeyConstraints: false });
  database.exec(`UPDATE captures SET summary = (SELECT summary FROM captures WHERE id = '${id(4)}') WHERE id = '${id(3)}'`);
  database.exec(`UPDATE parts SET body = (SELECT body FROM parts JOIN captures ON seq = capture WHERE id = '${id(5)}' AND role = 'request') WHERE role = 'request' AND capture = (SELECT seq FROM captures WHERE id = '${id(2)}')`);
  database.close();
  const { code, out } = await place.fourthwall(['check', '--json']);
  expect(code).toBe(1);
  expect((JSON.parse(out) as Checked).flaws.filter(({ kind }) => kind === 'capture').map(({ what }) => what)).toEqual([
    expect.stringMatching(/parts\.(filename|content_type) of .* cannot be opened/), expect.stringMatching(/captures\.summary of .* cannot be opened/)]);
});
