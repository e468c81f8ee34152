import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeRules } from '../../src/control/access/route-rules.ts';
import { guarded, recordFrom, tokenOf } from './access-harness.ts';
import type { Harness } from './harness.ts';
import { readServerSentEvents } from '../../src/testing/server-sent-events.ts';

let at: Harness;
const captures: Record<'blueShop' | 'blueMail' | 'greenShop' | 'greenMail' | 'nowhere', string> = { blueShop: '', blueMail: '', greenShop: '', greenMail: '', nowhere: '' };

const scopes = [
  { name: 'blue', role: 'admin', spaces: ['blue'] },
  { name: 'green', role: 'admin', spaces: ['green'] },
  { name: 'shop', role: 'admin', services: ['shop'] },
  { name: 'blue-shop', role: 'admin', spaces: ['blue'], services: ['shop'] },
  { name: 'blue-ci', role: 'ci', spaces: ['blue'] },
  { name: 'shop-ci', role: 'ci', services: ['shop'] },
  { name: 'everything', role: 'admin' },
] as const;
/** what each may know of */
const theirs: Readonly<Record<string, readonly (keyof typeof captures)[]>> = {
  blue: ['blueShop', 'blueMail'], green: ['greenShop', 'greenMail'], shop: ['blueShop', 'greenShop', 'nowhere'], 'blue-shop': ['blueShop'],
};
const words: Readonly<Record<keyof typeof captures, string>> = { blueShop: 'ultramarine', blueMail: 'cobalt', greenShop: 'emerald', greenMail: 'olive', nowhere: 'nowhere' };

beforeAll(async () => {
  at = await guarded({ tokens: [...scopes], users: [] });
  const { store } = at;
  for (const space of ['blue', 'green']) await store.openRun({ name: `${space}-run`, space, claims: [{ kind: 'key', value: `${space}-key` }], registered: true });
  const keys = [{ name: 'order', value: 'A-1' }];
  const identities = [{ kind: 'email', value: 'same@example.test' }] as const;
  captures.blueShop = await recordFrom(store, 'blue', { service: 'shop', run: 'blue-run', text: words.blueShop, keys }, { identities });
  captures.blueMail = await recordFrom(store, 'blue', { service: 'mailer', run: 'blue-run', text: words.blueMail, keys, channel: 'email', to: 'a@example.test' }, { identities });
  captures.greenShop = await recordFrom(store, 'green', { service: 'shop', run: 'green-run', text: words.greenShop, keys }, { identities });
  captures.greenMail = await recordFrom(store, 'green', { service: 'mailer', run: 'green-run', text: words.greenMail, keys, channel: 'email', to: 'a@example.test' }, { identities });
  captures.nowhere = await recordFrom(store, null, { service: 'shop', text: words.nowhere, keys }, { identities });
  for (const [id, word] of Object.entries(captures).map(([name, each]) => [each, words[name as keyof typeof words]] as const)) {
    await store.enrich(id, { state: 'done', subject: word, text: word, html: `<b>${word}</b>`, attachments: [{ filename: `${word}.png`, contentType: 'image/png', contentId: null, content: Buffer.from(word) }], codes: [], links: [], findings: [], keys: [] });
  }
  await store.trip({ space: 'blue', service: 'shop', capture: captures.blueShop, run: 'blue-run', recipients: 60, limit: 50, perMs: 60_000 });
  await store.trip({ space: 'green', service: 'shop', capture: captures.greenShop, run: 'green-run', recipients: 60, limit: 50, perMs: 60_000 });
});
afterAll(async () => { await at.close(); });

