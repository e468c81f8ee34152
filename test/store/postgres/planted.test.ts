import { afterAll, beforeAll, expect, test } from 'vitest';
import { redact } from '../../../src/store/redaction.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { plantedSecrets, type Planted } from '../planted-secrets.ts';
import { dumpOf } from './dump.ts';
import { openAt, testKey } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

const found = (planted: readonly Planted[], ...texts: readonly string[]): readonly string[] =>
  planted.filter(({ secret }) => texts.some((text) => text.includes(secret.slice(-14)))).map(({ where }) => where);

test('none of the planted secrets is found in any table, or in what the store gives out', async () => {
  const url = await server.database();
  const planted = plantedSecrets();
  const store = await openAt(url);
  for (const { draft } of planted) await store.record({ draft: redact(draft, testKey), remember: [], callbacks: [] });
  await server.query(url, 'ANALYZE');
  const dump = await dumpOf(server, url);
  const out: string[] = [];
  for (const { draft } of planted) {
    out.push(JSON.stringify(await store.capture(draft.id)), ...[await store.requestBody(draft.id), await store.replyBody(draft.id)].map((bytes) => Buffer.from(bytes ?? []).toString('latin1')));
  }
  await store.close('one');
  expect(dump).toContain('Your order');
  expect(planted.length).toBeGreaterThan(40);
  expect(found(planted, dump, ...out)).toEqual([]);
});

test('without redaction the same search finds them', async () => {
  const url = await server.database();
  const planted = plantedSecrets();
  const store = await openAt(url);
  for (const { draft } of planted) await store.record({ draft, remember: [], callbacks: [] });
  const dump = await dumpOf(server, url);
  await store.close('one');
  // Those in a coding (base64, gzip, quoted-printable) cannot be seen by a plain search.
  expect(found(planted, dump).length).toBeGreaterThan(40);
});
