import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mostFailures } from '../../src/control/access/failed-sign-ins.ts';
import { guarded, recordFrom, tokenOf } from './access-harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
let now = Date.parse('2026-11-21T10:00:00Z');
beforeAll(async () => {
  at = await guarded({
    now: () => now,
    users: [
      { name: 'ann', password: 'correct horse', role: 'reader', spaces: ['blue'] },
      { name: 'bob', password: 'battery staple', role: 'admin' },
      { name: 'una', password: 'unmasked eyes', role: 'unmasker' },
    ],
  });
});
afterAll(async () => { await at.close(); });
// failures of one test are forgotten before the next
beforeEach(() => { now += 120_000; });

const signIn = (name: string, password: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${at.url}/api/session`, {
  method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ name, password }),
});
const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const get = (path: string, headers: Record<string, string>): Promise<Response> => fetch(`${at.url}${path}`, { headers });
const audit = async (action: string): Promise<readonly { readonly actor: string; readonly subject: string; readonly data: object }[]> =>
  (await (await get(`/api/audit?action=${action}`, { authorization: `Bearer ${tokenOf('admin')}` })).json() as { items: readonly { actor: string; subject: string; data: object }[] }).items;

describe('signing in', () => {
  test('a name and its password become a cookie that no script reads and no other site sends', async () => {
    const answer = await signIn('ann', 'correct horse');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ name: 'ann', role: 'reader', masked: true, spaces: ['blue'], services: [] });
    expect(answer.headers.get('set-cookie')).toMatch(/^fourthwall=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await (await get('/api/me', { cookie: cookieOf(answer) })).json()).toMatchObject({ name: 'ann', spaces: ['blue'] });
    expect((await audit('sign-in'))[0]).toMatchObject({ actor: 'user ann', subject: 'user ann' });
  });

  test('another page cannot sign a browser in: that takes our header', async () => {
    expect((await signIn('ann', 'correct horse', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn('ann', 'correct horse', { origin: at.url, 'x-fourthwall-control': '1' })).status).toBe(200);
  });

  test('it does not tell which of name and password was wrong, nor writes down what was typed as a name', async () => {
    const answers = await Promise.all([signIn('ann', 'wrong'), signIn('nobody', 'correct horse'), signIn('correct horse', 'ann'), signIn('ann', 'battery staple')]);
    const said = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(said[0]).toEqual([401, expect.stringContaining('name or password is wrong')]);
    expect(answers.every((answer) => answer.headers.get('set-cookie') === null)).toBe(true);
    const noted = await audit('sign-in-failed');
    expect(noted.map(({ subject }) => subject).toSorted()).toEqual(['an unknown name', 'an unknown name', 'user ann', 'user ann']);
    expect(JSON.stringify(noted)).not.toMatch(/horse|staple|nobody@/);
  });

  test('after too many failures even the right password waits, by name; and by address for all names', async () => {
    for (let n = 0; n < mostFailures.ofName; n += 1) expect((await signIn('ann', `guess ${n}`)).status).toBe(401);
    const late = await signIn('ann', 'correct horse');
    expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, 60]);
    expect((await signIn('bob', 'battery staple')).status).toBe(200);
    for (let n = mostFailures.ofName; n < mostFailures.ofAddress; n += 1) expect((await signIn(`name ${n}`, 'guess')).status).toBe(401);
    expect((await signIn('bob', 'battery staple')).status).toBe(429);
    now += 60_000;
    expect((await signIn('ann', 'correct horse')).status).toBe(200);
  });

  test('a session ends by signing out, and after 12 hours', async () => {
    const cookie = cookieOf(await signIn('bob', 'battery staple'));
    expect((await get('/api/me', { cookie })).status).toBe(200);
    const out = await fetch(`${at.url}/api/session`, { method: 'DELETE', headers: { cookie, 'x-fourthwall-control': '1' } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([200, 'fourthwall=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict']);
    expect((await get('/api/me', { cookie })).status).toBe(401);
    const other = cookieOf(await signIn('bob', 'battery staple'));
    now += 12 * 3_600_000 - 1;
    expect((await get('/api/me', { cookie: other })).status).toBe(200);
    now += 1;
    expect((await get('/api/me', { cookie: other })).status).toBe(401);
  });

  test('signing out ends a live feed that is open', async () => {
    const cookie = cookieOf(await signIn('bob', 'battery staple'));
    const feed = await get('/api/events', { cookie });
    const reader = feed.body!.getReader();
    await reader.read();
    await fetch(`${at.url}/api/session`, { method: 'DELETE', headers: { cookie, 'x-fourthwall-control': '1' } });
    let ended = false;
    while (!ended) ended = (await reader.read().catch(() => ({ done: true }))).done;
    expect(ended).toBe(true);
  });

  test('the page may be opened to sign in, and holds nothing; the API asks', async () => {
    expect((await get('/', {})).status).toBe(503); // not built here, and no 401
    expect((await get('/captures/cap_1', {})).status).toBe(503);
    expect((await get('/api/captures', {})).status).toBe(401);
    expect((await get('/nothing', {})).status).toBe(401);
  });
});

describe('the audit', () => {
  test('names who read unmasked, what, and before it was answered; a masked reading is not noted', async () => {
    const id = await recordFrom(at.store, 'blue', { channel: 'email', to: 'vera.real@gmail.com', standing: 'real' });
    await recordFrom(at.store, 'blue', { channel: 'email', to: 'qa@example.test' });
    const una = { cookie: cookieOf(await signIn('una', 'unmasked eyes')) };
    const ann = { cookie: cookieOf(await signIn('ann', 'correct horse')) };
    const before = (await audit('read')).length;
    expect(await (await get('/api/captures?space=blue', ann)).text()).not.toContain('vera.real');
    expect((await audit('read')).length).toBe(before);
    expect(await (await get('/api/captures?space=blue', una)).text()).toContain('vera.real@gmail.com');
    expect((await audit('read'))[0]).toMatchObject({ actor: 'user una', subject: 'GET /api/captures', data: { captures: expect.arrayContaining([id]), count: 2 } });
    for (const part of ['', '/raw', '/text']) {
      await (await get(`/api/captures/${id}${part}`, una)).arrayBuffer();
      expect((await audit('read'))[0]).toMatchObject({ actor: 'user una', subject: `GET /api/captures/:id${part}`, data: { captures: [id] } });
    }
  });

  test('names who deleted and released, and nobody who was captured', async () => {
    const id = await recordFrom(at.store, 'blue', { channel: 'email', to: 'vera.real@gmail.com', standing: 'real' });
    const as = (token: string, method: string, path: string, body?: object): Promise<Response> => fetch(`${at.url}${path}`, {
      method, headers: { authorization: `Bearer ${tokenOf(token)}`, ...body === undefined ? {} : { 'content-type': 'application/json' } }, ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
    expect((await as('releaser', 'POST', `/api/captures/${id}/release`, { to: ['qa@example.test'] })).status).toBe(200);
    expect((await as('admin', 'DELETE', '/api/captures?recipient=vera.real@gmail.com')).status).toBe(200);
    expect((await audit('release'))[0]).toMatchObject({ actor: 'token releaser', subject: id, data: { to: ['qa@example.test'] } });
    expect((await audit('delete'))[0]).toMatchObject({ actor: 'token admin', subject: 'captures', data: { filter: { recipient: ['v•••@gmail.com'] } } });
    expect(JSON.stringify(await at.store.audits({ limit: 500 }))).not.toContain('vera.real');
  });

  test('what cannot be noted does not happen', async () => {
    const id = await recordFrom(at.store, 'blue', { to: '+4915112345678', standing: 'real' });
    const { audit: kept } = at.store;
    Object.assign(at.store, { audit: async () => { throw new Error('no room'); } });
    try {
      const head = { authorization: `Bearer ${tokenOf('unmasker')}` };
      expect((await get(`/api/captures/${id}`, head)).status).toBe(500);
      expect((await get(`/api/captures/${id}/raw`, head)).status).toBe(500);
      expect((await fetch(`${at.url}/api/captures/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${tokenOf('admin')}` } })).status).toBe(500);
      expect((await signIn('bob', 'battery staple')).status).toBe(500);
    } finally {
      Object.assign(at.store, { audit: kept });
    }
    expect(await at.store.capture(id)).not.toBeNull();
  });
});