const ask = async (who: string, path: string, method = 'GET', body?: object): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${at.url}${path}`, {
    method, redirect: 'manual', headers: { authorization: `Bearer ${tokenOf(who)}`, ...body === undefined ? {} : { 'content-type': 'application/json' } }, ...body === undefined ? {} : { body: JSON.stringify(body) },
  });
  return { status: response.status, text: await response.text() };
};
/** what an answer tells of, by word and by id */
const toldIn = (text: string): readonly string[] => Object.entries(captures).filter(([name, id]) => text.includes(id) || text.includes(words[name as keyof typeof words])).map(([name]) => name);

const draft = 'version: 1\ndefault: reject\nrules:\n  - { id: everything, when: { channel: [email, sms] }, then: reject, because: no }\n';
/** every route that narrows, asked for all there is */
const lists: readonly (readonly [route: string, path: string, method?: string, body?: object])[] = [
  ['GET /api/captures', '/api/captures'],
  ['GET /api/captures', '/api/captures?space=blue&space=green'],
  ['GET /api/captures', '/api/captures?q=ultramarine'],
  ['GET /api/counts', '/api/counts?by=run,service'],
  ['GET /api/captures/wait', '/api/captures/wait?timeout=0&count=1'],
  ['GET /api/captures/wait', '/api/captures/wait?timeout=0&count=9&tag=none'],
  ['GET /api/captures/quiet', '/api/captures/quiet?for=0&after=0'],
  ['GET /api/journeys/:key', '/api/journeys/order:A-1'],
  ['GET /api/assert', '/api/assert?settle=0&expect=no-unrecognized,max-captures=0'],
  ['POST /api/policy/replay', '/api/policy/replay', 'POST', { policy: draft }],
  ['GET /api/captures/:id', '/api/captures/latest'],
];

describe.each(Object.keys(theirs))('a caller for %s', (who) => {
  const mine = theirs[who]!;
  const foreign = Object.keys(captures).filter((name) => !mine.includes(name as keyof typeof captures)) as readonly (keyof typeof captures)[];

  test.each(lists.map((row) => ({ row, name: row[1] })))('$name tells of nothing else', async ({ row: [route, path, method, body] }) => {
    const { status, text } = await ask(who, path, method, body);
    expect([path, status]).toEqual([path, 200]);
    const told = toldIn(text);
    expect(told.filter((name) => !mine.includes(name as keyof typeof captures))).toEqual([]);
    // and the same question tells everything to somebody for everything
    if (route !== 'GET /api/counts' && !path.endsWith('latest') && !path.includes('ultramarine') && !path.includes('tag=') && !path.includes('space=')) {
      expect(told).toHaveLength(mine.length);
      expect(toldIn((await ask('everything', path, method, body)).text)).toHaveLength(5);
    }
  });

  test('counts only theirs', async () => {
    const counts = JSON.parse((await ask(who, '/api/counts?by=action')).text) as { counts: { action: readonly { count: number }[] } };
    expect(counts.counts.action).toEqual([{ value: 'capture', count: mine.length }]);
    expect(JSON.parse((await ask(who, '/api/captures')).text)).toMatchObject({ total: mine.length });
  });

  test('finds a capture of another by none of its addresses, and may change nothing of it', async () => {
    for (const name of foreign) {
      for (const part of ['', '/raw', '/text', '/html', '/attachments/0']) expect([name, part, (await ask(who, `/api/captures/${captures[name]}${part}`)).status]).toEqual([name, part, 404]);
      expect((await ask(who, `/api/captures/${captures[name]}`, 'PATCH', { tags: ['mine'] })).status).toBe(404);
      expect((await ask(who, `/api/captures/${captures[name]}`, 'DELETE')).status).toBe(404);
      expect((await ask(who, `/api/captures/${captures[name]}/release`, 'POST', { to: ['a@example.test'] })).status).toBe(404);
      expect((await ask(who, `/api/captures/${captures[name]}/simulate`, 'POST', { event: 'bounced' })).status).toBe(404);
    }
    for (const name of mine) expect([name, (await ask(who, `/api/captures/${captures[name]}`)).status]).toEqual([name, 200]);
  });

  test('sees the person in its own captures only', async () => {
    const { person } = (await at.store.capture(captures.nowhere))!;
    expect(toldIn((await ask('everything', `/api/persons/${person}`)).text)).toHaveLength(5);
    expect(toldIn((await ask(who, `/api/persons/${person}`)).text).toSorted()).toEqual([...mine].toSorted());
  });

  test('the feed tells of nothing else', async () => {
    const stop = new AbortController();
    const feed = await fetch(`${at.url}/api/events?after=0`, { headers: { authorization: `Bearer ${tokenOf(who)}` }, signal: stop.signal });
    const seen: string[] = [];
    // more than is read at once
    for (let nth = 0; nth < 210; nth += 1) void at.store.append({ kind: 'changed', capture: null, run: null, data: {} });
    // the last thing that concerns everybody ends the reading
    await at.store.append({ kind: 'policy', capture: null, run: null, data: { state: 'current', sha256: `end-${who}`, problems: [] } });
    for await (const { data } of readServerSentEvents(feed.body!)) {
      if (data.includes(`end-${who}`)) break;
      seen.push(data);
    }
    stop.abort();
    // nothing is gone: it is others'
    expect(seen.join('\n')).not.toContain('"kind":"gap"');
    expect(toldIn(seen.join('\n')).toSorted()).toEqual([...mine].toSorted());
    for (const other of ['blue', 'green']) if (!mine.some((name) => name.startsWith(other))) expect(seen.join('\n')).not.toContain(`${other}-run`);
  });

  test.each(Object.entries(routeRules).filter(([, { scoped }]) => scoped === 'refuses').map(([route]) => route))('%s is refused: it is about everything', async (route) => {
    const [method, path = ''] = route.split(' ');
    expect((await ask(who, path.replace(':provider', 'twilio').replace(':sha256', 'a'.repeat(64)), method)).status).toBe(403);
  });
});

describe('runs', () => {
  test('are seen by space, and those of another space are not there', async () => {
    expect(JSON.parse((await ask('blue', '/api/runs')).text).items.map(({ name }: { name: string }) => name)).toEqual(['blue-run']);
    expect((await ask('blue', '/api/runs/green-run')).status).toBe(404);
    expect((await ask('blue', '/api/runs/green-run/report?settle=0')).status).toBe(404);
    expect((await ask('blue', '/api/runs/green-run/failures')).status).toBe(404);
    expect((await ask('blue', '/api/runs/green-run/failures', 'PUT', { failures: [] })).status).toBe(404);
    expect((await ask('blue', '/api/runs/green-run/close', 'POST')).status).toBe(404);
    expect((await at.store.run('green-run'))?.closedAt).toBeNull();
  });

  test('cannot be taken from another space, nor opened outside', async () => {
    expect((await ask('blue-ci', '/api/runs', 'POST', { name: 'green-run', space: 'blue' })).status).toBe(409);
    expect((await at.store.run('green-run'))?.space).toBe('green');
    expect((await ask('blue-ci', '/api/runs', 'POST', { name: 'mine', space: 'green' })).status).toBe(403);
    expect((await ask('blue-ci', '/api/runs', 'POST', { name: 'mine' })).status).toBe(403);
    expect((await ask('blue-ci', '/api/runs', 'POST', { name: 'mine', space: 'blue' })).status).toBe(201);
  });

  test('of a service claim by it alone, and are closed only while they hold nothing of others', async () => {
    expect((await ask('shop-ci', '/api/runs', 'POST', { name: 'grab', claims: [{ recipient: '*+x@*' }] })).status).toBe(403);
    expect((await ask('shop-ci', '/api/runs', 'POST', { name: 'grab', claims: [{ service: 'mailer' }] })).status).toBe(403);
    expect((await ask('shop-ci', '/api/runs', 'POST', { name: 'own', claims: [{ service: 'shop' }] })).status).toBe(201);
    expect((await ask('shop-ci', '/api/runs/blue-run/close', 'POST')).status).toBe(403);
    expect((await ask('shop-ci', '/api/runs/own/close', 'POST')).status).toBe(200);
  });

  test('of a service are left alone where they hold or claim calls of others: not closed, and made to fail neither', async () => {
    await at.store.openRun({ name: 'shared', space: null, claims: [], registered: true });
    for (const service of ['shop', 'mailer']) await recordFrom(at.store, null, { service, run: 'shared', text: `of ${service}` });
    await at.store.openRun({ name: 'claimed', space: null, claims: [{ kind: 'service', service: 'mailer' }], registered: true });
    for (const run of ['shared', 'claimed']) {
      expect((await ask('shop-ci', `/api/runs/${run}/failures`, 'PUT', { failures: [] })).status).toBe(403);
      expect((await ask('shop-ci', `/api/runs/${run}/close`, 'POST')).status).toBe(403);
      expect((await at.store.run(run))?.closedAt).toBeNull();
    }
    expect((await ask('shop-ci', '/api/runs', 'POST', { name: 'claimed', claims: [{ service: 'shop' }] })).status).toBe(403);
  });

  test('a breaker of nobody known is a doubt, and the call that tripped it has no id', async () => {
    const stray = await recordFrom(at.store, null, { service: 'unattributed', text: 'a mailshot' });
    await at.store.trip({ space: null, service: 'unattributed', capture: stray, run: null, recipients: 60, limit: 50, perMs: 60_000 });
    const judged = await ask('green', '/api/assert?settle=0');
    expect(JSON.parse(judged.text)).toMatchObject({ verdict: 'inconclusive' });
    expect(judged.text).toContain('the mailshot breaker of');
    expect(judged.text).toContain(captures.greenShop);
    expect(judged.text).not.toContain(stray);
    await at.store.resetBreaker({ space: null, service: 'unattributed' });
    await at.store.remove({ ids: [stray] });
  });

  test('are judged by what is theirs, and a call of nobody known still is a doubt', async () => {
    const judged = JSON.parse((await ask('blue-ci', '/api/assert?settle=0&run=blue-run&expect=no-unrecognized')).text) as { verdict: string; counts: { captures: number } };
    expect([judged.verdict, judged.counts.captures]).toEqual(['inconclusive', 2]); // the breaker of their service tripped
    await at.store.openRun({ name: 'blue-2', space: 'blue', claims: [], registered: true });
    await recordFrom(at.store, 'blue', { service: 'shop', run: 'blue-2', text: 'fine' });
    expect(JSON.parse((await ask('blue-ci', '/api/assert?settle=0&run=blue-2')).text)).toMatchObject({ verdict: 'pass' });
    await recordFrom(at.store, 'green', { service: 'shop', text: 'of others', decoded: { kind: 'unrecognized', why: 'what is this' } });
    expect(JSON.parse((await ask('blue-ci', '/api/assert?settle=0&run=blue-2')).text)).toMatchObject({ verdict: 'pass' });
    const stray = await recordFrom(at.store, null, { service: 'unattributed', text: 'of nobody', decoded: { kind: 'unrecognized', why: 'what is this' } });
    const doubted = await ask('blue-ci', '/api/assert?settle=0&run=blue-2');
    expect(JSON.parse(doubted.text)).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'no-unrecognized', captures: [] }] });
    expect(doubted.text).not.toContain(stray);
  });
});

describe('what is done', () => {
  test('a breaker of another is neither listed nor reset', async () => {
    expect(JSON.parse((await ask('blue', '/api/breakers')).text).items.map(({ space }: { space: string }) => space)).toEqual(['blue']);
    expect((await ask('blue', '/api/breakers/shop/reset?space=green', 'POST')).status).toBe(404);
    expect((await at.store.breakers({ space: 'green', service: 'shop' }))[0]?.tripped).not.toBeNull();
    expect((await ask('blue', '/api/breakers/shop/reset?space=blue', 'POST')).status).toBe(200);
  });

  test('deleting everything deletes theirs alone', async () => {
    for (const run of ['blue-run', 'green-run']) await at.store.closeRun(run);
    expect(JSON.parse((await ask('blue-shop', '/api/captures?run=blue-run', 'DELETE')).text)).toEqual({ deleted: 1 });
    expect(JSON.parse((await ask('green', '/api/captures?run=green-run', 'DELETE')).text)).toEqual({ deleted: 2 });
    expect(JSON.parse((await ask('green', '/api/captures?space=blue', 'DELETE')).text)).toEqual({ deleted: 0 });
    expect([await at.store.capture(captures.blueShop), await at.store.capture(captures.greenMail)]).toEqual([null, null]);
    expect((await at.store.capture(captures.blueMail))?.id).toBe(captures.blueMail);
    expect((await at.store.capture(captures.nowhere))?.id).toBe(captures.nowhere);
  });
});
