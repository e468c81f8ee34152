import { StoreUnavailable } from '../../model/store.ts';
import type { Placed } from '../bucket/placed.ts';
import type { Write } from './write.ts';

/** The books of the bucket: bucket/books.ts. */
export function intend({ sql, at }: Write, { objects }: { readonly objects: readonly string[] }): void {
  for (const object of objects) sql.run(`INSERT INTO bucket_garbage (object, kind, at) VALUES (?, 'intended', ?)`, object, at);
}

export function discard({ sql }: Write, { objects }: { readonly objects: readonly string[] }): readonly string[] {
  return objects.filter((object) => sql.run(`INSERT INTO bucket_garbage (object, kind, at) SELECT ?1, 'garbage', '' WHERE NOT EXISTS (SELECT 1 FROM bodies WHERE object = ?1)
    ON CONFLICT (object) DO UPDATE SET kind = 'garbage'`, object).changes > 0);
}

export function collected({ sql }: Write, { objects }: { readonly objects: readonly string[] }): void {
  for (const object of objects) sql.run(`DELETE FROM bucket_garbage WHERE object = ? AND kind = 'garbage'`, object);
}

export function mark({ sql }: Write, { object }: { readonly object: string | null }): string | null {
  if (object !== null) sql.run('INSERT OR IGNORE INTO bucket_mark (one, object) VALUES (1, ?)', object);
  return sql.one<{ object: string }>('SELECT object FROM bucket_mark')?.object ?? null;
}

/** An object that was given up meanwhile may be gone: no row may name it. */
export function keepObject({ sql }: Write, { object, size }: Placed): void {
  if (object === null) return;
  const { changes } = sql.run(`DELETE FROM bucket_garbage WHERE object = ? AND kind = 'intended'`, object);
  if (changes === 0) throw new StoreUnavailable(`a body of ${size} bytes was too long on its way into the bucket; it is to be sent again`);
}

/** It was uploaded in vain: the same body was there. */
export function leaveObject(write: Write, { object }: Placed): void {
  if (object !== null) discard(write, { objects: [object] });
}
