import type { BucketCounts } from '../bucket/books.ts';
import type { Sql } from './sql.ts';

export async function objectsDue(sql: Sql, { before, limit }: { readonly before: string; readonly limit: number }): Promise<readonly string[]> {
  return (await sql.all<{ object: string }>(`SELECT object FROM bucket_garbage WHERE kind = 'garbage' OR at < $1 LIMIT $2`, before, limit)).map(({ object }) => object);
}

export async function bucketCounts(sql: Sql, _nothing: null): Promise<BucketCounts> {
  return (await sql.one<BucketCounts>(`SELECT (SELECT count(*) FROM bodies WHERE object IS NOT NULL) AS bodies, (SELECT count(*) FROM bucket_garbage WHERE kind = 'garbage') AS garbage`))!;
}
