import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forwardedTo, harness, record } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
const ids: Record<string, string> = {};
beforeAll(async () => {
  at = await harness();
  ids['sms'] = await record(at.store, { run: 'one', service: 'shop', keys: [{ name: 'order', value: 'A/17' }] });
  ids['mail'] = await record(at.store, { channel: 'email', to: 'ann@bank.example', standing: 'real', text: 'Your statement', service: 'billing', keys: [{ name: 'order', value: 'A/17' }] });
  ids['refused'] = await record(at.store, { decision: { action: 'reject', rule: 'default' }, decoded: { kind: 'unrecognized', why: 'nobody claims it' } });
  ids['out'] = await record(at.store, { decision: forwardedTo({ internal: true }), at: '2026-01-01T00:00:00.000Z' });
});
afterAll(async () => { await at.close(); });

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${at.url}${path}`, { redirect: 'manual', ...init });
const listed = async (query: string): Promise<readonly string[]> => {
  const response = await get(`/api/captures?${query}`);
  expect([query, response.status]).toEqual([query, 200]);
  const { items } = await response.json() as { items: { id: string }[] };
  return items.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id) ?? id);
};

describe('the list', () => {
  test.each<[string, readonly string[]]>([
    ['', ['out', 'refused', 'mail', 'sms']],
    ['run=one', ['sms']],
    ['run=one&run=two', ['sms']],
    ['service=shop,billing&channel=email', ['mail']],
    ['channel=email&channel=sms', ['out', 'refused', 'mail', 'sms']],
    ['provider=smtp', ['mail']],
    ['action=forward', ['out']],
    ['outcome=rejected,captured', ['refused', 'mail', 'sms']],
    ['standing=real', ['mail']],
    ['recipient=*%40bank.example', ['mail']],
    ['recipient=ANN%40bank.example', ['mail']],
    ['host=api.twilio.com&action=reject', ['refused']],
    ['key=order%3AA%2F17', ['mail', 'sms']],
    ['liveness=unknown', ['refused']],
    ['q=statement', ['mail']],
    ['direction=callback', []],
    ['until=2026-01-01T01:00:00%2B01:00', ['out']],
    ['since=2026-01-02T00:00:00Z&limit=1', ['refused']],
  ])('%s', async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  test('pages by seq', async () => {
    const first = await at.client.list({ limit: 3 });
    expect(first.items).toHaveLength(3);
    expect(first.total).toBe(4);
    const second = await at.client.list({ limit: 3, before: first.next ?? 0 });
    expect(second.items.map(({ id }) => id)).toEqual([ids['sms']]);
    expect(second.next).toBeNull();
  });

  test.each<[string, string, RegExp]>([
    ['chanel=email', 'chanel', /known are run, space/],
    ['channel=emial', 'channel', /unknown value "emial"; known are email, sms/],
    ['provider=strype', 'provider', /known are smtp/],
    ['action=forward,deny', 'action', /unknown value "deny"/],
    ['outcome=', 'outcome', /fewer than 1/],
    ['since=yesterday', 'since', /2026-11-21T10:00:00Z/],
    ['since=2026-13-01T00:00:00Z', 'since', /expected a time/],
    ['limit=501', 'limit', /<= 500/],
    ['limit=ten', 'limit', /integer/],
    ['after=-1', 'after', />= 0/],
    ['trace=xyz', 'trace', /not a value/],
    ['run=a%20b', 'run', /not a value/],
  ])('%s is refused by name', async (query, name, why) => {
    for (const path of ['/api/captures', '/api/captures/wait', '/api/assert']) {
      if (path !== '/api/captures' && /^(limit|after)/.test(query)) continue;
      const response = await get(`${path}?${query}`);
      const problem = await response.json() as { name: string; detail: string; status: number; title: string; type: string };
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 400, 'application/problem+json']);
      expect(problem.name.split('.')[0]).toBe(name);
      expect(problem.detail).toMatch(why);
      expect(problem).toMatchObject({ type: 'about:blank', status: 400, title: 'Bad request' });
    }
  });

  test('counts by several fields, under the same filters', async () => {
    const response = await get('/api/counts?by=channel,action&by=standing&service=shop');
    expect(await response.json()).toEqual({ counted: null, counts: {
      channel: [{ value: 'sms', count: 3 }],
      action: expect.arrayContaining([{ value: 'capture', count: 1 }, { value: 'reject', count: 1 }, { value: 'forward', count: 1 }]) as unknown,
      standing: [{ value: 'safe', count: 2 }],
    } });
    expect((await get('/api/counts?by=colour')).status).toBe(400);
  });

  test('a journey holds all channels of one key, oldest first', async () => {
    const { items, total } = await at.client.journey('order:A/17');
    expect([items.map(({ id }) => id), total]).toEqual([[ids['sms'], ids['mail']], 2]);
  });
});

describe('one capture', () => {
  test("'latest' is the newest", async () => {
    expect((await at.client.capture('latest')).id).toBe(ids['out']);
  });

  test('one that is not there is a 404 problem', async () => {
    const response = await get('/api/captures/cap_none');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ status: 404, detail: 'no capture cap_none' });
  });

  test('raw is the message exactly as it arrived, as a download', async () => {
    const response = await get(`/api/captures/${ids['mail']}/raw`);
    expect(await response.text()).toBe('Subject: Your statement\r\nTo: ann@bank.example\r\n\r\nYour statement\r\n');
    expect(response.headers.get('content-type')).toBe('message/rfc822');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${ids['mail']}.eml"`);
    expect((await get(`/api/captures/${ids['mail']}/raw?part=reply`)).status).toBe(404);
  });

  test('text comes as plain text, html only by way of the preview origin', async () => {
    const text = await get(`/api/captures/${ids['sms']}/text`);
    expect([await text.text(), text.headers.get('content-type')]).toEqual(['Your code is on its way', 'text/plain; charset=utf-8']);
    const html = await get(`/api/captures/${ids['mail']}/html`);
    expect([html.status, html.headers.get('location')]).toEqual([302, `http://127.0.0.1:8026/html/${ids['mail']}?s=signed`]);
  });

  test('an attachment is never anything but a download, whatever it calls itself', async () => {
    const id = await record(at.store, { channel: 'email', to: 'a@example.test', enrichment: 'pending', service: 'attachments' });
    await at.store.enrich(id, { state: 'done', subject: 's', text: null, html: '<b>x</b>', codes: [], links: [], findings: [], keys: [], attachments: [
      { filename: '../..\\evil"\r\nX: 1; é.html', contentType: 'text/html', contentId: null, content: Buffer.from('<script>alert(1)</script>') },
    ] });
    const response = await get(`/api/captures/${id}/attachments/0`);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${id}-0.bin"; filename*=UTF-8''evil%22X%3A%201%3B%20%C3%A9.html`);
    expect(await response.text()).toBe('<script>alert(1)</script>');
    expect((await get(`/api/captures/${id}/attachments/1`)).status).toBe(404);
    expect((await get(`/api/captures/${id}/attachments/x`)).status).toBe(400);
    await at.client.removeOne(id);
  });

  test('tags, note and marks change; a field of another name does not', async () => {
    const changed = await at.client.patch(ids['sms']!, { tags: ['seen-by-ann'], note: null, pinned: true, seen: true });
    expect(changed).toMatchObject({ tags: ['seen-by-ann'], note: null, pinned: true, seen: true });
    expect(await listed('tag=seen-by-ann')).toEqual(['sms']);
    const wrong = await get(`/api/captures/${ids['sms']}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"pined":true}' });
    expect(await wrong.json()).toMatchObject({ status: 400, name: 'pined' });
    const bent = await get(`/api/captures/${ids['sms']}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"pinned":"true"}' });
    expect(await bent.json()).toMatchObject({ status: 400, name: 'pinned' });
  });
});

describe('deleting', () => {
  test('takes the same filters, and never a capture of an open run', async () => {
    await at.client.openRun({ name: 'open' });
    await record(at.store, { run: 'open', service: 'temporary' });
    const other = await record(at.store, { service: 'temporary' });
    expect(await at.client.remove({ service: 'temporary' })).toBe(1);
    await expect(at.client.capture(other)).rejects.toMatchObject({ status: 404 });
    expect((await at.client.list({ service: 'temporary' })).total).toBe(1);
    await at.client.closeRun('open');
    expect(await at.client.remove({ service: 'temporary' })).toBe(1);
  });

  test('a misspelt filter deletes nothing', async () => {
    const { total } = await at.client.list();
    expect((await get('/api/captures?servcie=shop', { method: 'DELETE' })).status).toBe(400);
    expect((await at.client.list()).total).toBe(total);
  });
});
