import { afterAll, beforeAll, expect, it } from 'vitest';
import { guarded, tokenOf } from './access-harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
let now = Date.parse('2026-11-21T10:00:00Z');
beforeAll(async () => { at = await guarded({ now: () => now }); });
afterAll(async () => { await at.close(); });

const ask = async (who: string, path: string, method = 'GET', body?: object): Promise<number> => {
  const response = await fetch(`${at.url}${path}`, { method, headers: { authorization: `Bearer ${tokenOf(who)}`, 'content-type': 'application/json' }, ...body === undefined ? {} : { body: JSON.stringify(body) } });
  await response.body?.cancel();
  return response.status;
};
const numbers = (from: number): readonly string[] => Array.from({ length: 100 }, (_, n) => `+49151123${45_000 + from * 100 + n}`);
const filter = (from: number): string => `/api/captures?run=ci-1&${numbers(from).map((number) => `recipient=${encodeURIComponent(number)}`).join('&')}`;

it('a masked caller cannot try one number after another, by filters, words, claims or failure rules', async () => {
  expect(await ask('ci', '/api/runs', 'POST', { name: 'ci-1' })).toBe(201);
  for (let from = 0; from < 10; from += 1) expect(await ask('ci', filter(from))).toBe(200);
  expect(await ask('ci', filter(10))).toBe(429);
  expect(await ask('ci', '/api/captures?run=ci-1&q=%2B49%20151%2099999999')).toBe(429);
  expect(await ask('ci', '/api/runs', 'POST', { name: 'ci-2', claims: [{ recipient: '+4915199999999' }] })).toBe(429);
  expect(await ask('ci', '/api/runs/ci-1/failures', 'PUT', { failures: [JSON.parse('{ "id": "x", "when": { "recipients": { "some": "+4915199999999" } }, "then": { "error": 500 } }')] })).toBe(429);
  // asked before, and nobody's
  expect(await ask('ci', filter(0))).toBe(200);
  expect(await ask('ci', '/api/captures?run=ci-1&recipient=ann@example.test&recipient=*@gmail.com')).toBe(200);
  // others go on, and so does he an hour later
  expect(await ask('reader', filter(11))).toBe(200);
  for (let from = 0; from < 12; from += 1) expect(await ask('unmasker', filter(from))).toBe(200);
  now += 3_600_000;
  expect(await ask('ci', filter(10))).toBe(200);
});

it('nor can a masked admin, by looking for people as if to erase them', async () => {
  const look = (value: string): Promise<number> => ask('admin', '/api/erasures', 'POST', { mode: 'preview', subjects: [{ kind: 'phone', value }] });
  expect(await look('+4915177777777')).toBe(200);
  for (let from = 0; from < 10; from += 1) await ask('admin', filter(from));
  expect(await look('+4915188888888')).toBe(429);
  expect(await look('+4915177777777')).toBe(200);
});
