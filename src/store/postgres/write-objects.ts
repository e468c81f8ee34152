import type { Remember } from '../../model/provider.ts';
import { ObjectConflict, type Scope, type SeedObject } from '../../model/store.ts';
import { ownFields } from '../own-fields.ts';
import { isKept, keptField, keptId, keptValue } from '../sealed-objects.ts';
import { nearest, objectDigests } from './object-scope.ts';
import type { Write } from './write.ts';

/** A row whose value is NULL is a deleted object: it keeps the version growing, and hides those behind it. */
interface Row { readonly ord: number; readonly position: number; readonly version: number; readonly value: string | null; readonly digest: Uint8Array }

/** Throws ObjectConflict unless the object is still at the version that was recalled (0 = it must not be there). */
export async function remember(write: Write, scope: Scope, { kind, id, expectVersion, value, index }: Remember): Promise<void> {
  const { own, seen } = await find(write, scope, kind, id);
  const version = seen === undefined || seen.value === null ? 0 : seen.version;
  if (version !== expectVersion) {
    throw new ObjectConflict(`${scope.provider} ${kind} ${id} is at version ${version}, not ${expectVersion}: it was written since it was recalled`);
  }
  put(write, scope, { kind, id, value, index: index ?? {}, own, seen });
}

export async function putObjects(write: Write, { seeds }: { readonly seeds: readonly SeedObject[] }): Promise<void> {
  const { sql } = write;
  for (const { scope, kind, id, value, index = ownFields(value) } of seeds) {
    const { own, seen } = await find(write, scope, kind, id);
    if (own !== undefined && isKept(sql.seal, scope, { kind, id, value, index }, own.value)) continue;
    put(write, scope, { kind, id, value, index, own, seen });
  }
}

export async function removeObjects({ sql }: Write, { provider }: { readonly provider: string }): Promise<number> {
  const live = await sql.one<{ count: number }>('SELECT count(*) AS count FROM objects WHERE provider = $1 AND value IS NOT NULL', provider);
  sql.send('DELETE FROM objects WHERE provider = $1', provider);
  return live!.count;
}

/** Its own, and what the scope sees: that, or what is nearest behind it. */
export async function find({ sql }: Write, scope: Scope, kind: string, id: string): Promise<{ readonly own: Row | undefined; readonly seen: Row | undefined }> {
  const digests = objectDigests(scope, kind, keptId(sql.seal, scope.provider, kind, id));
  const rows = await sql.all<Row>('SELECT ord, position, version, value, digest FROM objects WHERE digest = ANY ($1::bytea[])', digests);
  return { own: nearest(rows, digests.slice(0, 1)), seen: nearest(rows, digests) };
}

export function put({ sql }: Write, scope: Scope, { kind, id, value, index, own, seen, version = (seen?.version ?? 0) + 1 }: {
  readonly kind: string; readonly id: string; readonly value: unknown; readonly index: Readonly<Record<string, string>>; readonly own: Row | undefined; readonly seen: Row | undefined; readonly version?: number;
}): void {
  const kept = keptValue(sql.seal, scope, { kind, id, value, index });
  const named = keptId(sql.seal, scope.provider, kind, id);
  const [digest] = objectDigests(scope, kind, named);
  if (own === undefined) {
    // A copy made by a run stands where the object it hides stood: newest first is by creation, not by change.
    sql.send(`INSERT INTO objects (digest, position, provider, account, run, kind, id, version, value)
      VALUES ($1, coalesce($2::bigint, (SELECT coalesce(max(ord), 0) + 1 FROM objects)), $3, $4, $5, $6, $7, $8, $9)`,
      digest, seen?.position ?? null, scope.provider, scope.account, scope.run, kind, named, version, kept);
  } else {
    sql.send('UPDATE objects SET version = $1, value = $2 WHERE ord = $3', version, kept, own.ord);
    sql.send('DELETE FROM object_fields WHERE object = $1', own.ord);
  }
  const fields = kept === null ? [] : Object.entries(index).map(([name, field]) => keptField(sql.seal, name, field));
  if (fields.length === 0) return;
  sql.send('INSERT INTO object_fields (object, name, value) SELECT ord, f.name, f.value FROM objects, unnest($2::text[], $3::text[]) AS f (name, value) WHERE digest = $1',
    digest, fields.map(([name]) => name), fields.map(([, field]) => field));
}
