import { ObjectConflict, type Scope, type SeedObject } from '../../model/store.ts';
import type { Remember } from '../../model/provider.ts';
import { ownFields } from '../own-fields.ts';
import { isKept, keptField, keptId, keptValue } from '../sealed-objects.ts';
import type { Write } from './write.ts';

/** A row whose value is NULL is a deleted object: it keeps the version growing, and in a run it hides the one of none. */
interface Row { readonly ord: number; readonly position: number; readonly version: number; readonly value: string | null }

const where = 'provider = ? AND account = ? AND run = ? AND kind = ? AND id = ?';

/** Throws ObjectConflict unless the object is still at the version that was recalled (0 = it must not be there). */
export function remember(write: Write, scope: Scope, { kind, id, expectVersion, value, index }: Remember): void {
  const own = find(write, scope, kind, id);
  const seen = own ?? behind(write, scope, kind, id);
  const version = seen === undefined || seen.value === null ? 0 : seen.version;
  if (version !== expectVersion) {
    throw new ObjectConflict(`${scope.provider} ${kind} ${id} is at version ${version}, not ${expectVersion}: it was written since it was recalled`);
  }
  put(write, scope, { kind, id, version: (seen?.version ?? 0) + 1, value, index: index ?? {}, own, position: own?.position ?? seen?.position ?? null });
}

export function putObjects(write: Write, { seeds }: { readonly seeds: readonly SeedObject[] }): void {
  for (const { scope, kind, id, value, index = ownFields(value) } of seeds) {
    const own = find(write, scope, kind, id);
    if (own !== undefined && isKept(write.sql.seal, scope, { kind, id, value, index }, own.value)) continue;
    const seen = own ?? behind(write, scope, kind, id);
    put(write, scope, { kind, id, version: (seen?.version ?? 0) + 1, value, index, own, position: own?.position ?? seen?.position ?? null });
  }
}

export function removeObjects({ sql }: Write, { provider }: { readonly provider: string }): number {
  const live = sql.one<{ count: number }>('SELECT count(*) AS count FROM objects WHERE provider = ? AND value IS NOT NULL', provider)!.count;
  sql.run('DELETE FROM objects WHERE provider = ?', provider);
  return live;
}

/** What the scope sees where it has nothing of its own; read-objects.ts says in which order. */
export function behind(write: Write, scope: Scope, kind: string, id: string): Row | undefined {
  return find(write, { ...scope, run: '' }, kind, id) ?? find(write, { ...scope, account: '' }, kind, id) ?? find(write, { ...scope, account: '', run: '' }, kind, id);
}

export function find({ sql }: Write, scope: Scope, kind: string, id: string): Row | undefined {
  return sql.one<Row>(`SELECT ord, position, version, value FROM objects WHERE ${where}`, scope.provider, scope.account, scope.run, kind, keptId(sql.seal, scope.provider, kind, id));
}

export function put({ sql }: Write, scope: Scope, { kind, id, version, value, index, own, position }: {
  readonly kind: string; readonly id: string; readonly version: number; readonly value: unknown; readonly index: Readonly<Record<string, string>>;
  readonly own: Row | undefined; readonly position: number | null;
}): void {
  const kept = keptValue(sql.seal, scope, { kind, id, value, index });
  let ord = own?.ord;
  if (ord === undefined) {
    // A copy made by a run stands where the object it hides stood: newest first is by creation, not by change.
    ord = sql.run(`INSERT INTO objects (position, provider, account, run, kind, id, version, value)
      VALUES (coalesce(?, (SELECT coalesce(max(ord), 0) + 1 FROM objects)), ?, ?, ?, ?, ?, ?, ?)`,
      position, scope.provider, scope.account, scope.run, kind, keptId(sql.seal, scope.provider, kind, id), version, kept).rowid;
  } else {
    sql.run('UPDATE objects SET version = ?, value = ? WHERE ord = ?', version, kept, ord);
    sql.run('DELETE FROM object_fields WHERE object = ?', ord);
  }
  if (kept === null) return;
  for (const [name, field] of Object.entries(index)) sql.run('INSERT INTO object_fields (object, name, value) VALUES (?, ?, ?)', ord, ...keptField(sql.seal, name, field));
}
