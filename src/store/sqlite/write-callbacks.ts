import { longestError, type CallbackInfo, type CallbackResult, type OutboxCallback, type QueuedCallback } from '../../model/callback.ts';
import type { KeptSummary } from '../prepare.ts';
import type { PayerChose, Recording } from '../../model/store.ts';
import { callbackOf, infoOf, outboxRow, sealSending, type OutboxRow } from '../callback-rows.ts';
import { remember } from './write-objects.ts';
import type { Write } from './write.ts';

/** `gone`: nobody knows any more how many callbacks it had, so the number of the event makes their names new */
interface Owner { readonly capture: string; readonly provider: string; readonly gone?: boolean }

/** `seq` of the event they come from: by it they stand behind everything that was queued before. */
export function queue({ sql }: Write, { capture, provider, gone = false }: Owner, seq: number, callbacks: readonly QueuedCallback[]): readonly string[] {
  if (callbacks.length === 0) return [];
  const before = sql.one<{ count: number }>('SELECT count(*) AS count FROM outbox WHERE capture = ?', capture)!.count;
  return callbacks.map((callback, n) => {
    const made = outboxRow(sql.seal, { capture, name: gone ? `p${seq}-${n}` : String(before + n) }, callback);
    sql.run(`INSERT INTO outbox (id, ord, capture, provider, target, object, not_before, state, last_error, event, url, call)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      made.id, seq * 1000 + n, capture, provider, made.target, made.object, made.not_before, made.state, made.last_error, made.event, made.url, made.call);
    return made.id;
  });
}

type More = Pick<Recording, 'remember' | 'callbacks'> & { readonly id: string; readonly chosen: PayerChose | null };

export function addConsequences(write: Write, { id, remember: objects, callbacks, chosen }: More): readonly CallbackInfo[] | null {
  const kept = write.sql.one<{ id: string; run: string | null; summary: string }>('SELECT id, run, summary FROM captures WHERE id = ?', id);
  if (kept === undefined && chosen === null) return null;
  for (const { scope, object } of objects) remember(write, scope, object);
  const data = { fields: ['callbacks'], ...(chosen === null ? {} : { payer: chosen }) };
  const seq = write.event('changed', { capture: kept?.id ?? null, run: kept?.run ?? null, data });
  const owner: Owner = kept === undefined ? { capture: id, provider: chosen!.provider, gone: true } : { capture: kept.id, provider: (JSON.parse(write.sql.seal.openText(['captures.summary', id], kept.summary)) as KeptSummary).provider };
  return queue(write, owner, seq, callbacks).map((made) => {
    const info = infoOf(write.sql.seal, row(write, made)!);
    forget(write, made);
    return info;
  });
}

/** A callback whose capture is gone goes with its last attempt: nobody could find it. */
function forget({ sql }: Write, id: string): void {
  sql.run(`DELETE FROM outbox WHERE id = ? AND state NOT IN ('pending', 'leased') AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.id = outbox.capture)`, id);
}

/** Nothing of the same object that stands before it is still open. */
const itsTurn = `NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.provider = outbox.provider AND earlier.target = outbox.target
  AND earlier.object = outbox.object AND earlier.ord < outbox.ord AND earlier.state IN ('pending', 'leased'))`;

export function leaseCallbacks({ sql, at }: Write, { instance, limit, forMs }: { readonly instance: string; readonly limit: number; readonly forMs: number }): {
  readonly leased: readonly OutboxCallback[]; readonly next: string | null;
} {
  const until = new Date(Date.parse(at) + forMs).toISOString();
  const due = sql.all<{ id: string }>(`SELECT id FROM outbox WHERE (state = 'pending' AND not_before <= ?1 OR state = 'leased' AND leased_until <= ?1) AND ${itsTurn}
    ORDER BY not_before, ord LIMIT ?2`, at, limit);
  for (const { id } of due) sql.run(`UPDATE outbox SET state = 'leased', leased_by = ?, leased_until = ?, attempt = attempt + 1 WHERE id = ?`, instance, until, id);
  const next = sql.one<{ at: string | null }>(`SELECT min(at) AS at FROM (
    SELECT * FROM (SELECT not_before AS at FROM outbox WHERE state = 'pending' AND not_before > ? ORDER BY not_before LIMIT 1)
    UNION ALL SELECT leased_until FROM outbox WHERE state = 'leased')`, at)!;
  return { leased: due.map(({ id }) => callbackOf(sql.seal, sql.one<OutboxRow>('SELECT * FROM outbox WHERE id = ?', id)!)), next: next.at };
}

/** Writes nothing where the lease went to somebody else meanwhile: that attempt decides. */
export function settleCallback(write: Write, { id, instance, attempt, state, notBeforeMs, url, status, error, delivery }: CallbackResult): boolean {
  const said = sealSending(write.sql.seal, id, { url, last_error: error?.slice(0, longestError) ?? null });
  const { changes } = write.sql.run(`UPDATE outbox SET state = ?1, not_before = coalesce(?2, not_before), url = coalesce(?3, url), last_status = ?4, last_error = ?5,
    delivery = coalesce(?6, delivery), leased_by = NULL, leased_until = NULL WHERE id = ?7 AND state = 'leased' AND leased_by = ?8 AND attempt = ?9`,
    state, notBeforeMs === null ? null : new Date(notBeforeMs).toISOString(), said.url, status, said.last_error, delivery, id, instance, attempt);
  if (changes > 0) {
    changed(write, id);
    forget(write, id);
  }
  return changes > 0;
}

export function resendCallback(write: Write, { id, url }: { readonly id: string; readonly url: string }): CallbackInfo | null {
  const { changes } = write.sql.run(`UPDATE outbox SET state = 'pending', attempt = 0, not_before = ?, url = ? WHERE id = ? AND state <> 'leased'`, write.at, write.sql.seal.sealText(['outbox.url', id], url), id);
  if (changes === 0) return null;
  changed(write, id);
  return infoOf(write.sql.seal, row(write, id)!);
}

/** Whoever held a lease and is gone will not settle it. */
export function freeLeases({ sql }: Write): void {
  sql.run(`UPDATE outbox SET state = 'pending', leased_by = NULL, leased_until = NULL WHERE state = 'leased'
    AND leased_by IN (SELECT id FROM instances WHERE stopped_at IS NOT NULL OR crashed_seq IS NOT NULL)`);
}

function changed(write: Write, id: string): void {
  const kept = write.sql.one<{ id: string; run: string | null }>('SELECT captures.id, run FROM outbox JOIN captures ON captures.id = outbox.capture WHERE outbox.id = ?', id);
  if (kept !== undefined) write.event('changed', { capture: kept.id, run: kept.run, data: { fields: ['callbacks'] } });
}

function row({ sql }: Write, id: string): OutboxRow | undefined {
  return sql.one<OutboxRow>('SELECT * FROM outbox WHERE id = ?', id);
}
