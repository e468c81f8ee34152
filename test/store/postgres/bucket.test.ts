import { afterAll, beforeAll } from 'vitest';
import type { KeptBody } from '../../../src/store/body-coding.ts';
import { bucketContract } from '../../contract/store-bucket.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

bucketContract('postgres', async () => {
  const url = await server.database();
  return {
    together: true,
    open: (options) => openAt(url, options),
    bodies: () => server.query<KeptBody & { object: string | null }>(url, 'SELECT sha256, size::int AS size, coding, data, object FROM fourthwall.bodies'),
    async alterBody({ sha256, size, coding, data }) {
      await server.query(url, 'UPDATE fourthwall.bodies SET size = $1, coding = $2, data = $3 WHERE sha256 = $4', [size, coding, data, sha256]);
    },
    garbage: () => server.query<{ object: string; kind: string }>(url, 'SELECT object, kind FROM fourthwall.bucket_garbage'),
    dispose: async () => undefined,
  };
});
