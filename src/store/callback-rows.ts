import { longestError, unsentInfo, type CallbackInfo, type CallbackState, type OutboxCallback, type QueuedCallback, type UnsentCallback } from '../model/callback.ts';
import type { Seal } from './seal.ts';

/** A row of the outbox, as every database keeps it; where it is sealed, `target` and `object` are hashes, by which callbacks of one object stand in one line. */
export interface OutboxRow {
  readonly id: string; readonly capture: string; readonly provider: string; readonly target: string; readonly object: string; readonly not_before: string;
  readonly attempt: number; readonly state: CallbackState; readonly call: string; readonly event: string | null; readonly url: string | null;
  readonly last_status: number | null; readonly last_error: string | null; readonly delivery: string | null;
}

/** What the column `call` holds; `target` and `object` where their own columns hold hashes. */
export type OutboxCall = Pick<QueuedCallback, 'method' | 'headers' | 'body' | 'contentType' | 'cut'> & Partial<Pick<QueuedCallback, 'target' | 'object'>>;

/** What is written of a callback that is queued; `name` makes its id new among those of its capture. */
export function outboxRow(seal: Seal, { capture, name }: { readonly capture: string; readonly name: string }, callback: QueuedCallback): Pick<OutboxRow, 'id' | 'target' | 'object' | 'not_before' | 'state' | 'last_error' | 'event' | 'url' | 'call'> {
  const { target, object, notBeforeMs, event = null, url = null, skipped = null, method, headers, body, contentType, cut = false } = callback;
  const call: OutboxCall = { method, headers, body, contentType, ...(cut ? { cut } : {}), ...(seal.keyId === null ? {} : { target, object }) };
  const id = `${capture.replace(/^cap_/, 'cbk_')}-${name}`;
  return {
    id, target: seal.hash('target', target), object: seal.hash('line', object), not_before: new Date(notBeforeMs).toISOString(), state: skipped === null ? 'pending' : 'skipped',
    ...sealSending(seal, id, { last_error: skipped?.slice(0, longestError) ?? null, url }), event, call: seal.sealText(['outbox.call', id], JSON.stringify(call)),
  };
}

/** What an attempt writes. */
export function sealSending(seal: Seal, id: string, { url, last_error: error }: Pick<OutboxRow, 'url' | 'last_error'>): Pick<OutboxRow, 'url' | 'last_error'> {
  return { url: seal.sealText(['outbox.url', id], url), last_error: seal.sealText(['outbox.last_error', id], error) };
}

function callIn(seal: Seal, row: OutboxRow): OutboxCall {
  return JSON.parse(seal.openText(['outbox.call', row.id], row.call)) as OutboxCall;
}

/** As its capture shows them; `unsent`: the column of `exchanges`. */
export function callbacksShown(seal: Seal, capture: string, unsent: string | null, rows: readonly OutboxRow[]): readonly CallbackInfo[] {
  const shown = unsent === null ? [] : JSON.parse(unsent) as readonly UnsentCallback[];
  return [...shown.map((each, n) => unsentInfo(capture, each, n)), ...rows.map((row) => infoOf(seal, row))];
}

export function infoOf(seal: Seal, row: OutboxRow): CallbackInfo {
  const { target = row.target } = seal.keyId === null ? {} : callIn(seal, row);
  return {
    id: row.id, target, url: seal.openText(['outbox.url', row.id], row.url), event: row.event, state: row.state, attempt: row.attempt, notBefore: row.not_before,
    lastStatus: row.last_status, lastError: seal.openText(['outbox.last_error', row.id], row.last_error), delivery: row.delivery,
  };
}

export function callbackOf(seal: Seal, row: OutboxRow): OutboxCallback {
  const { cut = false, target = row.target, object = row.object, ...call } = callIn(seal, row);
  return {
    ...call, cut, id: row.id, capture: row.capture, provider: row.provider, target, object, state: row.state, attempt: row.attempt,
    notBeforeMs: Date.parse(row.not_before), ...(row.event === null ? {} : { event: row.event }),
  };
}
