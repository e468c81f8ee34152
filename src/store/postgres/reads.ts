import type { Breaker, BreakerSubject } from '../../model/breaker.ts';
import type { Event } from '../../model/event.ts';
import type { Run } from '../../model/run.ts';
import type { AuditRow, Instance } from '../../model/store.ts';
import { breakersOf, subjectKey, type BreakerRow } from '../breaker-rows.ts';
import { auditOf, eventOf, instanceOf, openPolicy, policyName, runOf, type EventRow, type KeptAudit, type InstanceRow, type RunRow } from '../rows.ts';
import { bucketCounts, objectsDue } from './read-bucket.ts';
import { callback, callbackCounts, scopeOf } from './read-callbacks.ts';
import { attachment, bytesOf, capture, list, pendingEnrichment, seqsOf } from './read-captures.ts';
import { heldBack, holding } from './read-holding.ts';
import { allObjects, objects, recall } from './read-objects.ts';
import { counts, facetCounts } from './read-totals.ts';
import type { Sql } from './sql.ts';
import { held } from './held.ts';

const runColumns = 'name, space, claims, registered, opened_at, closed_at, opened_seq, closed_seq';

/** Everything that can be read, by name. */
export const reads = {
  attachment, bytesOf, capture, counts, facetCounts, list, pendingEnrichment, seqsOf, holding, heldBack, allObjects, objects, recall, callback, callbackCounts, scopeOf, bucketCounts, objectsDue,

  /** Of one service, or of every one that has something to tell. */
  async breakers(sql: Sql, { of }: { readonly of: BreakerSubject | null }): Promise<readonly Breaker[]> {
    return breakersOf(await sql.all<BreakerRow>(`SELECT name, subject, bucket, count FROM counters WHERE name IN ('burst', 'breaker') AND ($1::text IS NULL OR subject = $1)
      ORDER BY count, bucket`, of === null ? null : subjectKey(of)));
  },

  async run(sql: Sql, { name }: { readonly name: string }): Promise<Run | null> {
    const row = await sql.one<RunRow>(`SELECT ${runColumns} FROM runs WHERE name = $1`, name);
    return row === undefined ? null : runOf(sql.seal, row);
  },

  async runs(sql: Sql, { open, limit }: { readonly open: boolean | null; readonly limit: number }): Promise<readonly Run[]> {
    const which = open === null ? '' : open ? 'WHERE closed_at IS NULL' : 'WHERE closed_at IS NOT NULL';
    return (await sql.all<RunRow>(`SELECT ${runColumns} FROM runs ${which} ORDER BY opened_seq DESC LIMIT $1`, limit)).map((row) => runOf(sql.seal, row));
  },

  async events(sql: Sql, { after, limit }: { readonly after: number; readonly limit: number }): Promise<readonly Event[]> {
    return (await sql.all<EventRow>('SELECT seq, at, kind, capture, run, data FROM events WHERE seq > $1 ORDER BY seq LIMIT $2', after, limit)).map((row) => eventOf(sql.seal, row));
  },

  async oldestEvent(sql: Sql, _nothing: null): Promise<Pick<Event, 'seq' | 'at'> | null> {
    return await sql.one<Pick<Event, 'seq' | 'at'>>('SELECT seq, at FROM events ORDER BY seq LIMIT 1') ?? null;
  },

  async lastSeq(sql: Sql, _nothing: null): Promise<number> {
    return (await sql.one<{ seq: number }>('SELECT seq FROM head'))!.seq;
  },

  /** Another one that holds no lock and was not yet found dead is shown as dead already: a verdict must not pass before somebody has noticed. */
  async instances(sql: Sql, { self }: { readonly self: string | null }): Promise<readonly Instance[]> {
    const rows = await sql.all<InstanceRow & { readonly alive_seq: number }>(`SELECT id, started_at, heartbeat_at, stopped_at, started_seq, alive_seq,
      CASE WHEN stopped_at IS NULL AND id IS DISTINCT FROM $1 AND NOT ${held} THEN coalesce(crashed_seq, (SELECT seq FROM head)) ELSE crashed_seq END AS crashed_seq FROM instances ORDER BY started_seq DESC`, self);
    return rows.map((row) => ({ ...instanceOf(row), aliveSeq: row.alive_seq }));
  },

  async audits(sql: Sql, { before, limit, action }: { readonly before: number | null; readonly limit: number; readonly action: string | null }): Promise<readonly AuditRow[]> {
    return (await sql.all<KeptAudit>(`SELECT seq, at, actor, action, subject, data FROM audit
      WHERE ($1::bigint IS NULL OR seq < $1) AND ($2::text IS NULL OR action = $2) ORDER BY seq DESC LIMIT $3`, before, action, limit)).map((row) => auditOf(sql.seal, row));
  },

  async policy(sql: Sql, { sha256 }: { readonly sha256: string }): Promise<string | null> {
    return openPolicy(sql.seal, sha256, (await sql.one<{ text: string }>('SELECT text FROM policies WHERE sha256 = $1', policyName(sql.seal, sha256)))?.text);
  },
};

export type Reads = typeof reads;
export type ReadName = keyof Reads;
export type ReadArgs<K extends ReadName> = Parameters<Reads[K]>[1];
export type ReadResult<K extends ReadName> = Awaited<ReturnType<Reads[K]>>;
