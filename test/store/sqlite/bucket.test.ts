import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
