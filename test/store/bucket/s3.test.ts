import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/model/store.ts';
import type { Bucket } from '../../../src/store/bucket/bucket.ts';
import { tryOut } from '../../../src/store/bucket/mark.ts';
import { s3Bucket, type S3Settings } from '../../../src/store/bucket/s3.ts';
import { startS3, type S3Fault, type S3Server } from '../../support/s3.ts';

let s3: S3Server;
let bucket: Bucket;
const open: Bucket[] = [];
const bucketAt = (more: Partial<S3Settings> = {}, deadline = 2_000): Bucket => {
  const made = s3Bucket({ ...s3.settings, ...more }, { deadline });
  open.push(made);
  return made;
};
beforeEach(async () => {
  s3 = await startS3();
  bucket = bucketAt();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await s3.close();
});
const refusal = (work: Promise<unknown>): Promise<Error> => work.then(() => { throw new Error('it was not refused'); }, (error: unknown) => error as Error);
const refusals = (of: Bucket): Promise<readonly Error[]> => Promise.all([of.put('k', Buffer.from('x')), of.get('k', 10), of.remove('k')].map(refusal));
const always = (fault: S3Fault): void => { s3.fault = (_request, done) => (done ? null : fault); };

test('what is put can be got and removed; what is not there is null', async () => {
  const bytes = randomBytes(1_000_000);
  await bucket.put('aa/one', bytes);
  expect(bytes.equals((await bucket.get('aa/one', bytes.length))!)).toBe(true);
  await bucket.remove('aa/one');
  expect(await bucket.get('aa/one', 10)).toBeNull();
  await bucket.remove('aa/one');
  expect(s3.objects.size).toBe(0);
});

test('a prefix stands before every key', async () => {
  await bucketAt({ prefix: 'staging/one' }).put('aa/one', Buffer.from('x'));
  expect([...s3.objects.keys()]).toEqual(['staging/one/aa/one']);
});

test('every upload states its SHA-256 twice: signed, and as the checksum of the object', async () => {
  const bytes = randomBytes(10_000);
  await bucket.put('aa/one', bytes);
  const hash = createHash('sha256').update(bytes).digest();
  expect(s3.requests.at(-1)!.headers).toMatchObject({ 'x-amz-content-sha256': hash.toString('hex'), 'x-amz-checksum-sha256': hash.toString('base64'), 'content-length': '10000' });
});

