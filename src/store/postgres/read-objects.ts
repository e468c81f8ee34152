import type { Remembered } from '../../model/provider.ts';
import type { Scope, Store } from '../../model/store.ts';
import { nearest, objectDigests } from './object-scope.ts';
import { keptField, keptId, rememberedOf, type ObjectRow } from '../sealed-objects.ts';
import type { Sql } from './sql.ts';

interface Row extends ObjectRow { readonly position: number }

const columns = 'account, run, kind, id, version, value, position';

/** What a scope sees (object-scope.ts): a nearer one hides the others, and a deleted one does too. */
const distance = (row: string): string => `((${row}.account <> $2)::int * 2 + (${row}.run <> $3)::int)`;
const visible = `o.provider = $1 AND o.account IN ($2, '') AND o.run IN ($3, '') AND o.kind = $4 AND NOT EXISTS (SELECT 1 FROM objects mine
  WHERE mine.provider = o.provider AND mine.account IN ($2, '') AND mine.run IN ($3, '') AND mine.kind = o.kind AND mine.id = o.id AND ${distance('mine')} < ${distance('o')})`;

export async function recall(sql: Sql, { scope, kind, id }: { readonly scope: Scope; readonly kind: string; readonly id: string }): Promise<Remembered | null> {
  const row = await seen(sql, scope, kind, id);
  return row === undefined ? null : rememberedOf(sql.seal, scope.provider, row);
}

async function seen(sql: Sql, scope: Scope, kind: string, id: string): Promise<Row | undefined> {
  const digests = objectDigests(scope, kind, keptId(sql.seal, scope.provider, kind, id));
  return nearest(await sql.all<Row & { readonly digest: Uint8Array }>(`SELECT digest, ${columns} FROM objects WHERE digest = ANY ($1::bytea[])`, digests), digests);
}

/** Newest first by creation. `after` = older than that id, `before` = newer than it; an id that is not there gives none. */
export async function objects(sql: Sql, { scope, kind, options }: {
  readonly scope: Scope; readonly kind: string; readonly options: Parameters<Store['objects']>[2];
}): Promise<{ readonly items: readonly Remembered[]; readonly more: boolean }> {
  const { where = {}, after, before, limit } = options;
  const values: unknown[] = [scope.provider, scope.account, scope.run, kind];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const tests: string[] = [];
  for (const [id, test] of [[after, '<'], [before, '>']] as const) {
    if (id === undefined) continue;
    const cursor = await seen(sql, scope, kind, id);
    if (cursor === undefined) return { items: [], more: false };
    tests.push(`AND o.position ${test} ${value(cursor.position)}`);
  }
  for (const [name, field] of Object.entries(where).map(([of, wanted]) => keptField(sql.seal, of, wanted))) {
    tests.push(`AND EXISTS (SELECT 1 FROM object_fields f WHERE f.object = o.ord AND f.name = ${value(name)} AND f.value = ${value(field)})`);
  }
  // Going back shows the page that touches the cursor, so it is read upwards and turned round.
  const upwards = before !== undefined && after === undefined;
  const rows = await sql.all<Row>(`SELECT ${columns} FROM objects o WHERE ${visible} AND o.value IS NOT NULL ${tests.join(' ')}
    ORDER BY position ${upwards ? 'ASC' : 'DESC'} LIMIT ${value(limit + 1)}`, ...values);
  const items = rows.slice(0, limit).map((row) => rememberedOf(sql.seal, scope.provider, row)).filter((object) => object !== null);
  return { items: upwards ? items.toReversed() : items, more: rows.length > limit };
}

export async function allObjects(sql: Sql, { provider, limit }: { readonly provider: string; readonly limit: number }): Promise<readonly (Remembered & { readonly scope: Scope })[]> {
  const rows = await sql.all<Row>(`SELECT ${columns} FROM objects WHERE provider = $1 AND value IS NOT NULL ORDER BY position DESC, ord DESC LIMIT $2`, provider, limit);
  return rows.flatMap((row) => {
    const object = rememberedOf(sql.seal, provider, row);
    return object === null ? [] : [{ ...object, scope: { provider, account: row.account, run: row.run } }];
  });
}
