import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHostedPages } from '../../../src/actions/hosted/hosted-pages.ts';
import { pageToken } from '../../../src/actions/hosted/page-token.ts';
import type { HostedPages, Hosting } from '../../../src/model/hosted-page.ts';
import type { CallbackDraft, SimulationContext } from '../../../src/model/provider.ts';
import { ObjectConflict, type Scope, type Store } from '../../../src/model/store.ts';
import { draft, openStore } from '../../control/harness.ts';

const key = Buffer.alloc(32, 7);
/** each test has an account of its own */
let scope: Scope = { provider: 'bank', account: '', run: '' };
const callback: CallbackDraft = { target: 'bank', object: 'o1', event: 'paid', notBeforeMs: Date.UTC(2026, 10, 21), method: 'POST', headers: [], body: '{}', contentType: 'application/json' };
const contexts: SimulationContext[] = [];
let goTo: string | null;
let directory: string;
let store: Store;
let capture: string;
let due: number[];

/** One object, 'open' until it is paid; what a payer may do depends on it. */
const bank: Hosting = {
  async show({ kind, id }, context) {
    const order = kind === 'order' ? await context.recall('order', id) : null;
    if (order === null) return null;
    const open = order.value === 'open';
    return { title: `Order ${id}`, amount: null, payer: null, lines: [], choices: open ? ['pay', 'cancel'] : [], status: open ? null : 'It was paid.', back: goTo };
  },
  async choose({ id }, choice, context) {
    contexts.push(context);
    const order = await context.recall('order', id);
    if (order === null) return null;
    if (choice === 'cancel') return { goTo, says: 'Cancelled.' };
    return { remember: [{ kind: 'order', id, expectVersion: order.version, value: 'paid' }, { kind: 'receipt', id: context.id('r_'), expectVersion: 0, value: { from: context.now } }], callbacks: [{ ...callback, object: context.capture }], goTo, says: null };
  },
};

const house = (more: Partial<Store> = {}) => ({
  store: { ...store, ...more }, key, now: () => Date.UTC(2026, 10, 21, 9),
  pages: (of: Scope, made: string) => (kind: string, id: string) => `http://fw.test/pay/${pageToken(key, { scope: of, capture: made, subject: { kind, id } })}`,
  callbacks: { unsent: () => null, queued: (each: CallbackDraft) => ({ ...each, url: 'http://shop.test/hook' }), due: (at: number) => { due.push(at); } },
});
const open = (more: Partial<Store> = {}): HostedPages => openHostedPages(house(more), (name) => name === 'bank' ? { hosted: bank } : name === 'plain' ? {} : null);
const tokenOf = (kind = 'order', id = 'o1', of: Partial<Scope> = {}): string => pageToken(key, { scope: { ...scope, ...of }, capture, subject: { kind, id } });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-pages-'));
  store = await openStore(join(directory, 'store.db'));
  await store.begin('first');
});
beforeEach(async () => {
  const made = draft();
  [capture, scope] = [made.id, { ...scope, account: made.id }];
  await store.record({ draft: made, remember: [{ scope, object: { kind: 'order', id: 'o1', expectVersion: 0, value: 'open' } }], callbacks: [] });
  [goTo, due, contexts.length] = ['https://shop.test/done?a=1', [], 0];
});
afterAll(async () => {
  await store.close('first');
  await rm(directory, { recursive: true, force: true });
});

describe('a page', () => {
  it('shows what its provider remembers for the caller whose call made it, and whose page it is', async () => {
    expect(await open().show(tokenOf())).toMatchObject({ provider: 'bank', title: 'Order o1', choices: ['pay', 'cancel'] });
  });

  it.each<[string, () => string]>([
    ['no token of ours', () => 'x.y'], ['an object that is not there', () => tokenOf('order', 'o2')], ['a kind that is not there', () => tokenOf('thing')], ['another account', () => tokenOf('order', 'o1', { account: 'xyz' })],
    ['a provider without pages', () => tokenOf('order', 'o1', { provider: 'plain' })], ['no provider', () => tokenOf('order', 'o1', { provider: 'gone' })],
  ])('there is none for %s, and nothing happens there', async (_what, token) => {
    expect(await open().show(token())).toBeNull();
    expect(await open().choose(token(), 'pay')).toEqual({ kind: 'unknown' });
    expect(contexts).toEqual([]);
  });
});

it.each<[string, string | null]>([['https://shop.test/done', 'https://shop.test/done'], ['javascript:alert(1)', null], ['shop-app://x', null]])('a page links back to %s only where that is an address of the web', async (url, back) => {
  goTo = url;
  expect((await open().show(tokenOf()))!.back).toBe(back);
});

