/**
 * A place for large bodies beside the database. Keys are ours, random and never used twice. Called by the store alone: `put` before the row that names the object is
 * committed, `get` when a whole body is asked for, `remove` after the row is gone. Each rejects with StoreUnavailable, saying why; no message holds a credential.
 */
export interface Bucket {
  /** Resolves when the bucket has all of it. After a rejection it may have it all the same, or get it yet. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** null: there is no such object. More than `most` bytes are an error. */
  get(key: string, most: number): Promise<Uint8Array | null>;
  /** Resolves when the object is gone, also where there was none. */
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}

/** What a store is given of a bucket. `from`: bodies that take so many bytes or more as they are kept lie there. */
export interface GivenBucket { readonly bucket: Bucket; readonly from: number }
