/**
 * What the database knows of the bucket, so that nothing ever has to list it: which objects are on their way there, and which are to go. An object is `intended` from before its upload to the commit
 * of the row that names it, and `garbage` from the commit that drops that row (or the upload that came to nothing) until it was removed. Garbage is never used again.
 */
export interface Books {
  intend(objects: readonly string[]): Promise<void>;
  /** Those that no body names are garbage from now on, even where they were given up already: an upload may have come later. Resolves with those. */
  discard(objects: readonly string[]): Promise<readonly string[]>;
  /** garbage, and what was intended before `before` (RFC 3339); at most `limit` */
  due(asked: { readonly before: string; readonly limit: number }): Promise<readonly string[]>;
  /** They are not in the bucket any more. */
  collected(objects: readonly string[]): Promise<void>;
  /** The object by which the bucket of this store is known: the one that was agreed on first. null asks only. */
  mark(object: string | null): Promise<string | null>;
  /** how many bodies lie in the bucket, and how many objects are to go */
  counts(): Promise<BucketCounts>;
}

export interface BucketCounts { readonly bodies: number; readonly garbage: number }
