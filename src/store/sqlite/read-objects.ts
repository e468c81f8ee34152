import type { Remembered } from '../../model/provider.ts';
import type { Scope, Store } from '../../model/store.ts';
import { keptField, keptId, rememberedOf, type ObjectRow } from '../sealed-objects.ts';
import type { Sql } from './sql.ts';

interface Row extends ObjectRow { readonly position: number }

const columns = 'account, run, kind, id, version, value, position';

/**
 * What a scope sees: its own objects, then those for every run of its account, then those of every account (seeds) for its run, then
 * those for all; a nearer one hides the others, and a deleted one does too.
 */
const distance = (row: string): string => `((${row}.account <> ?2) * 2 + (${row}.run <> ?3))`;
const visible = `provider = ?1 AND account IN (?2, '') AND run IN (?3, '') AND kind = ?4 AND NOT EXISTS (SELECT 1 FROM objects mine
  WHERE mine.provider = o.provider AND mine.account IN (?2, '') AND mine.run IN (?3, '') AND mine.kind = o.kind AND mine.id = o.id AND ${distance('mine')} < ${distance('o')})`;

export function recall(sql: Sql, { scope, kind, id }: { readonly scope: Scope; readonly kind: string; readonly id: string }): Remembered | null {
  const row = sql.one<Row>(`SELECT ${columns} FROM objects o WHERE ${visible} AND id = ?5`, scope.provider, scope.account, scope.run, kind, keptId(sql.seal, scope.provider, kind, id));
  return row === undefined ? null : rememberedOf(sql.seal, scope.provider, row);
}

/** Newest first by creation. `after` = older than that id, `before` = newer than it; an id that is not there gives none. */
export function objects(sql: Sql, { scope, kind, options }: {
  readonly scope: Scope; readonly kind: string; readonly options: Parameters<Store['objects']>[2];
}): { readonly items: readonly Remembered[]; readonly more: boolean } {
  const { where = {}, after, before, limit } = options;
  const values: (string | number)[] = [scope.provider, scope.account, scope.run, kind];
  const tests: string[] = [];
  for (const [id, test] of [[after, '<'], [before, '>']] as const) {
    if (id === undefined) continue;
    const cursor = sql.one<Row>(`SELECT position FROM objects o WHERE ${visible} AND id = ?5`, ...values.slice(0, 4), keptId(sql.seal, scope.provider, kind, id));
    if (cursor === undefined) return { items: [], more: false };
    values.push(cursor.position);
    tests.push(`AND position ${test} ?${values.length}`);
  }
  for (const [name, value] of Object.entries(where)) {
    values.push(...keptField(sql.seal, name, value));
    tests.push(`AND EXISTS (SELECT 1 FROM object_fields f WHERE f.object = o.ord AND f.name = ?${values.length - 1} AND f.value = ?${values.length})`);
  }
  // Going back shows the page that touches the cursor, so it is read upwards and turned round.
  const upwards = before !== undefined && after === undefined;
  values.push(limit + 1);
  const rows = sql.all<Row>(`SELECT ${columns} FROM objects o WHERE ${visible} AND value IS NOT NULL ${tests.join(' ')}
    ORDER BY position ${upwards ? 'ASC' : 'DESC'} LIMIT ?${values.length}`, ...values);
  const items = rows.slice(0, limit).map((row) => rememberedOf(sql.seal, scope.provider, row)).filter((object) => object !== null);
  return { items: upwards ? items.toReversed() : items, more: rows.length > limit };
}

export function allObjects(sql: Sql, { provider, limit }: { readonly provider: string; readonly limit: number }): readonly (Remembered & { readonly scope: Scope })[] {
  return sql.all<Row>(`SELECT ${columns} FROM objects WHERE provider = ? AND value IS NOT NULL ORDER BY position DESC, ord DESC LIMIT ?`, provider, limit)
    .flatMap((row) => {
      const object = rememberedOf(sql.seal, provider, row);
      return object === null ? [] : [{ ...object, scope: { provider, account: row.account, run: row.run } }];
    });
}
