import type { BucketCounts } from '../bucket/books.ts';
import type { Sql } from './sql.ts';

export function objectsDue(sql: Sql, { before, limit }: { readonly before: string; readonly limit: number }): readonly string[] {
  return sql.all<{ object: string }>(`SELECT object FROM bucket_garbage WHERE kind = 'garbage' OR at < ? LIMIT ?`, before, limit).map(({ object }) => object);
}

export function bucketCounts(sql: Sql, _nothing: null): BucketCounts {
  const { bodies, garbage } = sql.one<BucketCounts>(`SELECT (SELECT count(*) FROM bodies WHERE object IS NOT NULL) AS bodies, (SELECT count(*) FROM bucket_garbage WHERE kind = 'garbage') AS garbage`)!;
  return { bodies, garbage };
}
