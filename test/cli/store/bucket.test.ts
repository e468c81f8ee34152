import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Checked } from '../../../src/model/upkeep.ts';
import { http, recording } from '../../contract/store-drafts.ts';
import { startS3, type S3Server } from '../../support/s3.ts';
import { bucketFrom, engines, places, type Engine, type Place, type Places, type With } from './engines.ts';

let at: Places;
const buckets: S3Server[] = [];
beforeAll(async () => { at = await places(); });
afterAll(async () => {
  for (const each of buckets) await each.close();
  await at?.close();
});

async function bucket(): Promise<S3Server> {
  const made = await startS3();
  buckets.push(made);
  return made;
}

const large = randomBytes(bucketFrom * 2);
const objectsOf = (s3: S3Server): readonly string[] => [...s3.objects.keys()].filter((key) => s3.objects.get(key)!.length >= bucketFrom);

/** Two captures that share a large body, and one that is small. */
async function filled(engine: Engine, more: With): Promise<{ readonly place: Place; readonly ids: readonly string[] }> {
  const place = await at.place(engine, more);
  const store = await place.open();
  const drafts = [recording({ request: http({ body: large }) }), recording({ request: http({ body: large }) }), recording({ request: http({ body: Buffer.from('small') }) })];
  for (const each of drafts) await store.record(each);
  await store.close('one');
  return { place, ids: drafts.map(({ draft }) => draft.id) };
}
async function bodies(place: Place, ids: readonly string[]): Promise<readonly string[]> {
  const store = await place.open();
  const found = await Promise.all(ids.map(async (id) => Buffer.from((await store.requestBody(id))!).toString('base64')));
  await store.close('nobody');
  return found;
}
const flaws = async (place: Place): Promise<Checked['flaws']> => (JSON.parse((await place.fourthwall(['check', '--json'])).out) as Checked).flaws;
let files = 0;
const file = (): string => { files += 1; return join(at.directory, `bucket-${files}.jsonl`); };

describe.each([...engines.map((engine) => [engine, {}] as const), ['sqlite', { storeKey: randomBytes(32).toString('hex') }] as const])('a %s store with a bucket, sealed or not (%#)', (engine, more) => {
  test('is exported whole, and taken in where there is a bucket, or none: large bodies lie there where there is one', async () => {
    const [here, there] = [await bucket(), await bucket()];
    const { place, ids } = await filled(engine, { ...more, bucket: here.settings });
    const original = await bodies(place, ids);
    const to = file();
    expect(await place.fourthwall(['export', to])).toMatchObject({ code: 0 });
    const [without, within] = [await at.place(engine === 'sqlite' ? 'postgres' : 'sqlite'), await at.place(engine, { ...more, bucket: there.settings })];
    for (const target of [without, within]) {
      expect(await target.fourthwall(['import', to])).toMatchObject({ code: 0, err: '' });
      expect(await bodies(target, ids)).toEqual(original);
      expect(await target.fourthwall(['check', '--deep'])).toMatchObject({ code: 0, err: '' });
    }
    expect(objectsOf(there)).toHaveLength(1);
    expect(readFileSync(to, 'utf8')).not.toContain(here.settings.secretKey);
  });

  test('is refused where no gateway.yaml names the bucket: nothing is exported or found good with gaps', async () => {
    const s3 = await bucket();
    const { place } = await filled(engine, { ...more, bucket: s3.settings });
    const to = file();
    for (const command of [['check'], ['export', to]]) {
      expect(await place.fourthwall([...command, '--config', at.directory])).toEqual({ code: 2, out: '', err: expect.stringMatching(/1 bodies of this store lie in a bucket, and no gateway.yaml names it.*--config/) });
    }
    expect(() => readFileSync(to)).toThrow(/ENOENT/);
    const again = await at.place(engine === 'sqlite' ? 'postgres' : 'sqlite');
    expect(await place.fourthwall(['export', to])).toMatchObject({ code: 0 });
    expect(await again.fourthwall(['import', to])).toMatchObject({ code: 0 });
    expect(await place.fourthwall(['import', to, '--config', at.directory])).toMatchObject({ code: 2, err: expect.stringMatching(/names no bucket/) });
  });

  test('an object that is missing, or altered, is found and named; an export of it fails and leaves no file', async () => {
    const s3 = await bucket();
    const { place } = await filled(engine, { ...more, bucket: s3.settings });
    const [key] = objectsOf(s3);
    const whole = s3.objects.get(key!)!;
    const altered = Buffer.from(whole);
    altered[altered.length - 20]! ^= 1;
    s3.objects.set(key!, altered);
    expect(await flaws(place)).toEqual([expect.objectContaining({ kind: 'body', what: `is not, byte for byte, what was kept, in the bucket as ${key}` })]);
    const to = file();
    expect((await place.fourthwall(['export', to])).code).not.toBe(0);
    expect(() => readFileSync(to)).toThrow(/ENOENT/);
    s3.objects.delete(key!);
    expect(await flaws(place)).toEqual([expect.objectContaining({ kind: 'body', what: expect.stringMatching(new RegExp(`^is missing in the bucket, as ${key} `)) })]);
    s3.objects.set(key!, whole);
    expect(await flaws(place)).toEqual([]);
    s3.fault = () => ({ kind: 'answer', status: 403, code: 'AccessDenied' });
    expect(await flaws(place)).toEqual([expect.objectContaining({ kind: 'body', what: expect.stringMatching(/^cannot be had from the bucket: /) })]);
    s3.fault = () => null;
  });
});

test.each(engines)('a beginning in the database of %s that is not that of the object is found: it is what people are shown', async (engine) => {
  const s3 = await bucket();
  const { place } = await filled(engine, { bucket: s3.settings });
  expect(await flaws(place)).toEqual([]);
  if (engine === 'sqlite') {
    const database = new DatabaseSync(place.store.slice('sqlite:'.length));
    database.exec(`UPDATE bodies SET data = CAST(zeroblob(3) || substr(data, 4) AS BLOB) WHERE object IS NOT NULL`);
    database.close();
  } else await at.server.query(place.store, `UPDATE fourthwall.bodies SET data = '\\x000000'::bytea || substr(data, 4) WHERE object IS NOT NULL`);
  expect(await flaws(place)).toEqual([expect.objectContaining({ kind: 'body', what: 'begins otherwise in the database than in the bucket' })]);
});
