import { StoreUnavailable } from '../../model/store.ts';
import type { Placed } from '../bucket/placed.ts';
import type { Write } from './write.ts';

/** The books of the bucket: bucket/books.ts. */
export async function intend({ sql, at }: Write, { objects }: { readonly objects: readonly string[] }): Promise<void> {
  sql.send(`INSERT INTO bucket_garbage (object, kind, at) SELECT object, 'intended', $2 FROM unnest($1::text[]) AS o (object)`, objects, at);
}

export async function discard({ sql }: Write, { objects }: { readonly objects: readonly string[] }): Promise<readonly string[]> {
  return (await sql.all<{ object: string }>(`INSERT INTO bucket_garbage (object, kind, at)
    SELECT object, 'garbage', '' FROM unnest($1::text[]) AS o (object) WHERE NOT EXISTS (SELECT 1 FROM bodies WHERE bodies.object = o.object)
    ON CONFLICT (object) DO UPDATE SET kind = 'garbage' RETURNING object`, objects)).map(({ object }) => object);
}

export async function collected({ sql }: Write, { objects }: { readonly objects: readonly string[] }): Promise<void> {
  sql.send(`DELETE FROM bucket_garbage WHERE object = ANY ($1::text[]) AND kind = 'garbage'`, objects);
}

export async function mark({ sql }: Write, { object }: { readonly object: string | null }): Promise<string | null> {
  if (object !== null) sql.send('INSERT INTO bucket_mark (one, object) VALUES (1, $1) ON CONFLICT DO NOTHING', object);
  return (await sql.one<{ object: string }>('SELECT object FROM bucket_mark'))?.object ?? null;
}

/** Before the row that names it: an object that was given up meanwhile may be gone. Where the same body is there already, it was uploaded in vain. */
export async function keepObject({ sql }: Write, { object, sha256, size }: Placed): Promise<void> {
  if (await sql.one('SELECT 1 FROM bodies WHERE sha256 = $1', sha256) !== undefined) {
    sql.send(`UPDATE bucket_garbage SET kind = 'garbage' WHERE object = $1`, object);
    return;
  }
  if (await sql.run(`DELETE FROM bucket_garbage WHERE object = $1 AND kind = 'intended'`, object) === 0) {
    throw new StoreUnavailable(`a body of ${size} bytes was too long on its way into the bucket; it is to be sent again`);
  }
}
