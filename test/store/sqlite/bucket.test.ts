import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../src/model/limits.ts';
import { s3Bucket } from '../../../src/store/bucket/s3.ts';
import { http, recording } from '../../contract/store-drafts.ts';
import { startS3 } from '../../support/s3.ts';
import type { KeptBody } from '../../../src/store/body-coding.ts';
import { bucketContract } from '../../contract/store-bucket.ts';
import { discard, openIn, temporary } from './open.ts';

bucketContract('sqlite', async () => {
  const directory = temporary();
  const beside = <T>(work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(join(directory, 'store.db'), { timeout: 5_000 });
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    together: false,
    open: (options) => openIn(directory, options),
    bodies: async () => beside((database) => database.prepare('SELECT sha256, size, coding, data, object FROM bodies').all() as unknown as (KeptBody & { object: string | null })[]),
    async alterBody({ sha256, size, coding, data }) {
      beside((database) => database.prepare('UPDATE bodies SET size = ?, coding = ?, data = ? WHERE sha256 = ?').run(size, coding, data, sha256));
    },
    garbage: async () => beside((database) => database.prepare('SELECT object, kind FROM bucket_garbage').all() as unknown as { object: string; kind: string }[]),
    dispose: async () => discard(directory),
  };
});

test('a record that was committed too late to be acknowledged keeps its object', async () => {
  const directory = temporary();
  const s3 = await startS3();
  const store = await openIn(directory, { bucket: { bucket: s3Bucket(s3.settings, { deadline: 2_000 }), from: 262_144 }, limits: { ...defaultLimits, storeDeadline: 1_000 } });
  await store.begin('one');
  const blocker = new DatabaseSync(join(directory, 'store.db'), { timeout: 5_000 });
  s3.fault = ({ method }, done) => {
    if (method === 'PUT' && !done) blocker.exec('BEGIN IMMEDIATE');
    return null;
  };
  const what = recording({ request: http({ body: randomBytes(300_000) }) });
  await expect(store.record(what)).rejects.toThrow(/did not commit within 1000 ms/);
  blocker.exec('ROLLBACK');
  blocker.close();
  // behind it in the queue, and behind what would give its object up
  const small = recording();
  await store.record(small);
  await store.remove({ ids: [small.draft.id] });
  expect(await store.requestBody(what.draft.id)).toHaveLength(300_000);
  await store.close('one');
  await s3.close();
  discard(directory);
});
