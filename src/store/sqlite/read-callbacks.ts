import { unsentInfo, type CallbackInfo, type CallbackState, type OutboxCallback, type QueuedCallback, type UnsentCallback } from '../../model/callback.ts';
import type { Scope } from '../../model/store.ts';
import type { KeptSummary } from '../prepare.ts';
import type { Sql } from './sql.ts';

export interface OutboxRow {
  readonly id: string; readonly capture: string; readonly provider: string; readonly target: string; readonly object: string; readonly not_before: string;
  readonly attempt: number; readonly state: CallbackState; readonly call: string; readonly event: string | null; readonly url: string | null;
  readonly last_status: number | null; readonly last_error: string | null; readonly delivery: string | null;
}

/** What the column `call` holds. */
export type OutboxCall = Pick<QueuedCallback, 'method' | 'headers' | 'body' | 'contentType' | 'cut'>;

/** `unsent`: the column of `exchanges`. */
export function callbacksOf(sql: Sql, capture: string, unsent: string | null): readonly CallbackInfo[] {
  const shown = unsent === null ? [] : JSON.parse(unsent) as readonly UnsentCallback[];
  return [
    ...shown.map((each, n) => unsentInfo(capture, each, n)),
    ...sql.all<OutboxRow>('SELECT * FROM outbox WHERE capture = ? ORDER BY ord', capture).map(infoOf),
  ];
}

export function callback(sql: Sql, { id }: { readonly id: string }): OutboxCallback | null {
  const row = sql.one<OutboxRow>('SELECT * FROM outbox WHERE id = ?', id);
  return row === undefined ? null : callbackOf(row);
}

export function callbackCounts(sql: Sql, _nothing: null): readonly { readonly state: CallbackState; readonly count: number }[] {
  return sql.all<{ state: CallbackState; count: number }>('SELECT state, count(*) AS count FROM outbox GROUP BY state ORDER BY state').map((row) => ({ ...row }));
}

export function scopeOf(sql: Sql, { id }: { readonly id: string }): Scope | null {
  const row = sql.one<{ summary: string; run: string | null }>('SELECT summary, run FROM captures WHERE id = ?', id);
  if (row === undefined) return null;
  const { provider, account } = JSON.parse(row.summary) as KeptSummary;
  return { provider, account: account ?? '', run: row.run ?? '' };
}

export function infoOf(row: OutboxRow): CallbackInfo {
  return {
    id: row.id, target: row.target, url: row.url, event: row.event, state: row.state, attempt: row.attempt, notBefore: row.not_before,
    lastStatus: row.last_status, lastError: row.last_error, delivery: row.delivery,
  };
}

export function callbackOf(row: OutboxRow): OutboxCallback {
  const { cut = false, ...call } = JSON.parse(row.call) as OutboxCall;
  return {
    ...call, cut, id: row.id, capture: row.capture, provider: row.provider, target: row.target, object: row.object, state: row.state, attempt: row.attempt,
    notBeforeMs: Date.parse(row.not_before), ...(row.event === null ? {} : { event: row.event }),
  };
}
