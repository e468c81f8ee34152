import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { harness, record, whenWaiting } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeEach(async () => { at = await harness(); });
afterEach(async () => { await at.close(); });

describe('wait', () => {
  test('what is already there counts', async () => {
    const id = await record(at.store);
    const found = await at.client.wait({ timeout: 0 });
    expect([found.satisfied, found.items.map((item) => item.id), found.cursor]).toEqual([true, [id], found.items[0]?.seq]);
  });

  test("with after=now only what comes, and the cursor goes on from there", async () => {
    await record(at.store);
    const waiting = whenWaiting(at.store);
    const found = at.client.wait({ after: 'now', timeout: 20 });
    await waiting;
    const id = await record(at.store);
    const first = await found;
    expect(first.items.map((item) => item.id)).toEqual([id]);
    expect((await at.client.wait({ after: first.cursor, timeout: 0 })).satisfied).toBe(false);
    const next = await record(at.store);
    expect((await at.client.wait({ after: first.cursor, timeout: 20 })).items.map((item) => item.id)).toEqual([next]);
  });

  test('waits for several', async () => {
    const waiting = whenWaiting(at.store);
    const found = at.client.wait({ service: 'shop', count: 3, timeout: 20 });
    await waiting;
    for (const service of ['shop', 'billing', 'shop', 'shop']) await record(at.store, { service });
    expect((await found).items.map(({ service }) => service)).toEqual(['shop', 'shop', 'shop']);
  });

  test('content that is only read after the acknowledgement ends the wait', async () => {
    const id = await record(at.store, { channel: 'email', to: 'a@example.test', text: 'Hello', enrichment: 'pending' });
    const waiting = whenWaiting(at.store);
    const found = at.client.wait({ q: 'confirmation', timeout: 20 });
    await waiting;
    await at.store.enrich(id, { state: 'done', subject: 'Hello', text: 'your confirmation', html: null, attachments: [], codes: [], links: [], findings: [], keys: [] });
    expect((await found).items.map((item) => item.id)).toEqual([id]);
  });

  test('when the time is over: 200, not satisfied, and what came nearest', async () => {
    const near = await record(at.store, { service: 'shop', channel: 'email', to: 'ann@example.test' });
    await record(at.store, { service: 'billing' });
    const found = await at.client.wait({ service: 'shop', channel: 'email', recipient: 'bob@example.test', timeout: 0 });
    expect([found.satisfied, found.items]).toEqual([false, []]);
    expect(found.nearest[0]).toMatchObject({ capture: { id: near }, matched: ['service', 'channel'], missed: ['recipient'] });
  });

  test('a client that goes away leaves no listener behind', async () => {
    const { subscribe } = at.store;
    let listeners = 0;
    const left = new Promise<void>((resolve) => {
      Object.assign(at.store, { subscribe: (listener: () => void) => {
        listeners += 1;
        const stop = subscribe(listener);
        return () => {
          listeners -= 1;
          stop();
          resolve();
        };
      } });
    });
    const waiting = whenWaiting(at.store);
    const abort = new AbortController();
    const found = fetch(`${at.url}/api/captures/wait?timeout=300`, { signal: abort.signal }).catch((error: unknown) => error);
    await waiting;
    abort.abort();
    await found;
    await left;
    expect(listeners).toBe(0);
  });

  test('stopping ends a wait with 503, never with an empty answer', async () => {
    const waiting = whenWaiting(at.store);
    const found = fetch(`${at.url}/api/captures/wait?timeout=300`);
    await waiting;
    await Promise.all([at.control.close(), found.then((response) => expect(response.status).toBe(503))]);
  });
});

describe('quiet', () => {
  test('nothing for so long: satisfied', async () => {
    await record(at.store);
    expect(await at.client.quiet({ for: 0.05 })).toEqual({ satisfied: true, items: [] });
  });

  test('a match ends it at once', async () => {
    const waiting = whenWaiting(at.store);
    const quiet = at.client.quiet({ for: 250, standing: 'real' });
    await waiting;
    await record(at.store);
    const id = await record(at.store, { standing: 'real' });
    const { satisfied, items } = await quiet;
    expect([satisfied, items.map((item) => item.id)]).toEqual([false, [id]]);
  });

  test('what may still turn out to match is no silence', async () => {
    await record(at.store, { enrichment: 'pending' });
    expect((await at.client.quiet({ for: 0, after: 0, q: 'nothing-of-the-kind' })).satisfied).toBe(false);
  });

  test('content that is not read yet is no silence, however much came after it', async () => {
    const id = await record(at.store, { channel: 'email', to: 'a@example.test', text: 'Hello', enrichment: 'pending' });
    await Promise.all(Array.from({ length: 501 }, () => record(at.store)));
    const { satisfied, items } = await at.client.quiet({ for: 0, after: 0, q: 'nothing-of-the-kind' });
    expect([satisfied, items.map((item) => item.id)]).toEqual([false, [id]]);
  });

  test('longer than it can listen is refused', async () => {
    await expect(at.client.quiet({ for: 301 })).rejects.toMatchObject({ status: 400, field: 'for' });
  });
});

test('a callback that we sent is neither waited for nor a noise, unless it is asked for', async () => {
  const call = await record(at.store);
  const sent = await record(at.store, { callbackOf: call });
  const found = await at.client.wait({ count: 2, timeout: 0 });
  expect([found.satisfied, found.items.map((item) => item.id), found.nearest.map(({ capture }) => capture.id)]).toEqual([false, [call], [call]]);
  expect((await at.client.wait({ direction: 'callback', timeout: 0 })).items.map((item) => item.id)).toEqual([sent]);
  expect((await at.client.wait({ direction: 'out,callback', count: 2, timeout: 0 })).satisfied).toBe(true);
  const after = (await at.client.wait({ timeout: 0 })).cursor;
  expect((await at.client.quiet({ for: 0, after })).satisfied).toBe(true);
  expect((await at.client.quiet({ for: 0, after, direction: 'callback' })).satisfied).toBe(false);
});
