import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { harness } from './harness.ts';
import type { Harness } from './harness.ts';

const admin = 'token-of-the-admin';
const reader = 'token-of-the-unmasker';
const late = 'token-that-ran-out';
let at: Harness;
let now = Date.parse('2026-11-21T10:00:00Z');
beforeAll(async () => {
  at = await harness({ now: () => now, auth: { kind: 'tokens', tokens: [
    { token: admin, role: 'admin', expires: null },
    { token: reader, role: 'unmasker', expires: '2026-11-21T11:00:00Z' },
    { token: late, role: 'admin', expires: '2026-11-21T09:59:59Z' },
  ] } });
});
afterAll(async () => { await at.close(); });

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${at.url}${path}`, { redirect: 'manual', ...init });
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

describe('with tokens', () => {
  test.each(['/', '/api/captures', '/api/captures/latest', '/api/events', '/metrics', '/api/openapi.json', '/captures/x', '/nothing', '/%68ealthz', '/healthz/', '//healthz', '/ca.pem/'])(
    '%s asks for one', async (path) => {
      const response = await fetch(`${at.url}${path}`, { redirect: 'manual' });
      expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    });

  test('probes and certificates are free', async () => {
    for (const path of ['/healthz', '/readyz', '/ca.pem', '/ca-bundle.pem']) expect([path, (await get(path)).status]).toEqual([path, 200]);
  });

  test.each([['admin', admin, 200], ['unmasker', reader, 200], ['one that ran out', late, 401], ['another', 'wrong', 401], ['a prefix', admin.slice(0, -1), 401]])(
    'the token of %s', async (_name, token, status) => {
      expect((await get('/api/captures', bearer(token))).status).toBe(status);
    });

  test('a token runs out while we run', async () => {
    const before = now;
    now = Date.parse('2026-11-21T11:00:00Z');
    expect((await get('/api/captures', bearer(reader))).status).toBe(401);
    now = before;
  });

  test('who may only read changes nothing, and may still ask the policy', async () => {
    for (const [method, path] of [['DELETE', '/api/captures'], ['POST', '/api/runs'], ['PUT', '/api/simulators/twilio/objects'], ['PATCH', '/api/captures/x']] as const) {
      expect([path, (await get(path, { method, ...bearer(reader) })).status]).toEqual([path, 403]);
    }
    const checked = await get('/api/policy/check', { method: 'POST', headers: { authorization: `Bearer ${reader}`, 'content-type': 'application/json' }, body: '{"text":""}' });
    expect(checked.status).toBe(200);
  });
});

describe('the page login', () => {
  test('a good token becomes a cookie and leaves the address', async () => {
    const login = await get(`/?token=${admin}`);
    expect([login.status, login.headers.get('location')]).toEqual([303, '/']);
    const cookie = login.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^fourthwall=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(admin);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await get('/api/captures', { headers })).status).toBe(200);
    expect((await get('/api/captures', { method: 'DELETE', headers })).status).toBe(403);
    expect((await get('/api/captures', { method: 'DELETE', headers: { ...headers, 'x-fourthwall-control': '1' } })).status).toBe(200);
  });

  test('a wrong token, a token elsewhere and a made-up cookie become nothing', async () => {
    expect((await get('/?token=wrong')).status).toBe(401);
    expect((await get(`/?token=${late}`)).status).toBe(401);
    expect((await get(`/api/captures?token=${admin}`)).status).toBe(401);
    expect((await get('/api/captures', { headers: { cookie: `fourthwall=${admin}` } })).status).toBe(401);
  });

  test('behind https the cookie is for https only', async () => {
    const behind = await harness({ publicUrl: 'https://fourthwall.example', auth: { kind: 'tokens', tokens: [{ token: admin, role: 'admin', expires: null }] } });
    const login = await fetch(`${behind.url}/?token=${admin}`, { redirect: 'manual' });
    expect(login.headers.get('set-cookie')).toMatch(/; Secure$/);
    await behind.close();
  });
});
