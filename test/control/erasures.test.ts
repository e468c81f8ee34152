import { afterEach, beforeEach, expect, test } from 'vitest';
import { harness, record } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeEach(async () => { at = await harness(); });
afterEach(async () => { await at.close(); });

const post = async (body: object, to = at, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> => {
  const response = await fetch(`${to.url}/api/erasures`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() as Record<string, unknown> };
};
const subjects = [{ kind: 'email', value: 'jane@customer.example' }] as const;

test('a preview shows what would go, an erasure gives a proof, and verify says that nothing is left', async () => {
  const id = await record(at.store, { to: 'jane@customer.example', channel: 'email' });
  await record(at.store, { to: 'mary@customer.example', channel: 'email' });
  expect(await post({ subjects, mode: 'preview' })).toMatchObject({ status: 200, json: { clean: false, captures: [id] } });
  const { status, json } = await post({ subjects, mode: 'erase' });
  expect([status, json['clean'], json['actor']]).toEqual([201, true, 'open']);
  expect(await post({ subjects, mode: 'verify' })).toMatchObject({ status: 200, json: { clean: true } });
  expect(await at.client.erasures()).toEqual({ items: [json], broken: null });
  expect(await (await fetch(`${at.url}/api/erasures/${String(json['id'])}`)).json()).toEqual(json);
  expect((await fetch(`${at.url}/api/erasures/era_nothing`)).status).toBe(404);
  expect((await at.store.list({}, 10)).total).toBe(1);
});

test.each([
  [{ kind: 'email', value: 'jane' }, /one @/], [{ kind: 'phone', value: '+49x' }, /digits/], [{ kind: 'phone', value: '12345' }, /at least 6/], [{ kind: 'customer', value: '42' }, /at least 4/],
])('a subject that would be found in everything, or nowhere, is refused: %o', async (subject, why) => {
  const { status, json } = await post({ subjects: [subject], mode: 'erase' });
  expect([status, json['name']]).toEqual([400, 'subjects/0']);
  expect(json['detail']).toMatch(why);
});

test('while a run is open that has something of it, nothing goes: 409 with the run', async () => {
  await at.client.openRun({ name: 'ci' });
  await record(at.store, { to: 'jane@customer.example', channel: 'email', run: 'ci' });
  expect(await post({ subjects, mode: 'erase' })).toMatchObject({ status: 409, json: { runs: ['ci'] } });
  expect((await at.store.list({}, 10)).total).toBe(1);
});

test('a verdict over a window that lost captures to an erasure is inconclusive, and an erasure of everything is no clearing', async () => {
  await at.client.openRun({ name: 'ci' });
  await record(at.store, { to: 'jane@customer.example', channel: 'email', run: 'ci', standing: 'safe' });
  await record(at.store, { to: 'mary@customer.example', channel: 'email', run: 'ci', standing: 'safe' });
  await at.client.closeRun('ci');
  const asked = { run: 'ci', expect: 'min-captures=1', settle: 0 };
  expect((await at.client.assert(asked)).verdict).toBe('pass');
  await post({ subjects, mode: 'erase' });
  const judged = await at.client.assert(asked);
  expect([judged.verdict, judged.reasons.map(({ expectation }) => expectation)]).toEqual(['inconclusive', ['eviction']]);
  await post({ subjects: [{ kind: 'email', value: 'mary@customer.example' }], mode: 'erase' });
  const all = await at.client.assert({ expect: 'min-captures=0', settle: 0 });
  expect([all.verdict, all.reasons.map(({ expectation }) => expectation)]).toEqual(['inconclusive', ['eviction']]);
});

test('whoever looks for somebody is in the audit, without whom it was', async () => {
  await record(at.store, { to: 'jane@customer.example', channel: 'email' });
  await post({ subjects, mode: 'preview' });
  const audits = await at.store.audits({ limit: 10 });
  expect(audits).toMatchObject([{ actor: 'open', action: 'erasure-look', subject: 'preview', data: { found: { captures: 1 } } }]);
  expect(JSON.stringify(audits)).not.toContain('jane');
});

test('proofs are shown to an admin whose view is masked as they were written', async () => {
  const guarded = await harness({ auth: { kind: 'tokens', tokens: [{ token: 'admin-token', role: 'admin', expires: null }], users: [{ name: 'ann', password: 'correct horse', role: 'reader' }] } });
  const headers = { authorization: 'Bearer admin-token' };
  for (let nth = 0; nth < 5; nth += 1) await post({ subjects: [{ kind: 'email', value: `jane${nth}@customer.example` }, { kind: 'phone', value: `+491705551234${nth}` }], mode: 'erase' }, guarded, headers);
  const shown = await (await fetch(`${guarded.url}/api/erasures`, { headers })).json();
  expect(shown).toEqual(await guarded.store.erasures());
  await guarded.close();
});

test('only an admin may look for somebody or erase', async () => {
  const tokens = ['reader-token', 'admin-token'] as const;
  const guarded = await harness({ auth: { kind: 'tokens', tokens: [{ token: tokens[0], role: 'unmasker', expires: null }, { token: tokens[1], role: 'admin', name: 'ops', expires: null }, { token: 'scoped-token', role: 'admin', services: ['shop'], expires: null }] } });
  const as = (token: string, mode: string): ReturnType<typeof post> => post({ subjects, mode }, guarded, { authorization: `Bearer ${token}` });
  for (const mode of ['preview', 'verify', 'erase']) expect((await as(tokens[0], mode)).status).toBe(403);
  expect((await post({ subjects, mode: 'erase' }, guarded)).status).toBe(401);
  for (const mode of ['preview', 'verify', 'erase']) expect((await as('scoped-token', mode)).status).toBe(403);
  expect((await fetch(`${guarded.url}/api/erasures`, { headers: { authorization: 'Bearer scoped-token' } })).status).toBe(403);
  expect(await as(tokens[1], 'erase')).toMatchObject({ status: 201, json: { actor: 'token ops' } });
  await guarded.close();
});

test('one look at a time', async () => {
  const answers = await Promise.all([post({ subjects, mode: 'verify' }), post({ subjects, mode: 'verify' })]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
});
