import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailable, type Store } from '../../src/model/store.ts';
import { guessed, plant, planted } from '../store/planted-persons.ts';
import { storeKey } from '../store/sealed.ts';
import { email, http, recording } from './store-drafts.ts';

type Value = string | number | Uint8Array | null;

/** Storage without a store on it yet, and what can be done beside one. */
export interface Ground {
  /** rejects as a start would */
  open(sealKey: KeyObject | null): Promise<Store>;
  rows(sql: string): Promise<readonly Readonly<Record<string, Value>>[]>;
  /** `where`: SQL */
  alter(table: string, column: string, where: string, value: Value): Promise<void>;
  /** all that lies there, byte for byte, as latin1 */
  dump(): Promise<string>;
  dispose(): Promise<void>;
}

/** What encryption at rest promises, whatever the database. */
export function sealingTests(name: string, ground: () => Promise<Ground>): void {
  describe(`a sealed ${name} store`, () => {
    let on: Ground;
    const stores: Store[] = [];
    const opened = async (key: KeyObject | null): Promise<Store> => {
      const store = await on.open(key);
      stores.push(store);
      return store;
    };
    beforeEach(async () => { on = await ground(); });
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close('one');
      await on.dispose();
    });

    const found = (dump: string): readonly string[] => Object.entries(planted).filter(([, text]) => dump.toLowerCase().includes(text.toLowerCase())).map(([what]) => what);

    test('holds nothing personal in any byte, nor a hash of it that was made without the key', async () => {
      const store = await opened(storeKey());
      await store.begin('one');
      const ids = await plant(store);
      const dump = await on.dump();
      expect(found(dump)).toEqual([]);
      expect(guessed(dump)).toBe(0);
      const told = JSON.stringify([await Promise.all(ids.map((id) => store.capture(id))), await store.events(0, 1_000), await store.runs({ limit: 9 }), await store.allObjects('stripe', 9),
        await store.policy('0'.repeat(64)), ...(await store.leaseCallbacks({ instance: 'one', limit: 9, forMs: 1 })).leased]);
      expect(Object.entries(planted).filter(([, text]) => !told.includes(text)).map(([what]) => what)).toEqual(['file', 'field', 'fieldName']);
      expect(Buffer.from((await store.attachment(ids[1]!, 0))!.content).toString()).toBe(planted.file);
      for (const filter of [{ recipient: [planted.address] }, { recipient: [`*@${planted.domain}`] }, { key: [`order:${planted.order}`] }, { trace: [planted.trace] }, { tag: [planted.tag] },
        { q: `"${planted.text} ${planted.word}"` }, { q: planted.order }]) expect((await store.list(filter, 9)).items.map(({ id }) => id), JSON.stringify(filter)).toEqual([ids[0]]);
      expect((await store.objects({ provider: 'stripe', account: 'acc', run: '' }, 'customer', { limit: 9, where: { email: planted.field } })).items.map(({ id }) => id)).toEqual([planted.object]);
    });

    test('without a key the same search finds all of it, and such hashes', async () => {
      const store = await opened(null);
      await store.begin('one');
      await plant(store);
      const dump = await on.dump();
      expect(found(dump)).toEqual(Object.keys(planted));
      expect(guessed(dump)).toBeGreaterThan(2);
    });

    test('is opened with its own key only; one made without is opened without', async () => {
      await (await opened(storeKey(1))).close('one');
      await expect(on.open(storeKey(2))).rejects.toThrow(/is encrypted with key [0-9a-f]{16} and FOURTHWALL_STORE_KEY is another one \(key [0-9a-f]{16}\): give the key this store was made with; .*export/);
      await expect(on.open(null)).rejects.toThrow(/is encrypted \(key [0-9a-f]{16}\) and FOURTHWALL_STORE_KEY is not set: set it/);
      await expect(on.open(null)).rejects.toBeInstanceOf(StoreUnavailable);
      const again = await opened(storeKey(1));
      expect(await again.healthy()).toBe(true);
      await again.close('one');
      await on.alter('agreed', 'value', `name = 'sealed with'`, 'nothing');
      await expect(on.open(storeKey(1))).rejects.toThrow(/was made without encryption and FOURTHWALL_STORE_KEY is set/);
    });

    describe('where somebody was at the database', () => {
      const texts = async (): Promise<{ readonly store: Store; readonly ids: readonly string[] }> => {
        const store = await opened(storeKey());
        await store.begin('one');
        return { store, ids: await plant(store) };
      };
      const said = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'nothing', (error: unknown) => (error instanceof StoreUnavailable ? error.message : error));
      const flipped = (value: Value): Value => {
        const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(value as Uint8Array);
        bytes[Math.floor(bytes.length * 0.6)]! ^= 1;
        return typeof value === 'string' ? bytes.toString('base64') : bytes;
      };

      test('a value that was changed is refused by name, whatever it is', async () => {
        const { store, ids } = await texts();
        const seqs = await on.rows('SELECT seq FROM captures ORDER BY seq');
        const [mailed, texted, paid] = ids;
        const [callback] = await on.rows(`SELECT id FROM outbox WHERE last_error IS NOT NULL AND state = 'pending'`);
        const whole = (id: string | undefined) => (): Promise<unknown> => store.capture(id!);
        const table: readonly (readonly [table: string, column: string, where: string, ...asks: readonly (() => Promise<unknown>)[]])[] = [
          ['captures', 'summary', `id = '${mailed}'`, whole(mailed), () => store.list({}, 9), () => store.scopeOf(mailed!), () => store.enrich(mailed!, { state: 'done', subject: null, text: null, html: null, attachments: [], codes: [], links: [], findings: [], keys: [] })],
          ['captures', 'note', `id = '${mailed}'`, whole(mailed)], ['captures', 'tags', `id = '${mailed}'`, whole(mailed)], ['captures', 'fingerprint', `id = '${mailed}'`, whole(mailed)],
          ...['request', 'decoded', 'decision', 'content', 'redactions'].map((column) => ['exchanges', column, `capture = ${seqs[0]!['seq']}`, whole(mailed)] as const),
          ['exchanges', 'reply', `capture = ${seqs[1]!['seq']}`, whole(texted)], ['exchanges', 'unsent', `capture = ${seqs[2]!['seq']}`, whole(paid)],
          ['parts', 'content_type', `capture = ${seqs[1]!['seq']} AND role = 'attachment'`, whole(texted), () => store.attachment(texted!, 0)],
          ['parts', 'filename', `capture = ${seqs[1]!['seq']} AND role = 'attachment'`, whole(texted), () => store.attachment(texted!, 0)],
          ['parts', 'content_type', `capture = ${seqs[1]!['seq']} AND role = 'request'`, whole(texted), () => store.requestBody(texted!)],
          ['outbox', 'call', `id = '${callback!['id']}'`, whole(paid), () => store.callback(callback!['id'] as string)],
          ['outbox', 'url', `id = '${callback!['id']}'`, whole(paid)], ['outbox', 'last_error', `id = '${callback!['id']}'`, whole(paid)],
          ['runs', 'claims', `name = 'ci'`, () => store.run('ci'), () => store.runs({ limit: 1 })],
          ['policies', 'text', `kept_at <> ''`, () => store.policy('0'.repeat(64))],
          ['objects', 'value', 'ord = (SELECT min(ord) FROM objects)', () => store.allObjects('stripe', 9), () => store.recall({ provider: 'stripe', account: 'acc', run: '' }, 'customer', planted.object)],
          ['events', 'data', `kind = 'dns-asked'`, () => store.events(0, 1_000)],
        ];
        for (const [of, column, where, ...asks] of table) {
          const [was] = await on.rows(`SELECT ${column} AS value FROM ${of} WHERE ${where}`);
          await on.alter(of, column, where, flipped(was!['value']!));
          for (const ask of asks) expect(await said(ask()), `${of}.${column}`).toMatch(new RegExp(`${of}\\.${column} of .* cannot be opened with the key of this store: it was changed, or belongs elsewhere`));
          await on.alter(of, column, where, 'as it may have been before');
          for (const ask of asks) expect(await said(ask()), `${of}.${column}`).toMatch(new RegExp(`${of}\\.${column} of .* cannot be opened`));
          await on.alter(of, column, where, was!['value']!);
          for (const ask of asks) expect(await said(ask()), `${of}.${column}`).toBe('nothing');
        }
      });

      test('what stands in the place of another is refused by name: of another capture, column, object or body', async () => {
        const store = await opened(storeKey());
        await store.begin('one');
        const file = (n: number) => ({ filename: `${n}.txt`, contentType: 'text/plain', contentId: null, content: Buffer.from(`file ${n}`) });
        const two = [1, 2].map((n) => recording({ request: http({ body: Buffer.from(`body ${n}`) }), decoded: { kind: 'effects', effects: [email({ subject: `Subject ${n}`, text: 'x', attachments: [file(n)] })] } }, {
          remember: [{ scope: { provider: 'stripe', account: '', run: '' }, object: { kind: 'customer', id: `cus_${n}`, expectVersion: 0, value: { n } } }] }));
        for (const each of two) await store.record(each);
        const ids = two.map(({ draft }) => draft.id);
        const seqs = (await on.rows('SELECT seq FROM captures ORDER BY seq')).map(({ seq }) => seq as number);
        const ords = (await on.rows('SELECT ord FROM objects ORDER BY ord')).map(({ ord }) => ord as number);
        const swapped = async (table: string, column: string, wheres: readonly string[], ask: (n: number) => Promise<unknown>, why: RegExp): Promise<void> => {
          const values = await Promise.all(wheres.map(async (where) => (await on.rows(`SELECT ${column} AS value FROM ${table} WHERE ${where}`))[0]!['value']!));
          expect(values[0]).not.toEqual(values[1]);
          for (const [n, where] of wheres.entries()) await on.alter(table, column, where, values[1 - n]!);
          for (const n of [0, 1]) expect(await said(ask(n)), `${table}.${column}`).toMatch(why);
          for (const [n, where] of wheres.entries()) await on.alter(table, column, where, values[n]!);
          for (const n of [0, 1]) expect(await said(ask(n)), `${table}.${column}`).toBe('nothing');
        };
        const whole = (n: number): Promise<unknown> => store.capture(ids[n]!);
        await swapped('captures', 'summary', ids.map((id) => `id = '${id}'`), whole, /captures\.summary of cap_/);
        for (const column of ['request', 'decoded', 'decision']) await swapped('exchanges', column, seqs.map((seq) => `capture = ${seq}`), whole, new RegExp(`exchanges\\.${column} of cap_`));
        for (const role of ['request', 'attachment']) {
          const wheres = seqs.map((seq) => `capture = ${seq} AND role = '${role}'`);
          const ask = (n: number): Promise<unknown> => (role === 'request' ? store.requestBody(ids[n]!) : store.attachment(ids[n]!, 0));
          // The body of another capture under it, as well as what is told of it.
          await swapped('parts', 'body', wheres, ask, /parts\.(content_type|filename) of cap_/);
          await swapped('parts', 'content_type', wheres, ask, /parts\.content_type of cap_/);
        }
        const bodies = await on.rows('SELECT id, size FROM bodies ORDER BY id');
        await swapped('bodies', 'data', bodies.slice(0, 2).map(({ id }) => `id = ${id as number}`), () => Promise.all(ids.flatMap((id) => [store.requestBody(id), store.attachment(id, 0), store.replyBody(id)])), /a kept body is damaged/);
        await swapped('objects', 'value', ords.map((ord) => `ord = ${ord}`), (n) => store.recall({ provider: 'stripe', account: '', run: '' }, 'customer', `cus_${n + 1}`), /objects\.value of stripe/);
        // From one column to another of the same capture.
        const [{ decoded, decision } = {}] = await on.rows(`SELECT decoded, decision FROM exchanges WHERE capture = ${seqs[0]!}`);
        await on.alter('exchanges', 'decision', `capture = ${seqs[0]!}`, decoded!);
        expect(await said(whole(0))).toMatch(/exchanges\.decision of cap_/);
        await on.alter('exchanges', 'decision', `capture = ${seqs[0]!}`, decision!);
        expect(await said(whole(0))).toBe('nothing');
        // What cannot be read can still be deleted.
        await on.alter('captures', 'summary', `id = '${ids[0]!}'`, 'AAAA');
        expect(await store.remove({ ids: [ids[0]!] })).toBe(1);
        expect((await store.list({}, 9)).items.map(({ id }) => id)).toEqual([ids[1]]);
      });
    });
  });
}
