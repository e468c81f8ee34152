import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bucket } from '../../../src/store/bucket/bucket.ts';
import { collector, type Collector } from '../../../src/store/bucket/collector.ts';
import { s3Bucket } from '../../../src/store/bucket/s3.ts';
import { startS3, type S3Server } from '../../support/s3.ts';

let s3: S3Server;
let bucket: Bucket;
let running: Collector | null;
beforeEach(async () => {
  s3 = await startS3();
  bucket = s3Bucket(s3.settings, { deadline: 2_000 });
  running = null;
});
afterEach(async () => {
  await running?.close();
  await bucket.close();
  await s3.close();
});

/** Books of which everything is garbage. */
const started = (objects: readonly string[], every: number): { readonly left: Set<string>; readonly collect: Collector } => {
  const left = new Set(objects);
  for (const object of objects) s3.objects.set(object, Buffer.from('x'));
  const collect = collector({ bucket, now: Date.now, every, books: {
    due: async ({ limit }) => [...left].slice(0, limit),
    discard: async (given) => given,
    collected: async (given) => { for (const object of given) left.delete(object); },
  } });
  running = collect;
  return { left, collect };
};
const refused = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;

test('what the bucket did not remove is removed later, without anybody asking', async () => {
  let asked = 0;
  const last = new Promise<void>((resolve) => {
    s3.fault = ({ method }, done) => {
      if (method !== 'DELETE') return null;
      if (done) resolve();
      asked += 1;
      return asked <= 3 ? refused : null;
    };
  });
  const { left } = started(['aa/one'], 5);
  await last;
  await running!.close();
  running = null;
  expect([asked >= 4, [...s3.objects.keys()], [...left]]).toEqual([true, [], []]);
});

test('more than goes at once goes all the same, and whoever asks meanwhile waits for it', async () => {
  const { left, collect } = started(Array.from({ length: 250 }, (_, n) => `aa/${n}`), 60_000);
  await Promise.all([collect.collect(), collect.collect()]);
  expect([s3.objects.size, left.size]).toEqual([0, 0]);
});

test('one that cannot be removed does not end in a loop, and does not keep the others', async () => {
  s3.fault = ({ key }, done) => (key === 'aa/1' && !done ? refused : null);
  const { left, collect } = started(['aa/0', 'aa/1', 'aa/2'], 60_000);
  await collect.collect();
  expect([[...left], [...s3.objects.keys()]]).toEqual([['aa/1'], ['aa/1']]);
});
