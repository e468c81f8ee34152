import { longestError, unsentInfo, type CallbackInfo, type CallbackState, type OutboxCallback, type QueuedCallback, type UnsentCallback } from '../model/callback.ts';

/** A row of the outbox, as every database keeps it. */
export interface OutboxRow {
  readonly id: string; readonly capture: string; readonly provider: string; readonly target: string; readonly object: string; readonly not_before: string;
  readonly attempt: number; readonly state: CallbackState; readonly call: string; readonly event: string | null; readonly url: string | null;
  readonly last_status: number | null; readonly last_error: string | null; readonly delivery: string | null;
}

/** What the column `call` holds. */
export type OutboxCall = Pick<QueuedCallback, 'method' | 'headers' | 'body' | 'contentType' | 'cut'>;

/** What is written of a callback that is queued; `name` makes its id new among those of its capture. */
export function outboxRow({ capture, name }: { readonly capture: string; readonly name: string }, callback: QueuedCallback): Pick<OutboxRow, 'id' | 'target' | 'object' | 'not_before' | 'state' | 'last_error' | 'event' | 'url' | 'call'> {
  const { target, object, notBeforeMs, event = null, url = null, skipped = null, method, headers, body, contentType, cut = false } = callback;
  const call: OutboxCall = { method, headers, body, contentType, ...(cut ? { cut } : {}) };
  return {
    id: `${capture.replace(/^cap_/, 'cbk_')}-${name}`, target, object, not_before: new Date(notBeforeMs).toISOString(), state: skipped === null ? 'pending' : 'skipped',
    last_error: skipped?.slice(0, longestError) ?? null, event, url, call: JSON.stringify(call),
  };
}

/** As its capture shows them; `unsent`: the column of `exchanges`. */
export function callbacksShown(capture: string, unsent: string | null, rows: readonly OutboxRow[]): readonly CallbackInfo[] {
  const shown = unsent === null ? [] : JSON.parse(unsent) as readonly UnsentCallback[];
  return [...shown.map((each, n) => unsentInfo(capture, each, n)), ...rows.map(infoOf)];
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
