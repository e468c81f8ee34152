import { afterEach, describe, expect, test } from 'vitest';
import type { Retention } from '../../src/model/retention.ts';
import { StoreFull, type Recording, type Store } from '../../src/model/store.ts';
import { answer, day, email, enrichment, http, recording } from './store-drafts.ts';

/** A store with a retention on storage of its own, and how another gateway would open it. */
export interface RetainingStore {
  readonly store: Store;
  /** the same storage for another gateway at the same time; the same store where there can be no other */
  other(): Promise<Store>;
  dispose(): Promise<void>;
}

export const retaining = (more: Partial<Retention> = {}): Retention => ({ days: 3_650, captures: 1_000_000, bytes: 2 ** 40, quotas: [], ...more });

/** What every Store must do about what is kept no longer. */
export function retentionContract(name: string, open: (options: { readonly retention: Retention | null; readonly now: () => number }) => Promise<RetainingStore>): void {
  describe(`${name} store: retention`, () => {
    let now = day;
    let opened: RetainingStore | null = null;
    afterEach(async () => { await opened?.dispose(); });
    const start = async (retention: Retention | null): Promise<Store> => {
      now = day;
      opened = await open({ retention, now: () => now });
      await opened.store.begin('one');
      return opened.store;
    };
    const keep = async (store: Store, what: Recording = recording()): Promise<string> => {
      await store.record(what);
      return what.draft.id;
    };
    const several = async (store: Store, count: number, make: () => Recording = recording): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1) ids.push(await keep(store, make()));
      return ids;
    };
    const kept = async (store: Store): Promise<readonly string[]> => (await store.list({}, 100)).items.map(({ id }) => id).toReversed();
    const evicted = async (store: Store): Promise<readonly unknown[]> =>
      (await store.events(0, 1_000)).filter(({ kind }) => kind === 'deleted').map(({ capture, data }) => [capture, data['evicted'], data['quota']]);
    const from = (service: string, more: Parameters<typeof recording>[0] = {}): Recording =>
      recording({ origin: { space: null, service, run: null, trace: null, address: '127.0.0.1', via: 'smtp' }, ...more });

    test('what is older than its days goes, by the store\'s clock: row, bytes, words and postings, with an event that says why', async () => {
      const store = await start(retaining({ days: 1 }));
      const old = await keep(store, recording({ at: new Date(day - 1_000).toISOString(), run: 'r', decoded: { kind: 'effects', effects: [email({ subject: 'zebrastripes' })] } }));
      const young = await keep(store, recording({ at: new Date(day + 5_000).toISOString() }));
      now = day + 86_400_000 - 2_000;
      expect(await store.evict(100)).toBe(0);
      now = day + 86_400_000;
      expect(await store.evict(100)).toBe(1);
      expect(await kept(store)).toEqual([young]);
      expect([await store.capture(old), await store.requestBody(old), (await store.list({ q: 'zebrastripes' }, 1)).total, await store.counts({}, 'run')]).toEqual([null, null, 0, []]);
      expect((await store.events(0, 100)).at(-1)).toMatchObject({ kind: 'deleted', capture: old, run: 'r', data: { evicted: 'age', quota: null } });
    });

    test('beyond its number the oldest go, no more than asked for at a time and no more than needed', async () => {
      const store = await start(retaining({ captures: 3 }));
      const ids = await several(store, 5);
      expect(await store.evict(1)).toBe(1);
      expect(await kept(store)).toEqual(ids.slice(1));
      expect(await store.evict(100)).toBe(1);
      expect(await store.evict(100)).toBe(0);
      expect(await kept(store)).toEqual(ids.slice(2));
      expect(await evicted(store)).toEqual([[ids[0], 'captures', null], [ids[1], 'captures', null]]);
    });

    test('beyond its bytes the oldest go, until what is left fits', async () => {
      const store = await start(retaining({ bytes: 70_000 }));
      const ids = await several(store, 4, () => recording({ request: http({ body: Buffer.alloc(30_000, 'x') }) }));
      expect((await store.holding()).bytes).toBeGreaterThan(120_000);
      expect(await store.evict(100)).toBe(2);
      expect(await kept(store)).toEqual(ids.slice(2));
      expect((await store.holding()).bytes).toBeLessThanOrEqual(70_000);
      expect(await evicted(store)).toEqual([[ids[0], 'bytes', null], [ids[1], 'bytes', null]]);
    });

    test('a capture weighs what it holds: its bodies, its reply, what was read of it; and nothing when it is gone', async () => {
      const store = await start(null);
      const bytes = async (): Promise<number> => (await store.holding()).bytes;
      const file = { filename: 'a', contentType: 'application/pdf', contentId: null, content: Buffer.alloc(20_000, 'f') };
      const id = await keep(store, recording({ outcome: 'pending', reply: null, request: http({ body: Buffer.alloc(10_000, 'b') }), decoded: { kind: 'effects', effects: [email({ attachments: [file, file] })] } }));
      const first = await bytes();
      expect(first).toBeGreaterThan(30_000);
      expect(first).toBeLessThan(36_000);
      await store.outcome(id, 'forwarded', answer({ body: Buffer.alloc(5_000, 'r') }));
      const answered = await bytes();
      expect(answered - first).toBeGreaterThanOrEqual(5_000);
      await store.enrich(id, enrichment({ text: 't'.repeat(3_000) }));
      expect(await bytes() - answered).toBeGreaterThan(2_900);
      expect(await store.holding()).toMatchObject({ captures: 1, full: null });
      await store.remove({ ids: [id] });
      expect(await store.holding()).toEqual({ captures: 0, bytes: 0, full: null });
      expect(await store.evict(100)).toBe(0);
    });

    test.each([
      ['service', 'load'], ['space', 'team'], ['run', 'soak'],
    ] as const)('a quota of one %s evicts its own oldest and nobody else\'s', async (kind, called) => {
      const store = await start(retaining({ quotas: [{ kind, name: called, captures: 2, bytes: null }] }));
      const others = await several(store, 2, () => from('shop'));
      const loud = await several(store, 5, () => (kind === 'run' ? from('shop', { run: called })
        : recording({ origin: { space: kind === 'space' ? called : null, service: kind === 'service' ? called : 'shop', run: null, trace: null, address: '127.0.0.1', via: 'smtp' } })));
      expect(await store.evict(100)).toBe(3);
      expect(await kept(store)).toEqual([...others, ...loud.slice(3)]);
      expect(await evicted(store)).toEqual(loud.slice(0, 3).map((id) => [id, 'captures', { [kind]: called }]));
      expect(await store.evict(100)).toBe(0);
    });

    test('a quota holds in bytes too, and what it gives back is not taken from others', async () => {
      const store = await start(retaining({ captures: 4, quotas: [{ kind: 'service', name: 'load', captures: null, bytes: 50_000 }] }));
      const shop = await several(store, 2, () => from('shop'));
      const load = await several(store, 4, () => from('load', { request: http({ body: Buffer.alloc(20_000, 'x') }) }));
      expect(await store.evict(100)).toBe(2);
      expect(await kept(store)).toEqual([...shop, ...load.slice(2)]);
      expect(await evicted(store)).toEqual(load.slice(0, 2).map((id) => [id, 'bytes', { service: 'load' }]));
    });

    const callback = { target: 'shop', object: 'o', event: 'paid', notBeforeMs: day, method: 'POST' as const, headers: [], body: '', contentType: 'text/plain' };
    test.each<[string, () => Recording, (store: Store, id: string) => Promise<unknown>, (store: Store, id: string) => Promise<unknown>, object]>([
      ['is pinned', () => recording(), (store, id) => store.patch(id, { pinned: true }), (store, id) => store.patch(id, { pinned: false }), { pinned: 1 }],
      ['belongs to an open registered run', () => recording({ run: 'ci' }), (store) => store.openRun({ name: 'ci', space: null, claims: [], registered: true }), (store) => store.closeRun('ci'), { runs: [{ name: 'ci', captures: 1 }] }],
      ['has no outcome yet', () => recording({ outcome: 'pending', reply: null }), async () => undefined, (store, id) => store.outcome(id, 'failed', null), { waiting: 1 }],
      ['has callbacks that are still to be sent', () => recording({}, { callbacks: [callback] }), (store) => store.leaseCallbacks({ instance: 'one', limit: 1, forMs: 60_000 }), async (store, id) => {
        const { callbacks } = (await store.capture(id))!;
        return store.settleCallback({ id: callbacks[0]!.id, instance: 'one', attempt: 1, state: 'failed', notBeforeMs: null, url: null, status: null, error: 'no', delivery: null });
      }, { waiting: 1 }],
    ])('never one that %s, by age, number, bytes or quota; when that is over, it goes', async (_what, make, hold, release, heldBack) => {
      const store = await start(retaining({ days: 1, captures: 1, bytes: 1, quotas: [{ kind: 'service', name: 'shop', captures: 1, bytes: 1 }] }));
      const id = await keep(store, make());
      await hold(store, id);
      now = day + 10 * 86_400_000;
      expect(await store.evict(100)).toBe(0);
      expect(await kept(store)).toEqual([id]);
      expect(await store.heldBack()).toEqual({ pinned: 0, runs: [], waiting: 0, ...heldBack });
      await release(store, id);
      expect(await store.evict(100)).toBe(1);
      expect(await kept(store)).toEqual([]);
    });

    test.each([['captures', { captures: 2 }, /4 captures of at most 4/], ['bytes', { bytes: 20_000 }, /\d+ bytes of at most 40000/]] as const)(
      'beyond twice its %s, all of it pinned, new calls are refused with the reason, and nothing else; they are taken again when there is room', async (_what, bound, reason) => {
        const store = await start(retaining(bound));
        const big = (): Recording => recording({ request: http({ body: Buffer.alloc(9_000, 'x') }) });
        const ids: string[] = [];
        for (let n = 0; n < 4; n += 1) {
          ids.push(await keep(store, big()));
          await store.patch(ids[n]!, { pinned: true });
        }
        const refused = await store.record(recording()).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(StoreFull);
        expect(String(refused)).toMatch(reason);
        expect(String(refused)).toMatch(/unpin captures or close runs/);
        expect((await store.holding()).full).toMatch(reason);
        expect(await store.healthy()).toBe(true);
        // what came of earlier calls is still taken
        await store.record(recording({ direction: 'callback', parent: ids[0]! }));
        expect(await store.evict(100)).toBe(1);
        await expect(store.record(recording())).rejects.toBeInstanceOf(StoreFull);
        await store.patch(ids[0]!, { pinned: false });
        expect(await store.evict(100)).toBe(1);
        expect((await store.holding()).full).toBeNull();
        await keep(store);
      });

    test('a burst that is faster than the evictor is not refused: its own oldest make room', async () => {
      const store = await start(retaining({ captures: 2 }));
      const ids = (await Promise.all(Array.from({ length: 12 }, () => { const what = recording(); return store.record(what).then(() => what.draft.id); })));
      expect((await store.holding()).captures).toBeLessThanOrEqual(4);
      await store.evict(100);
      expect(await kept(store)).toEqual(ids.slice(-2));
    });

    const seqs = async (store: Store): Promise<readonly number[]> => (await store.events(0, 1_000)).map(({ seq }) => seq);
    const later = day + 2 * 86_400_000;

    test('of the log, what is older than its days goes, from its beginning and never the newest; what is kept begins where it says, and seq goes on', async () => {
      const store = await start(retaining({ days: 1 }));
      for (let n = 0; n < 25; n += 1) await store.append({ kind: 'tls-rejected', capture: null, run: null, data: { n } });
      now = later;
      const all = await seqs(store);
      expect(await store.oldestEvent()).toMatchObject({ seq: 1 });
      // ten for each capture that may go
      expect(await store.evict(1)).toBe(0);
      expect(await seqs(store)).toEqual(all.slice(10));
      expect(await store.oldestEvent()).toMatchObject({ seq: all[10] });
      await store.append({ kind: 'tls-rejected', capture: null, run: null, data: { young: true } });
      const last = await store.lastSeq();
      expect(await store.evict(100)).toBe(0);
      expect([await seqs(store), await store.lastSeq(), (await store.oldestEvent())?.seq]).toEqual([[last], last, last]);
      now = later + 10 * 86_400_000;
      expect(await store.evict(100)).toBe(0);
      expect(await seqs(store)).toEqual([last]);
      const { seq } = await store.record(recording());
      expect(seq).toBe(last + 1);
      expect(await (await opened!.other()).oldestEvent()).toMatchObject({ seq: last });
    });

    test('a log without a retention is kept, and so is a young one', async () => {
      const store = await start(null);
      await store.append({ kind: 'ca', capture: null, run: null, data: {} });
      now = later;
      const all = await seqs(store);
      expect([await store.evict(100), await seqs(store)]).toEqual([0, all]);
    });

    test('an older event between young ones stays: the log goes from its beginning only', async () => {
      const store = await start(retaining({ days: 1 }));
      now = later;
      await store.append({ kind: 'ca', capture: null, run: null, data: {} });
      now = day;
      await store.append({ kind: 'ca', capture: null, run: null, data: {} });
      now = later;
      await store.append({ kind: 'ca', capture: null, run: null, data: {} });
      const all = await seqs(store);
      await store.evict(100);
      expect(await seqs(store)).toEqual(all.slice(1));
    });

    test.each<[string, (store: Store) => Promise<number>, (store: Store) => Promise<unknown>]>([
      ['a kept capture', async (store) => {
        const what = recording();
        const { seq } = await store.record(what);
        await store.patch(what.draft.id, { pinned: true });
        return seq;
      }, (store) => store.remove({})],
      ['an open registered run', async (store) => (await store.openRun({ name: 'ci', space: null, claims: [], registered: true })).openedSeq, (store) => store.closeRun('ci')],
    ])('never what %s needs: all since it began; when it is over, that goes too', async (_what, hold, release) => {
      const store = await start(retaining({ days: 1 }));
      await store.append({ kind: 'ca', capture: null, run: null, data: {} });
      const began = await hold(store);
      await store.append({ kind: 'ca', capture: null, run: null, data: {} });
      const all = await seqs(store);
      now = later;
      await store.evict(100);
      expect(await seqs(store)).toEqual(all.filter((seq) => seq >= began));
      await release(store);
      await store.evict(100);
      expect((await seqs(store))[0]).toBeGreaterThan(began);
    });

    test('several at once evict no more than one would', async () => {
      const store = await start(retaining({ captures: 20 }));
      const ids = await several(store, 35);
      const second = await opened!.other();
      const all = async (at: Store): Promise<number> => {
        let sum = 0;
        for (let gone = 1; gone > 0; sum += gone) gone = await at.evict(4);
        return sum;
      };
      const counts = await Promise.all([all(store), all(second), all(store), all(second)]);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(15);
      expect(await kept(store)).toEqual(ids.slice(15));
      expect((await evicted(store)).map((event) => (event as string[])[0])).toEqual(ids.slice(0, 15));
    });
  });
}
