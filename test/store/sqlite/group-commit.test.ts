import { afterEach, beforeEach, expect, test } from 'vitest';
import { answer, email, http, recording } from '../../contract/store-drafts.ts';
import type { Store } from '../../../src/model/store.ts';
import { discard, openIn, temporary } from './open.ts';

const scope = { provider: 'stripe', account: '', run: '' };
let directory: string;
let store: Store;
beforeEach(async () => {
  directory = temporary();
  store = await openIn(directory);
});
afterEach(async () => {
  await store.close('test');
  discard(directory);
});

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

test('a value that cannot travel is refused to its caller alone: its neighbours are committed and the store goes on', async () => {
  const [deep, odd, good] = await Promise.allSettled([
    store.putObjects([{ scope, kind: 'customer', id: 'deep', value: nested(50_000) }]),
    store.putObjects([{ scope, kind: 'customer', id: 'odd', value: { call: () => 1 } }]),
    store.putObjects([{ scope, kind: 'customer', id: 'good', value: { a: 1 } }]),
  ]);
  expect(deep.status).toBe('rejected');
  expect(odd).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('the store cannot take this value') } });
  expect(good.status).toBe('fulfilled');
  expect(await store.recall(scope, 'customer', 'good')).toMatchObject({ value: { a: 1 } });
  expect(await store.healthy()).toBe(true);
});

test('bytes that many effects share travel and weigh once: a merge of a thousand with a large attachment fits a small queue', async () => {
  await store.close('test');
  store = await openIn(directory, { limits: { storeDeadline: 20_000, storeQueue: 10, storeQueueBytes: 4 * 1024 * 1024 } });
  const attachments = [{ filename: 'a.bin', contentType: 'application/octet-stream', contentId: null, content: Buffer.alloc(500_000, 'a') }];
  const merge = recording({ id: 'cap_merge', decoded: { kind: 'effects', effects: Array.from({ length: 1_000 }, () => email({ attachments })) } });
  const other = recording({ id: 'cap_other', request: http({ body: Buffer.from('x') }), reply: answer({ body: Buffer.from('y') }) });
  await Promise.all([store.record(merge), store.record(other)]);
  expect((await store.capture('cap_merge'))?.content?.attachments).toHaveLength(1);
});

test('a long text that many effects say is kept with the first, and the others point to it', async () => {
  const html = `<p>${'a'.repeat(100_000)}</p>`;
  const effects = [email({ html }), email({ html }), email({ html: 'short' })];
  await store.record(recording({ id: 'cap_merge', decoded: { kind: 'effects', effects } }));
  expect((await store.capture('cap_merge'))?.decoded).toMatchObject({ effects: [{ html }, { html: null, sameAs: 0 }, { html: 'short' }] });
});

test('bytes cut from a large pool weigh what they are, and travel without the pool', async () => {
  await store.close('test');
  store = await openIn(directory, { limits: { storeDeadline: 20_000, storeQueue: 10, storeQueueBytes: 64 * 1024 } });
  const body = Buffer.alloc(8 * 1024 * 1024, 'x').subarray(0, 4);
  await Promise.all(['cap_1', 'cap_2', 'cap_3'].map((id) => store.record(recording({ id, request: http({ body }) }))));
  expect(await store.requestBody('cap_3')).toHaveLength(4);
});
