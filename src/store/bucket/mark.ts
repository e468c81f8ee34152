import { randomBytes, randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../../model/store.ts';
import type { Books } from './books.ts';
import type { Bucket } from './bucket.ts';

const markBytes = 256;

/** Tried, not believed: what is put there can be got back, and is gone when it was removed. Rejects with what is wrong. */
export async function tryOut(bucket: Bucket): Promise<void> {
  const key = `probe-${randomUUID()}`;
  const bytes = randomBytes(1_024);
  await bucket.put(key, bytes);
  const back = await bucket.get(key, bytes.length);
  if (back === null || !bytes.equals(back)) throw new StoreUnavailable('the bucket does not give back what was put there: a store cannot stand on it');
  await bucket.remove(key);
  if (await bucket.get(key, bytes.length) !== null) throw new StoreUnavailable('the bucket still gives what was removed from it: nothing could be deleted');
}

/**
 * The object by which the bucket is known to be the one this store's bodies lie in; made where there is none yet. In another bucket every large body would be missing, and what is
 * deleted would stay where it is. Gateways on one database find out in the same way that they share one bucket.
 */
export async function markOf(bucket: Bucket, books: Pick<Books, 'mark'>): Promise<string> {
  const known = await books.mark(null);
  if (known !== null) return there(bucket, known);
  const mine = `store-${randomUUID()}`;
  await bucket.put(mine, Buffer.from('Bodies of a Fourthwall store lie beside this object. It is known by it: keep it with them.\n'));
  const agreed = (await books.mark(mine))!;
  if (agreed === mine) return mine;
  await bucket.remove(mine);
  return there(bucket, agreed);
}

export async function isThere(bucket: Bucket, mark: string): Promise<boolean> {
  return await bucket.get(mark, markBytes) !== null;
}

async function there(bucket: Bucket, mark: string): Promise<string> {
  if (await isThere(bucket, mark)) return mark;
  throw new StoreUnavailable(`this is not the bucket that the large bodies of this store lie in: it has no object ${mark}. Name that bucket again, or bring all its objects here, that one too`);
}
