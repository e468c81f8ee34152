import type { HeldBack, Holding } from '../../model/retention.ts';
import type { Sql } from './sql.ts';

/** Undefined where nothing is kept of it. */
export function holdingOf(sql: Sql, { kind, name }: { readonly kind: string; readonly name: string }): Holding | undefined {
  return sql.one<Holding>('SELECT captures, bytes FROM holdings WHERE kind = ? AND name = ?', kind, name);
}

export function holding(sql: Sql, _nothing: null): Holding {
  const { captures, bytes } = (holdingOf(sql, { kind: 'all', name: '' }))!;
  return { captures, bytes };
}

export function heldBack(sql: Sql, _nothing: null): HeldBack {
  const runs = sql.all<HeldBack['runs'][number]>(`SELECT runs.name AS name, captures FROM holdings JOIN runs ON runs.name = holdings.name
    WHERE kind = 'run' AND registered = 1 AND closed_at IS NULL ORDER BY captures DESC, runs.name LIMIT 10`);
  const { pinned, waiting } = (sql.one<{ pinned: number; waiting: number }>(`SELECT (SELECT count(*) FROM captures WHERE pinned = 1) AS pinned,
    (SELECT count(*) FROM captures WHERE outcome = 'pending') + (SELECT count(DISTINCT capture) FROM outbox WHERE state IN ('pending', 'leased')) AS waiting`))!;
  return { pinned, runs: runs.map(({ name, captures }) => ({ name, captures })), waiting };
}
