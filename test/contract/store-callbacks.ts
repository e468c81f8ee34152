import { describe, expect, test } from 'vitest';
import type { CallbackResult, OutboxCallback, QueuedCallback } from '../../src/model/callback.ts';
import { ObjectConflict, type Recording, type Store } from '../../src/model/store.ts';
import { answer, day, http, recording } from './store-drafts.ts';

interface At {
  readonly store: () => Store;
  readonly now: (ms: number) => void;
  /** as after a crash: the same storage, opened anew; nobody has begun on it */
  readonly crash: () => Promise<void>;
}

const lease = { instance: 'one', limit: 10, forMs: 30_000 } as const;

function queued(more: Partial<QueuedCallback> = {}): QueuedCallback {
  return { target: 'shop', object: 'pi_1', event: 'paid', notBeforeMs: day, method: 'POST', headers: [['User-Agent', 'vendor']], body: '{"a":1}', contentType: 'application/json', ...more };
}

function result({ id, attempt }: OutboxCallback, more: Partial<CallbackResult> = {}): CallbackResult {
  return { id, attempt, instance: 'one', state: 'delivered', notBeforeMs: null, url: 'http://shop.test/hook', status: 200, error: null, delivery: null, ...more };
}

/** The outbox, as every Store must keep it. */
export function callbackTests({ store, now, crash }: At): void {
  describe('callbacks', () => {
    const keep = async (callbacks: readonly QueuedCallback[], more: Partial<Recording['draft']> = {}): Promise<string> => {
      const what = recording({ provider: 'stripe', ...more }, { callbacks });
      await store().record(what);
      return what.draft.id;
    };
    const leased = async (more: { readonly instance?: string; readonly limit?: number } = {}): Promise<readonly OutboxCallback[]> => (await store().leaseCallbacks({ ...lease, ...more })).leased;

    test('are queued with their capture, in the order they were drafted', async () => {
      const id = await keep([queued({ notBeforeMs: day + 5_000, url: 'http://shop.test/hook' }), queued({ skipped: 'nobody takes it' })]);
      const first = {
        id: expect.any(String), target: 'shop', url: 'http://shop.test/hook', event: 'paid', state: 'pending', attempt: 0, notBefore: '2026-11-21T10:00:05.000Z',
        lastStatus: null, lastError: null, delivery: null,
      };
      expect((await store().capture(id))!.callbacks).toEqual([first, { ...first, url: null, state: 'skipped', notBefore: '2026-11-21T10:00:00.000Z', lastError: 'nobody takes it' }]);
      expect(await store().callbackCounts()).toEqual([{ state: 'pending', count: 1 }, { state: 'skipped', count: 1 }]);
    });

    test('that nobody configured are shown with their capture, and are not in the outbox', async () => {
      const what = recording({ provider: 'stripe' }, { callbacks: [queued()], unsent: [{ target: 'stripe', event: 'paid', notBeforeMs: day, why: `no webhook ${'x'.repeat(1_000)}` }] });
      await store().record(what);
      const [shown, kept, ...more] = (await store().capture(what.draft.id))!.callbacks;
      expect(shown).toEqual({
        id: expect.stringMatching(/^cbk_.*-u0$/), target: 'stripe', url: null, event: 'paid', state: 'skipped', attempt: 0, notBefore: '2026-11-21T10:00:00.000Z',
        lastStatus: null, lastError: `no webhook ${'x'.repeat(489)}`, delivery: null,
      });
      expect([kept!.state, more]).toEqual(['pending', []]);
      expect(await store().callback(shown!.id)).toBeNull();
      expect(await store().resendCallback(shown!.id, 'http://shop.test/x')).toBeNull();
      expect(await store().callbackCounts()).toEqual([{ state: 'pending', count: 1 }]);
    });

    test('are leased when they are due, whole, and to one holder only', async () => {
      const id = await keep([queued({ notBeforeMs: day + 5_000, cut: true })]);
      expect(await store().leaseCallbacks(lease)).toEqual({ leased: [], next: '2026-11-21T10:00:05.000Z' });
      now(day + 5_000);
      const given = await store().leaseCallbacks(lease);
      expect(given).toEqual({
        leased: [{ ...queued({ notBeforeMs: day + 5_000, cut: true }), id: expect.any(String), capture: id, provider: 'stripe', state: 'leased', attempt: 1 }],
        next: '2026-11-21T10:00:35.000Z',
      });
      expect(await leased({ instance: 'two' })).toEqual([]);
      expect(await store().callback(given.leased[0]!.id)).toEqual(given.leased[0]);
      expect(await store().callback('cbk_nobody')).toBeNull();
    });

    test('are leased to one holder even when several ask at once', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, n) => keep([queued({ object: `pi_${n}` })])));
      const given = (await Promise.all(['one', 'two', 'three', 'four'].map((instance) => leased({ instance, limit: 8 })))).flat();
      expect(given).toHaveLength(20);
      expect(new Set(given.map(({ id }) => id)).size).toBe(20);
    });

    test('no more are leased than asked for, the longest due first', async () => {
      await keep([queued({ object: 'b', notBeforeMs: day - 1 }), queued({ object: 'a', notBeforeMs: day - 2 }), queued({ object: 'c' })]);
      expect((await leased({ limit: 2 })).map(({ object }) => object)).toEqual(['a', 'b']);
      expect((await leased({ limit: 2 })).map(({ object }) => object)).toEqual(['c']);
    });

    test('of one object go out one after the other, also over captures, whatever their times', async () => {
      const sent = queued({ event: 'sent', notBeforeMs: day });
      await keep([sent, queued({ event: 'delivered', notBeforeMs: day - 5_000 })]);
      await keep([queued({ event: 'refunded' }), queued({ event: 'other object', object: 'pi_2' }), queued({ event: 'other target', target: 'http://shop.test/else' })]);
      await keep([queued({ event: 'other provider' })], { provider: 'adyen' });
      const first = await leased();
      expect(first.map(({ event }) => event).toSorted()).toEqual(['other object', 'other provider', 'other target', 'sent']);
      expect(await leased()).toEqual([]);
      const [head] = first.filter(({ event }) => event === 'sent');
      // tried again later: those behind it wait
      await store().settleCallback(result(head!, { state: 'pending', notBeforeMs: day + 1_000, status: 503, error: 'it answered 503' }));
      expect(await leased()).toEqual([]);
      now(day + 1_000);
      const [again] = await leased();
      expect(again).toMatchObject({ event: 'sent', attempt: 2 });
      // given up: the next may go
      await store().settleCallback(result(again!, { state: 'failed', status: null, error: 'refused' }));
      const [next] = await leased();
      expect(next).toMatchObject({ event: 'delivered', attempt: 1 });
      await store().settleCallback(result(next!));
      expect((await leased()).map(({ event }) => event)).toEqual(['refunded']);
    });

    test('a lease that ran out is given again, and its first holder settles nothing any more', async () => {
      await keep([queued()]);
      const [held] = await leased();
      now(day + 29_999);
      expect(await leased({ instance: 'two' })).toEqual([]);
      now(day + 30_000);
      const [again] = await leased({ instance: 'two' });
      expect(again).toMatchObject({ id: held!.id, attempt: 2 });
      expect(await store().settleCallback(result(held!))).toBe(false);
      expect((await store().callback(held!.id))!.state).toBe('leased');
      expect(await store().settleCallback(result(again!, { instance: 'two' }))).toBe(true);
      expect((await store().callback(held!.id))!.state).toBe('delivered');
      // and the same instance's own earlier attempt neither
      expect(await store().settleCallback(result(again!, { instance: 'two', state: 'failed' }))).toBe(false);
    });

    test('an instance that leased it again does not settle it with what came of its first attempt', async () => {
      await keep([queued()]);
      const [first] = await leased();
      now(day + 30_000);
      const [second] = await leased();
      expect(await store().settleCallback(result(first!, { state: 'failed' }))).toBe(false);
      expect(await store().settleCallback(result(second!))).toBe(true);
    });

    test('what a dead instance held is given again as soon as another begins', async () => {
      await keep([queued()]);
      expect(await leased()).toHaveLength(1);
      await crash();
      expect(await leased({ instance: 'two' })).toEqual([]);
      await store().begin('two');
      expect(await leased({ instance: 'two' })).toMatchObject([{ attempt: 2 }]);
    });

    test('what came of an attempt is told, with a bounded sentence, and as an event of its capture', async () => {
      const id = await keep([queued()]);
      const [held] = await leased();
      await store().settleCallback(result(held!, { state: 'pending', notBeforeMs: day + 1_000, status: 500, error: 'x'.repeat(5_000), delivery: 'cap_1' }));
      expect((await store().capture(id))!.callbacks).toEqual([{
        id: held!.id, target: 'shop', url: 'http://shop.test/hook', event: 'paid', state: 'pending', attempt: 1, notBefore: '2026-11-21T10:00:01.000Z',
        lastStatus: 500, lastError: 'x'.repeat(500), delivery: 'cap_1',
      }]);
      expect((await store().events(0, 100)).at(-1)).toMatchObject({ kind: 'changed', capture: id, data: { fields: ['callbacks'] } });
    });

    test('an attempt and its own capture are one commit', async () => {
      const id = await keep([queued()]);
      const [held] = await leased();
      const delivery = recording({ protocol: 'http', direction: 'callback', parent: id, request: http(), reply: answer() });
      const settles = result(held!, { delivery: delivery.draft.id });
      await store().record({ ...delivery, settles });
      expect((await store().capture(id))!.callbacks).toMatchObject([{ state: 'delivered', delivery: delivery.draft.id }]);
      expect(await store().capture(delivery.draft.id)).toMatchObject({ direction: 'callback', parent: id });
      await expect(store().record({ ...delivery, settles: { ...settles, state: 'failed' } })).rejects.toThrow();
      expect((await store().callback(held!.id))!.state).toBe('delivered');
    });

    test("the newest capture by the name 'latest' is the newest call of an application, not a delivery", async () => {
      const id = await keep([queued()]);
      await store().record(recording({ protocol: 'http', direction: 'callback', parent: id, request: http(), reply: answer() }));
      expect((await store().capture('latest'))!.id).toBe(id);
    });

    test('can be sent again by hand, whatever came of them, unless they are being sent', async () => {
      const id = await keep([queued(), queued({ skipped: 'nobody', object: 'pi_2' })]);
      const [delivered, skipped] = (await store().capture(id))!.callbacks;
      const [held] = await leased();
      expect(await store().resendCallback(held!.id, 'http://shop.test/x')).toBeNull();
      await store().settleCallback(result(held!));
      now(day + 60_000);
      expect(await store().resendCallback(delivered!.id, 'http://shop.test/x')).toMatchObject({ id: delivered!.id, state: 'pending', attempt: 0, url: 'http://shop.test/x', notBefore: '2026-11-21T10:01:00.000Z' });
      expect(await store().resendCallback(skipped!.id, 'http://shop.test/x')).toMatchObject({ state: 'pending' });
      expect(await store().resendCallback('cbk_nobody', 'http://shop.test/x')).toBeNull();
      expect((await leased()).map((callback) => callback.attempt)).toEqual([1, 1]);
    });

    test('go with their capture', async () => {
      const id = await keep([queued()]);
      const [held] = await leased();
      await store().remove({ ids: [id] });
      expect(await store().callback(held!.id)).toBeNull();
      expect(await store().settleCallback(result(held!))).toBe(false);
      expect(await store().callbackCounts()).toEqual([]);
    });

    test('what happens later is added to a capture: objects and callbacks together, behind those of before', async () => {
      const scope = { provider: 'stripe', account: 'abc', run: '' };
      const id = await keep([queued({ event: 'paid' })], { account: 'abc' });
      const objects = [{ scope, object: { kind: 'dispute', id: 'dp_1', expectVersion: 0, value: { amount: 1 } } }];
      const added = (await store().addConsequences(id, { remember: objects, callbacks: [queued({ event: 'disputed', notBeforeMs: day - 1_000 })] }))!;
      expect(added).toMatchObject([{ event: 'disputed', state: 'pending' }]);
      expect((await store().capture(id))!.callbacks.map(({ event }) => event)).toEqual(['paid', 'disputed']);
      expect(new Set((await store().capture(id))!.callbacks.map((callback) => callback.id)).size).toBe(2);
      expect(await store().recall(scope, 'dispute', 'dp_1')).toMatchObject({ version: 1 });
      expect((await leased()).map(({ event }) => event)).toEqual(['paid']);
      await expect(store().addConsequences(id, { remember: objects, callbacks: [queued({ event: 'twice' })] })).rejects.toBeInstanceOf(ObjectConflict);
      expect((await store().capture(id))!.callbacks).toHaveLength(2);
      expect(await store().addConsequences('cap_nobody', { remember: [], callbacks: [queued()] })).toBeNull();
    });

    test("a payer's choice is told by its event, and kept even where the capture is gone: then its callbacks go with their last attempt", async () => {
      const scope = { provider: 'stripe', account: 'abc', run: '' };
      const chosen = { provider: 'stripe', kind: 'session', id: 'cs_1', choice: 'pay' } as const;
      const paid = (expectVersion: number) => [{ scope, object: { kind: 'session', id: 'cs_1', expectVersion, value: { paid: expectVersion } } }];
      const id = await keep([queued({ event: 'made' })], { account: 'abc' });
      expect(await store().addConsequences(id, { remember: paid(0), callbacks: [queued({ event: 'paid' })], chosen })).toMatchObject([{ event: 'paid', state: 'pending' }]);
      expect((await store().events(0, 100)).at(-1)).toMatchObject({ kind: 'changed', capture: id, data: { fields: ['callbacks'], payer: chosen } });
      await store().remove({ ids: [id] });

      await expect(store().addConsequences(id, { remember: paid(0), callbacks: [queued()], chosen })).rejects.toBeInstanceOf(ObjectConflict);
      const added = (await store().addConsequences(id, { remember: paid(1), callbacks: [queued({ event: 'again' }), queued({ event: 'nowhere', skipped: 'nobody' })], chosen }))!;
      expect(added).toMatchObject([{ event: 'again', state: 'pending' }, { event: 'nowhere', state: 'skipped' }]);
      expect((await store().events(0, 100)).at(-1)).toMatchObject({ kind: 'changed', capture: null, data: { payer: chosen } });
      expect(await store().recall(scope, 'session', 'cs_1')).toMatchObject({ version: 2 });
      expect(await store().capture(id)).toBeNull();
      expect(await store().callback(added[1]!.id)).toBeNull();

      const [held] = await leased();
      expect(held).toMatchObject({ id: added[0]!.id, capture: id, provider: 'stripe', event: 'again' });
      expect(await store().settleCallback(result(held!, { state: 'pending', notBeforeMs: day + 1_000 }))).toBe(true);
      expect(await store().callback(held!.id)).toMatchObject({ state: 'pending' });
      now(day + 2_000);
      const [again] = await leased();
      expect(await store().settleCallback(result(again!))).toBe(true);
      expect(await store().callback(held!.id)).toBeNull();
      // names of their own, whatever a capture of that id had before
      const next = (await store().addConsequences(id, { remember: [], callbacks: [queued()], chosen }))!;
      expect(next[0]!.id).not.toBe(added[0]!.id);
    });

    test('the scope of a capture is that of its simulation', async () => {
      expect(await store().scopeOf(await keep([], { account: 'abc', run: 'r1' }))).toEqual({ provider: 'stripe', account: 'abc', run: 'r1' });
      expect(await store().scopeOf(await keep([]))).toEqual({ provider: 'stripe', account: '', run: '' });
      expect(await store().scopeOf('cap_nobody')).toBeNull();
    });
  });
}
