import type { CallbackState, OutboxCallback } from '../../model/callback.ts';
import type { Scope } from '../../model/store.ts';
import { callbackOf, type OutboxRow } from '../callback-rows.ts';
import type { KeptSummary } from '../prepare.ts';
import type { Sql } from './sql.ts';

export const outboxColumns = 'id, capture, provider, target, object, not_before, attempt, state, call, event, url, last_status, last_error, delivery';

export async function callback(sql: Sql, { id }: { readonly id: string }): Promise<OutboxCallback | null> {
  const row = await sql.one<OutboxRow>(`SELECT ${outboxColumns} FROM outbox WHERE id = $1`, id);
  return row === undefined ? null : callbackOf(sql.seal, row);
}

export function callbackCounts(sql: Sql, _nothing: null): Promise<readonly { readonly state: CallbackState; readonly count: number }[]> {
  return sql.all('SELECT state, count(*) AS count FROM outbox GROUP BY state ORDER BY state');
}

export async function scopeOf(sql: Sql, { id }: { readonly id: string }): Promise<Scope | null> {
  const row = await sql.one<{ summary: string; run: string | null }>('SELECT summary, run FROM captures WHERE id = $1', id);
  if (row === undefined) return null;
  const { provider, account } = JSON.parse(sql.seal.openText(['captures.summary', id], row.summary)) as KeptSummary;
  return { provider, account: account ?? '', run: row.run ?? '' };
}
