import { StoreUnavailable } from '../../model/store.ts';
import type { KeptBody } from '../body-coding.ts';
import type { Bucket } from './bucket.ts';
import { hashText, type InBucket } from './placed.ts';

/** How much longer than the body itself an object may be. */
export const slack = 64 * 1024;

/** Gives a body that was asked for whole, from wherever it lies: checked against its size and hash. `ask` may be asked twice: a capture may be deleted meanwhile. */
export async function whole(bucket: Bucket | null, decode: (kept: KeptBody) => Promise<Uint8Array>, ask: () => Promise<Uint8Array | InBucket | null>): Promise<Uint8Array | null> {
  const asked = await ask();
  if (!isInBucket(asked)) return asked;
  if (bucket === null) throw new StoreUnavailable(`the body ${named(asked)} lies in a bucket, and gateway.yaml names none`);
  const data = await bucket.get(asked.object, asked.size + slack);
  if (data === null) {
    const again = await ask();
    if (!isInBucket(again) || again.object !== asked.object) return whole(bucket, decode, async () => again);
    throw new StoreUnavailable(`the store could not read: the object of a kept body is missing (${named(asked)}); restore it, or delete the capture`);
  }
  try {
    return await decode({ ...asked, data });
  } catch (error) {
    throw new StoreUnavailable(`the store could not read: ${(error as Error).message}`, { cause: error });
  }
}

export type WithContent<T> = Omit<T, 'content'> & { readonly content: Uint8Array };

/** The same of what has its body beside other things. */
export async function wholeContent<T extends { readonly content: Uint8Array | InBucket }>(
  fetched: (ask: () => Promise<Uint8Array | InBucket | null>) => Promise<Uint8Array | null>, ask: () => Promise<T | null>): Promise<WithContent<T> | null> {
  const last: { found: T | null } = { found: null };
  const content = await fetched(async () => {
    last.found = await ask();
    return last.found?.content ?? null;
  });
  return last.found === null || content === null ? null : { ...last.found, content };
}

function isInBucket(body: Uint8Array | InBucket | null): body is InBucket {
  return body !== null && 'kind' in body;
}

function named({ object, sha256, size }: InBucket): string {
  return `${object} in the bucket, sha256 ${hashText(sha256).slice(0, 12)}, ${size} bytes`;
}