describe('is an error', () => {
  test('with wrong keys, another region or another bucket; nothing is tried again', async () => {
    for (const [wrong, said] of [
      [{ secretKey: 'another' }, '403 SignatureDoesNotMatch'], [{ accessKey: 'another' }, '403 InvalidAccessKeyId'], [{ region: 'other-1' }, '400 AuthorizationHeaderMalformed'],
    ] as const) {
      expect(String(await refusal(bucketAt(wrong).put('aa/one', Buffer.from('x'))))).toContain(said);
    }
    for (const error of await refusals(bucketAt({ name: 'elsewhere' }))) expect(error).toBeInstanceOf(StoreUnavailable);
    expect(s3.requests).toEqual([]);
  });

  test('a redirect, which is not followed', async () => {
    let visitors = 0;
    const elsewhere = createServer((socket) => {
      visitors += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    always({ kind: 'answer', status: 307, code: 'TemporaryRedirect', headers: { location: `http://127.0.0.1:${port}/captures/aa/one` } });
    for (const error of await refusals(bucket)) expect(String(error)).toContain('307 TemporaryRedirect; redirects are not followed');
    expect(visitors).toBe(0);
    elsewhere.close();
  });

  test('an upload of which a byte became another on its way', async () => {
    const { port } = new URL(s3.settings.endpoint);
    const altering = createServer((client) => {
      const onward = connect(Number(port), '127.0.0.1');
      client.on('data', (chunk: Buffer) => onward.write(Buffer.from(chunk.toString('latin1').replace('zebra', 'zebrA'), 'latin1')));
      onward.pipe(client);
      for (const socket of [client, onward]) socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(altering, 'listening');
    // the port is under the signature too
    const through = bucketAt({ endpoint: `http://127.0.0.1:${(altering.address() as AddressInfo).port}` });
    expect(String(await refusal(through.put('aa/one', Buffer.from('a zebra crosses'))))).toContain('400 XAmzContentSHA256Mismatch');
    expect(s3.objects.size).toBe(0);
    await through.put('aa/one', Buffer.from('an ass crosses'));
    expect(s3.objects.size).toBe(1);
    await through.close();
    altering.close();
  });

  test('an answer other than 200 to an upload, whatever it is', async () => {
    for (const [status, code] of [[202, ''], [204, ''], [404, 'NoSuchBucket'], [403, 'AccessDenied'], [400, 'BadDigest'], [412, 'PreconditionFailed']] as const) {
      always({ kind: 'answer', status, code });
      expect(await refusal(bucket.put('aa/one', Buffer.from('x'))), String(status)).toBeInstanceOf(StoreUnavailable);
    }
    expect(s3.objects.size).toBe(0);
  });

  test('a bucket that keeps old versions: nothing could be deleted from it', async () => {
    s3.versions = true;
    expect(String(await refusal(tryOut(bucket)))).toMatch(/keeps old versions of objects.*name one without versioning/);
  });

  test('an object that is longer than it may be, or of which half arrives', async () => {
    await bucket.put('aa/one', randomBytes(500_000));
    expect(String(await refusal(bucket.get('aa/one', 400_000)))).toContain('larger than what was put there');
    always({ kind: 'half' });
    expect(await refusal(bucket.get('aa/one', 500_000))).toBeInstanceOf(StoreUnavailable);
  });

  test('no answer within the deadline, and no connection', async () => {
    always({ kind: 'stall' });
    for (const error of await refusals(bucketAt({}, 100))) expect(String(error)).toMatch(/no answer within 1\d\d ms/);
    for (const error of await refusals(bucketAt({ endpoint: 'http://127.0.0.1:1' }))) expect(String(error)).toContain('ECONNREFUSED');
  });

  test('a bucket that gives other bytes back, or gives what was removed', async () => {
    s3.fault = ({ method }, done) => (method === 'GET' && !done ? { kind: 'other', body: randomBytes(1_024) } : null);
    expect(String(await refusal(tryOut(bucket)))).toContain('does not give back what was put there');
    s3.fault = ({ method }, done) => (method === 'DELETE' && !done ? { kind: 'answer', status: 204, code: '' } : null);
    expect(String(await refusal(tryOut(bucket)))).toContain('still gives what was removed');
  });
});

test('what passes is asked again: a cut connection, a lost answer, 503', async () => {
  for (const fault of [{ kind: 'cut' }, { kind: 'lost' }, { kind: 'answer', status: 503, code: 'SlowDown' }, { kind: 'answer', status: 500, code: 'InternalError' }] as const) {
    let times = 0;
    s3.fault = (_request, done) => (!done && times++ < 2 ? fault : null);
    await bucket.put('aa/one', Buffer.from('whole'));
    expect(s3.objects.get('aa/one')?.toString()).toBe('whole');
    times = 0;
    expect((await bucket.get('aa/one', 10))?.toString()).toBe('whole');
    times = 0;
    await bucket.remove('aa/one');
    expect(s3.objects.size).toBe(0);
  }
  always({ kind: 'answer', status: 503, code: 'SlowDown' });
  s3.requests.length = 0;
  expect(String(await refusal(bucket.put('aa/one', Buffer.from('x'))))).toContain('503 SlowDown');
  expect(s3.requests).toHaveLength(3);
});

test('no proxy of the environment is asked', async () => {
  const before = { HTTP_PROXY: process.env['HTTP_PROXY'], http_proxy: process.env['http_proxy'], NODE_USE_ENV_PROXY: process.env['NODE_USE_ENV_PROXY'] };
  Object.assign(process.env, { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' });
  try {
    await tryOut(bucketAt());
    expect(s3.requests.every(({ headers }) => !('proxy-authorization' in headers))).toBe(true);
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test('no credential is in an error, however it is printed', async () => {
  const errors: unknown[] = [];
  for (const fault of [{ kind: 'answer', status: 403, code: 'SignatureDoesNotMatch' }, { kind: 'cut' }, { kind: 'stall' }, { kind: 'answer', status: 301, code: 'PermanentRedirect' }] as const) {
    always(fault);
    errors.push(...await refusals(bucketAt({}, 50)));
  }
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => { lines.push(line); } });
  for (const error of errors) logger.error({ err: error }, 'x');
  const printed = [...lines, ...errors.map((error) => inspect(error, { depth: 20, showHidden: true }))].join('\n');
  expect(errors).toHaveLength(12);
  for (const secret of [s3.settings.secretKey, s3.settings.accessKey, 'AWS4-HMAC', 'StringToSign']) expect(printed).not.toContain(secret);
});
