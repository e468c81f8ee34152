import { longestError, type CallbackInfo, type CallbackResult, type OutboxCallback, type QueuedCallback } from '../../model/callback.ts';
import type { PayerChose, Recording } from '../../model/store.ts';
import { callbackOf, infoOf, outboxRow, sealSending, type OutboxRow } from '../callback-rows.ts';
import type { KeptSummary } from '../prepare.ts';
import { outboxColumns } from './read-callbacks.ts';
import { digestOf } from './sql.ts';
import { remember } from './write-objects.ts';
import type { Write } from './write.ts';

/** `gone`: nobody knows any more how many callbacks it had, so the number of the event makes their names new */
interface Owner { readonly capture: string; readonly provider: string; readonly gone?: boolean }

/** `seq` of the event they come from: by it they stand behind everything that was queued before. */
export async function queue({ sql }: Write, { capture, provider, gone = false }: Owner, seq: number, callbacks: readonly QueuedCallback[]): Promise<readonly string[]> {
  if (callbacks.length === 0) return [];
  const { before } = (await sql.one<{ before: number }>('SELECT count(*) AS before FROM outbox WHERE capture = $1', capture))!;
  return callbacks.map((callback, n) => {
    const made = outboxRow(sql.seal, { capture, name: gone ? `p${seq}-${n}` : String(before + n) }, callback);
    sql.send(`INSERT INTO outbox (id, ord, line, capture, provider, target, object, not_before, state, last_error, event, url, call)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      made.id, seq * 1000 + n, digestOf('line', provider, made.target, made.object), capture, provider, made.target, made.object, made.not_before, made.state, made.last_error,
      made.event, made.url, made.call);
    return made.id;
  });
}

type More = Pick<Recording, 'remember' | 'callbacks'> & { readonly id: string; readonly chosen: PayerChose | null };

export async function addConsequences(write: Write, { id, remember: objects, callbacks, chosen }: More): Promise<readonly CallbackInfo[] | null> {
  const kept = await write.sql.one<{ id: string; run: string | null; summary: string }>('SELECT id, run, summary FROM captures WHERE id = $1', id);
  if (kept === undefined && chosen === null) return null;
  for (const { scope, object } of objects) await remember(write, scope, object);
  const data = { fields: ['callbacks'], ...(chosen === null ? {} : { payer: chosen }) };
  const seq = write.event('changed', { capture: kept?.id ?? null, run: kept?.run ?? null, data });
  const owner: Owner = kept === undefined ? { capture: id, provider: chosen!.provider, gone: true } : { capture: kept.id, provider: (JSON.parse(write.sql.seal.openText(['captures.summary', id], kept.summary)) as KeptSummary).provider };
  const made = await queue(write, owner, seq, callbacks);
  const rows = await rowsOf(write, made);
  forget(write, made);
  return made.map((each) => infoOf(write.sql.seal, rows.get(each)!));
}

/** A callback whose capture is gone goes with its last attempt: nobody could find it. */
function forget({ sql }: Write, ids: readonly string[]): void {
  sql.send(`DELETE FROM outbox WHERE id = ANY ($1::text[]) AND state NOT IN ('pending', 'leased') AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.id = outbox.capture)`, ids);
}

/** Nothing of the same object that stands before it is still open. */
const itsTurn = `NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.line = outbox.line AND earlier.ord < outbox.ord AND earlier.state IN ('pending', 'leased'))`;

export async function leaseCallbacks(write: Write, { instance, limit, forMs }: { readonly instance: string; readonly limit: number; readonly forMs: number }): Promise<{
  readonly leased: readonly OutboxCallback[]; readonly next: string | null;
}> {
  const { sql, at } = write;
  const until = new Date(Date.parse(at) + forMs).toISOString();
  const due = (await sql.all<{ id: string }>(`SELECT id FROM outbox WHERE (state = 'pending' AND not_before <= $1 OR state = 'leased' AND leased_until <= $1) AND ${itsTurn}
    ORDER BY not_before, ord LIMIT $2`, at, limit)).map(({ id }) => id);
  sql.send(`UPDATE outbox SET state = 'leased', leased_by = $1, leased_until = $2, attempt = attempt + 1 WHERE id = ANY ($3::text[])`, instance, until, due);
  const rows = await rowsOf(write, due);
  const next = await sql.one<{ at: string | null }>(`SELECT least((SELECT min(not_before) FROM outbox WHERE state = 'pending' AND not_before > $1),
    (SELECT min(leased_until) FROM outbox WHERE state = 'leased')) AS at`, at);
  return { leased: due.map((id) => callbackOf(sql.seal, rows.get(id)!)), next: next!.at };
}

/** Writes nothing where the lease went to somebody else meanwhile: that attempt decides. */
export async function settleCallback(write: Write, { id, instance, attempt, state, notBeforeMs, url, status, error, delivery }: CallbackResult): Promise<boolean> {
  const said = sealSending(write.sql.seal, id, { url, last_error: error?.slice(0, longestError) ?? null });
  const changes = await write.sql.run(`UPDATE outbox SET state = $1, not_before = coalesce($2, not_before), url = coalesce($3, url), last_status = $4, last_error = $5,
    delivery = coalesce($6, delivery), leased_by = NULL, leased_until = NULL WHERE id = $7 AND state = 'leased' AND leased_by = $8 AND attempt = $9`,
    state, notBeforeMs === null ? null : new Date(notBeforeMs).toISOString(), said.url, status, said.last_error, delivery, id, instance, attempt);
  if (changes > 0) {
    await changed(write, id);
    forget(write, [id]);
  }
  return changes > 0;
}

export async function resendCallback(write: Write, { id, url }: { readonly id: string; readonly url: string }): Promise<CallbackInfo | null> {
  const changes = await write.sql.run(`UPDATE outbox SET state = 'pending', attempt = 0, not_before = $1, url = $2 WHERE id = $3 AND state <> 'leased'`, write.at, write.sql.seal.sealText(['outbox.url', id], url), id);
  if (changes === 0) return null;
  await changed(write, id);
  return infoOf(write.sql.seal, (await rowsOf(write, [id])).get(id)!);
}

/** Whoever held a lease and is gone will not settle it. */
export function freeLeases({ sql }: Write): void {
  sql.send(`UPDATE outbox SET state = 'pending', leased_by = NULL, leased_until = NULL WHERE state = 'leased'
    AND leased_by IN (SELECT id FROM instances WHERE stopped_at IS NOT NULL OR crashed_seq IS NOT NULL)`);
}

async function changed(write: Write, id: string): Promise<void> {
  const kept = await write.sql.one<{ id: string; run: string | null }>('SELECT captures.id, run FROM outbox JOIN captures ON captures.id = outbox.capture WHERE outbox.id = $1', id);
  if (kept !== undefined) write.event('changed', { capture: kept.id, run: kept.run, data: { fields: ['callbacks'] } });
}

async function rowsOf({ sql }: Write, ids: readonly string[]): Promise<ReadonlyMap<string, OutboxRow>> {
  if (ids.length === 0) return new Map();
  return new Map((await sql.all<OutboxRow>(`SELECT ${outboxColumns} FROM outbox WHERE id = ANY ($1::text[])`, ids)).map((row) => [row.id, row]));
}
