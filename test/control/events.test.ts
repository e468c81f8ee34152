import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { readServerSentEvents } from '../../src/testing/server-sent-events.ts';
import { harness, record } from './harness.ts';
import type { Harness } from './harness.ts';

let at: Harness;
beforeEach(async () => { at = await harness({ feedStall: 200 }); });
afterEach(async () => { await at.close(); });

/** Reads events of a new connection until there are enough of them. */
async function read(count: number, headers: Readonly<Record<string, string>>): Promise<readonly Event[]> {
  const abort = new AbortController();
  const response = await fetch(`${at.url}/api/events`, { headers, signal: abort.signal });
  const events: Event[] = [];
  for await (const { id, event, data } of readServerSentEvents(response.body!)) {
    const parsed = JSON.parse(data) as Event;
    expect([id, event]).toEqual([String(parsed.seq), parsed.kind]);
    events.push(parsed);
    if (events.length === count) break;
  }
  abort.abort();
  return events;
}

describe('the live feed', () => {
  test('gives what comes, in order', async () => {
    const abort = new AbortController();
    const response = await fetch(`${at.url}/api/events`, { signal: abort.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const ids = [await record(at.store), await record(at.store)];
    const seen: (string | null)[] = [];
    for await (const { data } of readServerSentEvents(response.body!)) {
      seen.push((JSON.parse(data) as Event).capture);
      if (seen.length === 2) break;
    }
    abort.abort();
    expect(seen).toEqual(ids);
  });

  test('resumes after the last event seen, without a gap and without a repetition', async () => {
    for (let n = 0; n < 10; n += 1) await record(at.store);
    const all = await at.store.events(0, 1_000);
    const first = await read(4, { 'last-event-id': '0' });
    const second = await read(all.length - 4, { 'last-event-id': String(first.at(-1)?.seq) });
    expect([...first, ...second]).toEqual(all);
  });

  test('resuming over many connections while calls come in gives every event once', async () => {
    const writing = (async () => {
      for (let n = 0; n < 60; n += 1) await record(at.store);
    })();
    const seen: Event[] = [];
    while (seen.length < 61) seen.push(...await read(Math.min(7, 61 - seen.length), { 'last-event-id': String(seen.at(-1)?.seq ?? 0) }));
    await writing;
    expect(seen).toEqual(await at.store.events(0, 61));
  });

  test('a last event from another store shows this one from its beginning', async () => {
    expect((await read(1, { 'last-event-id': '999999' }))[0]?.seq).toBe(1);
  });

  test('a last event that is no number is refused', async () => {
    const response = await fetch(`${at.url}/api/events`, { headers: { 'last-event-id': 'x' } });
    expect(await response.json()).toMatchObject({ status: 400, name: 'Last-Event-ID' });
  });

  test('a reader that takes nothing is let go, and can resume', async () => {
    const left = whenLeft(at.store);
    // More than the sockets of both sides can hold.
    const data = { filler: 'x'.repeat(1_000_000) };
    for (let n = 0; n < 20; n += 1) await at.store.append({ kind: 'tripped', capture: null, run: null, data });
    const socket = connect(Number(new URL(at.url).port), '127.0.0.1');
    socket.pause();
    socket.on('error', () => undefined);
    socket.write('GET /api/events?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await left;
    socket.destroy();
    const seen: Event[] = [];
    while (seen.length < 21) seen.push(...await read(21 - seen.length, { 'last-event-id': String(seen.at(-1)?.seq ?? 0) }));
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  test('stopping ends it, so that the reader comes back', async () => {
    const response = await fetch(`${at.url}/api/events?after=0`);
    const reading = (async () => {
      const seen: string[] = [];
      for await (const { event } of readServerSentEvents(response.body!)) seen.push(event);
      return seen;
    })();
    await at.control.close();
    expect((await reading).length).toBeGreaterThan(0);
  });

  test('a reader that leaves leaves nothing behind', async () => {
    const left = whenLeft(at.store);
    const sent = request(`${at.url}/api/events`);
    sent.end();
    await once(sent, 'response');
    sent.destroy();
    await left;
    expect((await at.store.events(0, 10)).length).toBe(1);
  });
});

/** Resolves when somebody who watched the store stops watching it. */
function whenLeft(store: Harness['store']): Promise<void> {
  const { subscribe } = store;
  return new Promise((resolve) => {
    Object.assign(store, { subscribe: (listener: () => void) => {
      const stop = subscribe(listener);
      return () => {
        stop();
        resolve();
      };
    } });
  });
}
