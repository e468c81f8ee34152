import type { HeldBack, Holding } from '../../model/retention.ts';
import type { Sql } from './sql.ts';

/** Undefined where nothing is kept of it. */
export function holdingOf(sql: Sql, { kind, name }: { readonly kind: string; readonly name: string }): Promise<Holding | undefined> {
  return sql.one<Holding>('SELECT captures, bytes FROM holdings WHERE kind = $1 AND name = $2', kind, name);
}

export async function holding(sql: Sql, _nothing: null): Promise<Holding> {
  const { captures, bytes } = (await holdingOf(sql, { kind: 'all', name: '' }))!;
  return { captures, bytes };
}

export async function heldBack(sql: Sql, _nothing: null): Promise<HeldBack> {
  const runs = await sql.all<HeldBack['runs'][number]>(`SELECT runs.name AS name, captures FROM holdings JOIN runs ON runs.name = holdings.name
    WHERE kind = 'run' AND registered = 1 AND closed_at IS NULL ORDER BY captures DESC, runs.name LIMIT 10`);
  const { pinned, waiting } = (await sql.one<{ pinned: number; waiting: number }>(`SELECT (SELECT count(*) FROM captures WHERE pinned = 1) AS pinned,
    (SELECT count(*) FROM captures WHERE outcome = 'pending') + (SELECT count(DISTINCT capture) FROM outbox WHERE state IN ('pending', 'leased')) AS waiting`))!;
  return { pinned, runs: runs.map(({ name, captures }) => ({ name, captures })), waiting };
}
