import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freeRoutes, routeRules } from '../../src/control/access/route-rules.ts';
import { guarded, recordFrom, roles, tokenOf } from './access-harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
let id = '';
beforeAll(async () => {
  at = await guarded({ users: [] });
  await at.store.openRun({ name: 'ci-1', space: null, claims: [], registered: true });
  id = await recordFrom(at.store, null, { run: 'ci-1', channel: 'email', to: 'ann.real@gmail.com', standing: 'real' });
});
afterAll(async () => { await at.close(); });

const ask = async (who: string, method: string, path: string, body?: object): Promise<Response> => {
  const response = await fetch(`${at.url}${path}`, {
    method, redirect: 'manual', headers: { authorization: `Bearer ${tokenOf(who)}`, ...body === undefined ? {} : { 'content-type': 'application/json' } },
    ...body === undefined ? {} : { body: JSON.stringify(body) }, signal: AbortSignal.timeout(10_000),
  });
  return response;
};

const draft = 'version: 1\ndefault: reject\nrules: []\n';
const all = 'reader unmasker releaser admin ci';
const people = 'reader unmasker releaser admin';
/** route, as it is asked, who may, what it is sent */
const table: readonly (readonly [route: string, path: string, allowed: string, body?: object])[] = [
  ['GET /api/captures', '/api/captures?run=ci-1', all],
  ['GET /api/counts', '/api/counts?by=channel&run=ci-1', all],
  ['GET /api/captures/wait', '/api/captures/wait?timeout=0&run=ci-1', all],
  ['GET /api/captures/quiet', '/api/captures/quiet?for=0&run=ci-1', all],
  ['GET /api/captures/:id', '/api/captures/ID', all],
  ['GET /api/captures/:id/text', '/api/captures/ID/text', people],
  ['GET /api/captures/:id/html', '/api/captures/ID/html', people],
  ['GET /api/captures/:id/raw', '/api/captures/ID/raw', 'unmasker admin'],
  ['GET /api/captures/:id/attachments/:n', '/api/captures/ID/attachments/0', 'unmasker admin'],
  ['PATCH /api/captures/:id', '/api/captures/ID', 'releaser admin', { seen: true }],
  ['POST /api/captures/:id/release', '/api/captures/ID/release', 'releaser admin', { to: ['qa@example.test'] }],
  ['POST /api/captures/:id/simulate', '/api/captures/ID/simulate', 'releaser admin', { event: 'bounced' }],
  ['POST /api/callbacks/:id/resend', '/api/callbacks/x/resend', 'releaser admin'],
  ['GET /api/journeys/:key', '/api/journeys/order:1', people],
  ['GET /api/persons/:id', '/api/persons/per_1', people],
  ['GET /api/events', '/api/events', people],
  ['GET /api/runs', '/api/runs', all],
  ['POST /api/runs', '/api/runs', 'admin ci', { name: 'ci-1' }],
  ['GET /api/runs/:name', '/api/runs/ci-1', all],
  ['GET /api/runs/:name/report', '/api/runs/ci-1/report?settle=0', all],
  ['GET /api/runs/:name/failures', '/api/runs/ci-1/failures', all],
  ['PUT /api/runs/:name/failures', '/api/runs/ci-1/failures', 'admin ci', { failures: [] }],
  ['GET /api/assert', '/api/assert?settle=0&run=ci-1', all],
  ['GET /api/connection', '/api/connection', all],
  ['GET /api/policy', '/api/policy', all],
  ['GET /api/policies/:sha256', `/api/policies/${'a'.repeat(64)}`, all],
  ['POST /api/policy/check', '/api/policy/check', people, { text: draft }],
  ['POST /api/policy/explain', '/api/policy/explain', people, { call: {} }],
  ['POST /api/policy/replay', '/api/policy/replay', 'unmasker admin', { policy: draft }],
  ['GET /api/providers', '/api/providers', all],
  ['GET /api/breakers', '/api/breakers', people],
  ['POST /api/breakers/:service/reset', '/api/breakers/shop/reset', 'admin'],
  ['GET /api/simulators/:provider/objects', '/api/simulators/twilio/objects', 'unmasker admin'],
  ['PUT /api/simulators/:provider/objects', '/api/simulators/twilio/objects', 'admin', { objects: [{ kind: 'message', id: 'SM1', value: {} }] }],
  ['DELETE /api/simulators/:provider/objects', '/api/simulators/twilio/objects', 'admin'],
  ['POST /api/ca/rotate', '/api/ca/rotate', 'admin'],
  ['GET /api/audit', '/api/audit', 'admin'],
  ['POST /api/erasures', '/api/erasures', 'admin', { subjects: [{ kind: 'email', value: 'nobody@customer.example' }], mode: 'preview' }],
  ['GET /api/erasures', '/api/erasures', 'admin'],
  ['GET /api/erasures/:id', '/api/erasures/era_nothing', 'admin'],
  ['GET /api/me', '/api/me', all],
  ['DELETE /api/session', '/api/session', all],
  ['GET /api/openapi.json', '/api/openapi.json', all],
  ['GET /metrics', '/metrics', people],
  ['POST /api/runs/:name/close', '/api/runs/ci-1/close', 'admin ci'],
  ['DELETE /api/captures/:id', '/api/captures/ID', 'admin'],
  ['DELETE /api/captures', '/api/captures?service=nobody', 'admin'],
];

