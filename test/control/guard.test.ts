import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { harness, record } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
let everywhere: Harness;
beforeAll(async () => {
  at = await harness({ publicUrl: 'https://fourthwall.staging.example/' });
  everywhere = await harness({ host: '0.0.0.0' });
});
afterAll(async () => {
  await at.close();
  await everywhere.close();
});

/** fetch cannot say another Host; node:http can. */
function send(base: string, path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('DNS rebinding', () => {
  test.each(['localhost', 'localhost:8025', '127.0.0.1:9', '127.8.8.8', '[::1]:8025', 'LOCALHOST', 'fourthwall.staging.example'])('%s is us', async (host) => {
    expect((await send(at.url, '/healthz', { host })).status).toBe(200);
  });

  test.each(['evil.example', 'evil.example:8025', 'localhost.evil.example', '127.0.0.1.evil.example', 'fourthwall', '10.0.0.1', '[2001:db8::1]', 'user@localhost', 'localhost:99999999', 'a b'])(
    '%s is not, and reads nothing', async (host) => {
      for (const path of ['/', '/healthz', '/api/captures', '/api/events', '/nothing']) {
        const answer = await send(at.url, path, { host });
        expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 421, 'application/problem+json']);
      }
    });

  test('a listener on every address takes addresses and container names, but no foreign domain', async () => {
    for (const host of ['10.1.2.3:8025', 'fourthwall:8025', 'localhost']) expect((await send(everywhere.url, '/healthz', { host })).status).toBe(200);
    for (const host of ['evil.example', 'fourthwall.evil.example']) expect((await send(everywhere.url, '/healthz', { host })).status).toBe(421);
  });
});

describe('forged changes', () => {
  const browser: readonly Readonly<Record<string, string>>[] = [
    { origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { cookie: 'a=b' },
  ];

  test.each(browser)('a browser with %j needs our header', async (headers) => {
    const id = await record(at.store);
    for (const [method, path] of [['DELETE', `/api/captures/${id}`], ['DELETE', '/api/captures'], ['DELETE', '/api/simulators/twilio/objects'], ['POST', '/api/runs/x/close']] as const) {
      expect([path, (await send(at.url, path, headers, method)).status]).toEqual([path, 403]);
    }
    expect((await at.client.capture(id)).id).toBe(id);
    expect((await send(at.url, `/api/captures/${id}`, { ...headers, 'x-fourthwall-control': '1' }, 'DELETE')).status).toBe(200);
  });

  test('a page of another site gets nowhere, header or not', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'x-fourthwall-control': '1' };
    expect((await send(at.url, '/api/captures', headers, 'DELETE')).status).toBe(403);
  });

  test('no other site is ever let in by CORS', async () => {
    const preflight = await send(at.url, '/api/captures', { origin: 'https://evil.example', 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'x-fourthwall-control' }, 'OPTIONS');
    const read = await send(at.url, '/api/captures', { origin: 'https://evil.example' });
    expect([...Object.keys(preflight.headers), ...Object.keys(read.headers)].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('plain curl needs nothing', async () => {
    const id = await record(at.store);
    expect((await send(at.url, `/api/captures/${id}`, {}, 'DELETE')).status).toBe(200);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('a body of type %s is not read', async (type) => {
    const response = await fetch(`${at.url}/api/runs`, { method: 'POST', headers: { 'content-type': type }, body: '{"name":"r"}' });
    expect([response.status, response.headers.get('content-type')]).toEqual([415, 'application/problem+json']);
  });
});

describe('every answer', () => {
  test.each(['/healthz', '/api/captures', '/api/nothing', '/metrics', '/api/captures/none'])('%s says how it may be used', async (path) => {
    const { headers } = await fetch(`${at.url}${path}`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toMatch(/noindex/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  test('bad input is a problem document that says what', async () => {
    for (const [body, status] of [['{', 400], ['[]', 400], ['{"name":1}', 400], [`{"name":"${'x'.repeat(1_100_000)}"}`, 413]] as const) {
      const response = await fetch(`${at.url}/api/runs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect([body.slice(0, 20), response.status, response.headers.get('content-type')]).toEqual([body.slice(0, 20), status, 'application/problem+json']);
      expect(await response.json()).toMatchObject({ status, type: 'about:blank', title: expect.any(String) as unknown, detail: expect.any(String) as unknown });
    }
  });

  test('our own fault tells the log and not the caller', async () => {
    const broken = await harness({ ready: () => Promise.reject(new Error('secret path /etc/key')) });
    const response = await fetch(`${broken.url}/readyz`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    await broken.close();
  });
});
