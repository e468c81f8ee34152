import { StoreUnavailable } from '../../model/store.ts';
import { decodeAside, type KeptBody } from '../body-coding.ts';
import { openBody } from '../body-sealing.ts';
import type { Bucket } from '../bucket/bucket.ts';
import { slack, whole } from '../bucket/fetching.ts';
import { inBucket } from '../bucket/placed.ts';
import type { Seal } from '../seal.ts';

/** What a store is read with besides itself. */
export interface ReadWith {
  /** of its own key */
  readonly seal: Seal;
  /** where its large bodies lie; null = nobody named one */
  readonly bucket: Bucket | null;
}

/** `object` of a row is always selected here: without it a beginning would be taken for the whole. */
export type BodyRow = KeptBody & { readonly object: string | null };
export const bodyColumns = 'sha256, size, coding, data, object';

/** The body, from wherever it lies. Throws where it is not, byte for byte, what was kept. */
export async function wholeBody({ seal, bucket }: ReadWith, kept: BodyRow): Promise<Uint8Array> {
  const decode = (each: KeptBody): Promise<Uint8Array> => decodeAside(openBody(seal, each), seal.digest);
  if (kept.object === null) return decode(kept);
  return (await whole(bucket, decode, async () => inBucket({ ...kept, object: kept.object! })))!;
}

/** As it is kept, whole; null where the bucket has no such object. */
export async function keptWhole(bucket: Bucket | null, kept: BodyRow): Promise<KeptBody | null> {
  if (kept.object === null) return kept;
  if (bucket === null) throw new StoreUnavailable('no bucket was named');
  const data = await bucket.get(kept.object, kept.size + slack);
  return data === null ? null : { ...kept, data };
}

/** Throws where bodies lie in a bucket that nobody named: what is read would have gaps. */
export function mustBeThere(inBucketNow: number, { bucket }: ReadWith): void {
  if (bucket !== null || inBucketNow === 0) return;
  throw new StoreUnavailable(`${inBucketNow} bodies of this store lie in a bucket, and no gateway.yaml names it: give the directory of the gateway's own with --config or FOURTHWALL_CONFIG`);
}