describe('the roles', () => {
  test('every route says what each may do, and what it does with scopes and masks; nothing is said of a route that is not there', () => {
    const asked = at.control.routes.filter((route) => !route.startsWith('HEAD ') && !route.endsWith(' /pay/:token'));
    expect([...new Set(asked)].toSorted()).toEqual([...Object.keys(routeRules), ...freeRoutes].toSorted());
    expect(table.map(([route]) => route).toSorted()).toEqual(Object.keys(routeRules).toSorted());
  });

  test.each(table.map((row) => ({ row, name: row[0] })))('$name', async ({ row: [route, path, allowed, body] }) => {
    const [method = ''] = route.split(' ');
    // those who may not first: who may change something changes it for those after
    const who = roles.toSorted((one, other) => Number(allowed.split(' ').includes(one)) - Number(allowed.split(' ').includes(other)));
    const said: Record<string, boolean> = {};
    for (const role of who) {
      const response = await ask(role, method, path.replace('ID', id), body);
      expect(response.status, `${role}: ${response.status}`).not.toBe(401);
      expect(response.status, `${role}: ${response.status}`).toBeLessThan(500);
      said[role] = response.status !== 403;
      if (response.status === 403) expect(await response.json()).toMatchObject({ title: 'Not allowed' });
      else await response.body?.cancel();
    }
    expect(said).toEqual(Object.fromEntries(roles.map((role) => [role, allowed.split(' ').includes(role)])));
  });

  test('HEAD asks for the same role as GET', async () => {
    expect((await ask('reader', 'HEAD', `/api/captures/${id}/raw`)).status).toBe(403);
    expect((await ask('ci', 'HEAD', '/metrics')).status).toBe(403);
  });

  test('without a token every route but the free ones asks for one', async () => {
    for (const [route, path] of table) expect([route, (await fetch(`${at.url}${path}`, { method: route.split(' ')[0]!, redirect: 'manual' })).status]).toEqual([route, 401]);
  });
});

describe('a ci token', () => {
  test('asks about runs, and sees no capture of none', async () => {
    const outside = await recordFrom(at.store, null, { run: null });
    for (const path of ['/api/captures', '/api/counts?by=channel', '/api/captures/wait?timeout=0', '/api/captures/quiet?for=0', '/api/assert?settle=0', '/api/captures?run=ambiguous', '/api/captures?run=ci-2,ambiguous']) {
      expect([path, (await ask('ci', 'GET', path)).status]).toEqual([path, 403]);
    }
    expect((await ask('ci', 'GET', `/api/captures/${outside}`)).status).toBe(404);
    const waited = await (await ask('ci', 'GET', '/api/captures/wait?run=ci-9&timeout=0')).json() as { nearest: readonly { capture: { run: string | null } }[] };
    expect(waited.nearest.filter(({ capture }) => capture.run === null)).toEqual([]);
  });

  test('reads no bodies, and what it reads is masked', async () => {
    const own = await recordFrom(at.store, null, { run: 'ci-3', to: '+4915112345678', standing: 'real', text: 'your code is 4711' });
    const capture = await (await ask('ci', 'GET', `/api/captures/${own}`)).json() as Record<string, Record<string, unknown>>;
    expect(capture['request']?.['body']).toMatchObject({ encoding: 'none', data: '' });
    expect(capture['recipients']).toMatchObject([{ address: '+49•••••78', standing: 'real' }]);
    expect(JSON.stringify(capture['decoded'])).not.toContain('4711');
  });
});