describe('a choice', () => {
  it('keeps objects and callbacks together, wakes the sender, and is told by an event of the capture', async () => {
    expect(await open().choose(tokenOf(), 'pay')).toMatchObject({ kind: 'chosen', goTo: 'https://shop.test/done?a=1', page: { choices: [], status: 'It was paid.' } });
    expect(await store.recall(scope, 'order', 'o1')).toMatchObject({ value: 'paid' });
    expect((await store.capture(capture))!.callbacks).toMatchObject([{ event: 'paid', state: 'pending' }]);
    expect((await store.events(0, 100)).at(-1)).toMatchObject({ kind: 'changed', capture, data: { payer: { provider: 'bank', kind: 'order', id: 'o1', choice: 'pay' } } });
    expect(due).toEqual([callback.notBeforeMs]);
  });

  it('has identifiers of its own, the time of now, and the run of the call', async () => {
    await store.putObjects([{ scope: { ...scope, run: 'r-1' }, kind: 'order', id: 'o1', value: 'open' }]);
    await open().choose(tokenOf('order', 'o1', { run: 'r-1' }), 'cancel');
    await open().choose(tokenOf(), 'cancel');
    expect(contexts.map(({ run, capture: of, now, liveness, declined }) => [run, of, now, liveness, declined])).toEqual([['r-1', capture, Date.UTC(2026, 10, 21, 9), 'test', null], [null, capture, Date.UTC(2026, 10, 21, 9), 'test', null]]);
    expect(contexts[0]!.id('x_')).not.toBe(contexts[1]!.id('x_'));
    expect(contexts[0]!.page('order', 'o1')).toBe(`http://fw.test/pay/${tokenOf('order', 'o1', { run: 'r-1' })}`);
  });

  it.each([['pay', 'It cannot be paid any more. It was paid.'], ['decline', 'It cannot be declined any more. It was paid.'], ['constructor', 'That is no choice of this page any more. It was paid.']])('%s is refused politely when it is over', async (choice, why) => {
    await open().choose(tokenOf(), 'pay');
    contexts.length = 0;
    expect(await open().choose(tokenOf(), choice)).toMatchObject({ kind: 'refused', why, page: { status: 'It was paid.' } });
    expect(contexts).toEqual([]);
    expect((await store.capture(capture))!.callbacks).toHaveLength(1);
  });

  it('is refused where the page does not offer it', async () => {
    expect(await open().choose(tokenOf(), 'decline')).toMatchObject({ kind: 'refused', why: 'It cannot be declined now.' });
    expect(await open().choose(tokenOf(), '')).toMatchObject({ kind: 'refused', why: 'That is no choice of this page.' });
  });

  it('is made once, however many click at the same time', async () => {
    const pages = open();
    const answers = await Promise.all(Array.from({ length: 5 }, () => pages.choose(tokenOf(), 'pay')));
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['chosen', 'refused', 'refused', 'refused', 'refused']);
    expect((await store.capture(capture))!.callbacks).toHaveLength(1);
  });

  it('is refused when somebody else chose between what the page showed and what it wrote', async () => {
    let others = 0;
    const recall: Store['recall'] = async (...asked) => {
      const read = await store.recall(...asked);
      if (others++ === 0) await store.putObjects([{ scope, kind: 'order', id: 'o1', value: 'paid' }]);
      return read;
    };
    expect(await open({ recall }).choose(tokenOf(), 'pay')).toMatchObject({ kind: 'refused', why: expect.stringContaining('cannot be paid any more') });
    expect((await store.objects(scope, 'receipt', { limit: 9 })).items).toEqual([]);
  });

  it('is made anew when a call changed the object meanwhile, and given up politely after five times', async () => {
    let conflicts = 4;
    const addConsequences: Store['addConsequences'] = (id, more) => conflicts-- > 0 ? Promise.reject(new ObjectConflict('meanwhile')) : store.addConsequences(id, more);
    expect((await open({ addConsequences }).choose(tokenOf(), 'pay')).kind).toBe('chosen');
    await store.putObjects([{ scope, kind: 'order', id: 'o1', value: 'open' }]);
    conflicts = 5;
    expect(await open({ addConsequences }).choose(tokenOf(), 'pay')).toMatchObject({ kind: 'refused', why: expect.stringContaining('Try again') });
    expect(await store.recall(scope, 'order', 'o1')).toMatchObject({ value: 'open' });
  });

  it('works when its capture was deleted: the order outlives it, and its callback still goes out', async () => {
    await store.remove({ ids: [capture] });
    expect(await open().choose(tokenOf(), 'pay')).toMatchObject({ kind: 'chosen', goTo: 'https://shop.test/done?a=1' });
    expect(contexts[0]!.liveness).toBe('unknown');
    expect(await store.recall(scope, 'order', 'o1')).toMatchObject({ value: 'paid' });
    const { leased } = await store.leaseCallbacks({ instance: 'first', limit: 100, forMs: 30_000 });
    expect(leased.filter((each) => each.capture === capture)).toMatchObject([{ event: 'paid', provider: 'bank' }]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'shop-app://done', '/done', 'https://', 'file:///etc/passwd'])('sends nobody to %s: the page says where the payer would be', async (url) => {
    goTo = url;
    const answer = await open().choose(tokenOf(), 'cancel');
    expect(answer).toMatchObject({ kind: 'chosen', goTo: null, says: `The payer would now be sent to ${url}, which is no http or https address and is not opened from here.` });
  });

  it('sends nobody on with what could end a header field', async () => {
    goTo = 'https://shop.test/done?x=1\r\nSet-Cookie: a=b';
    expect(await open().choose(tokenOf(), 'cancel')).toMatchObject({ goTo: 'https://shop.test/done?x=1Set-Cookie:%20a=b' });
    goTo = null;
    expect(await open().choose(tokenOf(), 'cancel')).toMatchObject({ goTo: null, says: 'Cancelled.' });
  });
});
