import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guarded, tokenOf } from './access-harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeAll(async () => {
  at = await guarded({ publicUrl: 'http://gateway.staging-of-ours.com:8025', ingressHost: 'gateway.staging-of-ours.com' });
  await at.store.openRun({ name: 'ci-1', space: null, claims: [], registered: true });
});
afterAll(async () => { await at.close(); });

const ask = async (path: string, method = 'GET', body?: object): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${at.url}${path}`, {
    method, headers: { authorization: `Bearer ${tokenOf('ci')}`, 'content-type': 'application/json' }, ...body === undefined ? {} : { body: JSON.stringify(body) },
  });
  return { status: response.status, text: await response.text() };
};

describe('a masked ci caller', () => {
  it.each([
    ['a run it opens', '/api/runs', 'POST', { name: 'ci-2', service: 'shop', claims: [{ recipient: '*@gmail.com' }, { recipient: 'ann.real@gmail.com' }] }],
    ['a run', '/api/runs/ci-1?service=shop', 'GET', undefined],
    ['no run', '/api/connection?service=shop', 'GET', undefined],
  ] as const)('is told the settings for %s as they are, and nobody beside them', async (_what, path, method, body) => {
    const { text } = await ask(path, method, body);
    const told = JSON.parse(text) as { proxyUrl: string; env: Record<string, string> };
    expect(told.proxyUrl).toMatch(/^http:\/\/shop(?:\+ci-\d)?:token@gateway\.staging-of-ours\.com:8080$/);
    expect(told.env['HTTP_PROXY']).toBe(told.proxyUrl);
    expect(text).not.toContain('ann.real');
  });

  it.each([
    [403, { path: '/v1/users/j*' }], [403, { not: { path: ['/v1/users/*@gmail.com', '/v1'] } }], [403, { not: { recipients: { some: 'j*@gmail.com' } } }],
    [200, { path: '/2010-04-01/Accounts/*/Messages.json' }], [200, { path: ['/v1/**', '/v1/charges'] }], [200, { recipients: { some: '*@gmail.com' } }],
  ])('is answered %i for a failure rule when %j: what fails would spell out whom it fits', async (status, when) => {
    expect((await ask('/api/runs/ci-1/failures', 'PUT', { failures: [JSON.parse(`{ "id": "x", "when": ${JSON.stringify(when)}, "then": { "error": 500 } }`)] })).status).toBe(status);
  });
});
