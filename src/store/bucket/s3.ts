import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { Pool, type Dispatcher } from 'undici';
import { StoreUnavailable } from '../../model/store.ts';
import type { Bucket } from './bucket.ts';

export interface S3Settings {
  /** http(s)://host:port */
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  /** before every key; null = none */
  readonly prefix: string | null;
  readonly accessKey: string;
  readonly secretKey: string;
  /** the name in the path, not before the host */
  readonly pathStyle: boolean;
}

/** What was answered. `code`: the service's own word for an error, and nothing else of what it said: its errors repeat what was signed. */
interface Answer { readonly status: number; readonly code: string; readonly version: string | null; readonly bytes: Uint8Array }

/** Bytes a second that the way to the bucket must manage beyond the deadline of a small object. */
const leastRate = 2 * 1024 * 1024;
const connections = 8;
const attempts = 3;
/** ms before the second attempt; twice that before the third */
const pause = 100;
const longestError = 4_096;
/** Says nothing of the request: the same may be asked again. */
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/**
 * An S3-compatible bucket: exactly this one host, by connections of its own that know no proxy and follow no redirect. Signed by aws4fetch.
 * `deadline`: ms for an object of no size, all attempts together.
 */
export function s3Bucket({ endpoint, region, name, prefix, accessKey, secretKey, pathStyle }: S3Settings, { deadline }: { readonly deadline: number }): Bucket {
  const base = new URL(endpoint);
  if (!pathStyle) base.hostname = `${name}.${base.hostname}`;
  const before = [...(pathStyle ? [name] : []), ...(prefix === null ? [] : [prefix])].map((part) => `/${part}`).join('');
  const pool = (): Pool => new Pool(base.origin, { connections, pipelining: 1, connect: { timeout: deadline }, allowH2: false });
  // What is shown never holds up what is recorded.
  const [writing, reading] = [pool(), pool()];

  async function once(to: Pool, method: 'PUT' | 'GET' | 'DELETE', key: string, { bytes, most, signal }: { readonly bytes: Uint8Array | null; readonly most: number; readonly signal: AbortSignal }): Promise<Answer> {
    const hash = createHash('sha256').update(bytes ?? '').digest();
    const { url, headers } = await new AwsV4Signer({
      method, url: `${base.origin}${before}/${key}`, service: 's3', region, accessKeyId: accessKey, secretAccessKey: secretKey,
      headers: { 'x-amz-content-sha256': hash.toString('hex'), ...(bytes === null ? {} : { 'x-amz-checksum-sha256': hash.toString('base64'), 'content-type': 'application/octet-stream' }) },
    }).sign();
    const answer = await to.request({ method, path: url.pathname, headers: Object.fromEntries(headers), body: bytes, signal });
    const version = answer.headers['x-amz-version-id'];
    const good = answer.statusCode === 200;
    const read = await bytesOf(answer.body, good ? most : longestError, good);
    return { status: answer.statusCode, code: good ? '' : /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(read.toString('latin1'))?.[1] ?? '', version: typeof version === 'string' ? version : null, bytes: read };
  }

  async function ask(to: Pool, method: 'PUT' | 'GET' | 'DELETE', key: string, { bytes = null, most = longestError }: { readonly bytes?: Uint8Array | null; readonly most?: number }): Promise<Answer> {
    const patience = deadline + Math.ceil(((bytes?.length ?? most) / leastRate) * 1_000);
    const signal = AbortSignal.timeout(patience);
    const failed = (why: string): StoreUnavailable => new StoreUnavailable(`the bucket ${name} at ${base.host} did not ${verbs[method]} the object ${key}: ${signal.aborted ? `no answer within ${patience} ms` : why}`);
    for (let attempt = 1; ; attempt += 1) {
      let why: string;
      try {
        const answer = await once(to, method, key, { bytes, most, signal });
        if (answer.status < 300 || answer.status === 404) return answer;
        why = `${answer.status} ${answer.code}`.trim();
        if (answer.status < 400) why = `${why}; redirects are not followed: name the endpoint and region where the bucket is`;
        if (!passing.has(answer.status)) throw new Final(why);
      } catch (error) {
        if (error instanceof Final || error instanceof TooMuch) throw failed(error.message);
        why ??= reasonOf(error);
      }
      // The cause is left behind: what a library hangs on its errors is not ours to vouch for.
      if (attempt === attempts || signal.aborted) throw failed(why);
      await delay(pause * attempt, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    async put(key, bytes) {
      const { status, code, version } = await ask(writing, 'PUT', key, { bytes });
      if (status === 404) throw new StoreUnavailable(`the bucket ${name} at ${base.host} did not take the object ${key}: ${`404 ${code}`.trim()}; is its name right?`);
      if (status !== 200) throw new StoreUnavailable(`the bucket ${name} at ${base.host} did not take the object ${key}: it answered ${status}, where only 200 says that it is kept`);
      if (version !== null && version !== 'null') {
        throw new StoreUnavailable(`the bucket ${name} at ${base.host} keeps old versions of objects, so nothing could be deleted from it; name one without versioning`);
      }
    },
    async get(key, most) {
      const { status, code, bytes } = await ask(reading, 'GET', key, { most });
      if (status === 200) return bytes;
      if (status === 404 && code !== 'NoSuchBucket') return null;
      throw new StoreUnavailable(`the bucket ${name} at ${base.host} did not give the object ${key}: it answered ${status} ${code}`.trimEnd());
    },
    async remove(key) {
      const { status, code } = await ask(writing, 'DELETE', key, {});
      if (status === 404 && code === 'NoSuchBucket') throw new StoreUnavailable(`there is no bucket ${name} at ${base.host}`);
    },
    async close() {
      await Promise.all([writing.destroy(), reading.destroy()]);
    },
  };
}

const verbs = { PUT: 'take', GET: 'give', DELETE: 'remove' } as const;

class Final extends Error {}
class TooMuch extends Error {}

/** An error is read as far as it is short; an object is wanted whole. */
async function bytesOf(body: Dispatcher.ResponseData['body'], most: number, whole: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) {
      if (whole) throw new TooMuch(`it is larger than what was put there (more than ${most} bytes)`);
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A refused connection to a name with several addresses is an AggregateError without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error && error.message !== '' ? error.message : 'the connection failed';
}
