import type { Event } from '../../model/event.ts';
import type { Run } from '../../model/run.ts';
import type { AuditRow, Instance } from '../../model/store.ts';
import { breakers } from './read-breakers.ts';
import { callback, callbackCounts, scopeOf } from './read-callbacks.ts';
import { bucketCounts, objectsDue } from './read-bucket.ts';
import { attachment, bytesOf, capture, list, pendingEnrichment, seqsOf } from './read-captures.ts';
import { heldBack, holding } from './read-holding.ts';
import { allObjects, objects, recall } from './read-objects.ts';
import { counts, facetCounts } from './read-totals.ts';
import { auditOf, eventOf, instanceOf, openPolicy, policyName, runOf, type EventRow, type KeptAudit, type InstanceRow, type RunRow } from '../rows.ts';
import type { Sql } from './sql.ts';

/** Everything that can be read, by name: what the store may ask of a reader thread. */
export const reads = {
  attachment, bytesOf, capture, counts, facetCounts, list, pendingEnrichment, seqsOf, holding, heldBack, allObjects, objects, recall, breakers, callback, callbackCounts, scopeOf, bucketCounts, objectsDue,

  run(sql: Sql, { name }: { readonly name: string }): Run | null {
    const row = sql.one<RunRow>('SELECT * FROM runs WHERE name = ?', name);
    return row === undefined ? null : runOf(sql.seal, row);
  },

  runs(sql: Sql, { open, limit }: { readonly open: boolean | null; readonly limit: number }): readonly Run[] {
    const which = open === null ? '' : open ? 'WHERE closed_at IS NULL' : 'WHERE closed_at IS NOT NULL';
    return sql.all<RunRow>(`SELECT * FROM runs ${which} ORDER BY opened_seq DESC LIMIT ?`, limit).map((row) => runOf(sql.seal, row));
  },

  events(sql: Sql, { after, limit }: { readonly after: number; readonly limit: number }): readonly Event[] {
    return sql.all<EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?', after, limit).map((row) => eventOf(sql.seal, row));
  },

  oldestEvent(sql: Sql, _nothing: null): Pick<Event, 'seq' | 'at'> | null {
    return sql.one<Pick<Event, 'seq' | 'at'>>('SELECT seq, at FROM events ORDER BY seq LIMIT 1') ?? null;
  },

  lastSeq(sql: Sql, _nothing: null): number {
    return sql.one<{ seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'events'`)?.seq ?? 0;
  },

  instances(sql: Sql, _nothing: null): readonly Instance[] {
    return sql.all<InstanceRow>('SELECT * FROM instances ORDER BY started_seq DESC').map((row) => instanceOf(row));
  },

  audits(sql: Sql, { before, limit, action }: { readonly before: number | null; readonly limit: number; readonly action: string | null }): readonly AuditRow[] {
    return sql.all<KeptAudit>(`SELECT seq, at, actor, action, subject, data FROM audit WHERE (?1 IS NULL OR seq < ?1) AND (?2 IS NULL OR action = ?2) ORDER BY seq DESC LIMIT ?3`, before, action, limit)
      .map((row) => auditOf(sql.seal, row));
  },

  policy(sql: Sql, { sha256 }: { readonly sha256: string }): string | null {
    return openPolicy(sql.seal, sha256, sql.one<{ text: string }>('SELECT text FROM policies WHERE sha256 = ?', policyName(sql.seal, sha256))?.text);
  },

  /** answered once everything asked before it is */
  nothing(_sql: Sql, _nothing: null): null {
    return null;
  },
};

export type Reads = typeof reads;
export type ReadName = keyof Reads;
export type ReadArgs<K extends ReadName> = Parameters<Reads[K]>[1];
export type ReadResult<K extends ReadName> = ReturnType<Reads[K]>;
