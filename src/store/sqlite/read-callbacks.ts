import type { CallbackInfo, CallbackState, OutboxCallback } from '../../model/callback.ts';
import type { Scope } from '../../model/store.ts';
import { callbackOf, callbacksShown, type OutboxRow } from '../callback-rows.ts';
import type { KeptSummary } from '../prepare.ts';
import type { Sql } from './sql.ts';

export function callbacksOf(sql: Sql, capture: string, unsent: string | null): readonly CallbackInfo[] {
  return callbacksShown(sql.seal, capture, unsent, sql.all<OutboxRow>('SELECT * FROM outbox WHERE capture = ? ORDER BY ord', capture));
}

export function callback(sql: Sql, { id }: { readonly id: string }): OutboxCallback | null {
  const row = sql.one<OutboxRow>('SELECT * FROM outbox WHERE id = ?', id);
  return row === undefined ? null : callbackOf(sql.seal, row);
}

export function callbackCounts(sql: Sql, _nothing: null): readonly { readonly state: CallbackState; readonly count: number }[] {
  return sql.all<{ state: CallbackState; count: number }>('SELECT state, count(*) AS count FROM outbox GROUP BY state ORDER BY state').map((row) => ({ ...row }));
}

export function scopeOf(sql: Sql, { id }: { readonly id: string }): Scope | null {
  const row = sql.one<{ summary: string; run: string | null }>('SELECT summary, run FROM captures WHERE id = ?', id);
  if (row === undefined) return null;
  const { provider, account } = JSON.parse(sql.seal.openText(['captures.summary', id], row.summary)) as KeptSummary;
  return { provider, account: account ?? '', run: row.run ?? '' };
}
