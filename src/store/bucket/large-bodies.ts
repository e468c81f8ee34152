import type { Limits } from '../../model/limits.ts';
import { StoreUnavailable, type BucketState } from '../../model/store.ts';
import { decodeAside, encodeAside } from '../body-coding.ts';
import { openBody } from '../body-sealing.ts';
import type { Part } from '../prepare.ts';
import type { Seal } from '../seal.ts';
import type { Books } from './books.ts';
import type { Bucket, GivenBucket } from './bucket.ts';
import { collector } from './collector.ts';
import { whole, wholeContent, type WithContent } from './fetching.ts';
import { isThere, markOf, tryOut } from './mark.ts';
import type { InBucket, Placed } from './placed.ts';
import { placing } from './placing.ts';

/** What a store does with the bodies that are too large for its database. Without a bucket there are none. */
export interface LargeBodies {
  place<T>(parts: () => readonly Part[], write: (placed: readonly Placed[]) => Promise<T>): Promise<T>;
  whole(ask: () => Promise<Uint8Array | InBucket | null>): Promise<Uint8Array | null>;
  wholeContent<T extends { readonly content: Uint8Array | InBucket }>(ask: () => Promise<T | null>): Promise<WithContent<T> | null>;
  /** after a deletion */
  collect(): Promise<void>;
  state(): Promise<BucketState | null>;
  /** Before the database is closed: what is on its way is recorded. */
  close(): Promise<void>;
}

const collectEvery = 30_000;
/** ms: how long an answer of the bucket stands for its state */
const freshFor = 2_000;

function reading(bucket: Bucket | null, seal: Seal): Pick<LargeBodies, 'whole' | 'wholeContent'> {
  const fetched: LargeBodies['whole'] = (ask) => whole(bucket, (kept) => decodeAside(openBody(seal, kept), seal.digest), ask);
  return { whole: fetched, wholeContent: (ask) => wholeContent(fetched, ask) };
}

/** Rejects with StoreUnavailable where the bucket cannot be what large bodies are kept in, or where there is none and some are. */
export async function openLargeBodies({ given, books, seal, limits, now }: {
  readonly given: GivenBucket | null;
  readonly books: Books;
  readonly seal: Seal;
  readonly limits: Pick<Limits, 'storeQueueBytes'>;
  readonly now: () => number;
}): Promise<LargeBodies> {
  if (given === null) {
    const { bodies, garbage } = await books.counts();
    if (bodies + garbage > 0) {
      throw new StoreUnavailable(`${bodies} bodies of this store lie in a bucket and ${garbage} objects are to be removed from it, but gateway.yaml names no bucket: name it again (it may go when nothing lies there any more)`);
    }
    return { place: (_parts, write) => write([]), ...reading(null, seal), collect: async () => undefined, state: async () => null, close: async () => undefined };
  }
  const { bucket } = given;
  let mark: string;
  try {
    await tryOut(bucket);
    mark = await markOf(bucket, books);
  } catch (error) {
    await bucket.close();
    throw error;
  }
  const { place, drain } = placing({ ...given, books, seal, encode: encodeAside, most: limits.storeQueueBytes });
  const { collect, close } = collector({ bucket, books, now, every: collectEvery });
  void collect();

  let answered = Number.NEGATIVE_INFINITY;
  let asking: Promise<string | null> | null = null;
  /** why it cannot be used now, or null */
  const fault = (): Promise<string | null> => {
    if (asking === null || Math.abs(performance.now() - answered) > freshFor) {
      answered = performance.now();
      asking = isThere(bucket, mark).then((there) => (there ? null : 'it is another bucket, or was emptied'), (error: unknown) => (error as Error).message);
    }
    return asking;
  };
  return {
    place, collect,
    ...reading(bucket, seal),
    async state() {
      const [why, { garbage }] = await Promise.all([fault(), books.counts()]);
      return { why, garbage };
    },
    async close() {
      await drain();
      await close();
      await bucket.close();
    },
  };
}
