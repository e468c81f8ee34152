import type { Event } from '../../model/event.ts';
import { policyName, sealPolicy } from '../rows.ts';
import { audit, prove } from './write-audit.ts';
import { resetBreaker, tally, trip } from './write-breakers.ts';
import { collected, discard, intend, mark } from './write-bucket.ts';
import { addConsequences, leaseCallbacks, resendCallback, settleCallback } from './write-callbacks.ts';
import { erase } from './write-erasure.ts';
import { evict } from './write-eviction.ts';
import { enrich, outcome, patch, record } from './write-captures.ts';
import { begin, heartbeat, stop } from './write-instances.ts';
import { restore } from './write-import.ts';
import { putObjects, removeObjects } from './write-objects.ts';
import { remove } from './write-removal.ts';
import { closeRun, openRun } from './write-runs.ts';
import type { Write } from './write.ts';

/** Everything that can be written, by name: what the store may ask of the writer thread. */
export const writes = {
  record, outcome, enrich, patch, remove, evict, begin, heartbeat, stop, putObjects, removeObjects, openRun, closeRun, tally, trip, resetBreaker,
  addConsequences, leaseCallbacks, settleCallback, resendCallback, intend, discard, collected, mark, erase, prove, audit, restore,

  append(write: Write, { kind, capture, run, data }: Pick<Event, 'kind' | 'capture' | 'run' | 'data'>): void {
    write.event(kind, { capture, run, data });
  },

  count({ sql }: Write, { name, subject }: { readonly name: string; readonly subject: string }): number {
    return sql.one<{ count: number }>(`INSERT INTO counters (name, subject, bucket, count) VALUES (?, ?, '', 1)
      ON CONFLICT (name, subject, bucket) DO UPDATE SET count = count + 1 RETURNING count`, name, subject)!.count;
  },

  keepPolicy({ sql, at }: Write, { sha256, text }: { readonly sha256: string; readonly text: string }): void {
    sql.run('INSERT OR IGNORE INTO policies (sha256, text, kept_at) VALUES (?, ?, ?)', policyName(sql.seal, sha256), sealPolicy(sql.seal, sha256, text), at);
  },

  /** Writes 256 KiB, more than a small capture with all its entries: fails where that would fail. What is taken back in the same transaction would need no room. */
  probe({ sql }: Write, _nothing: null): void {
    sql.run(`DELETE FROM counters WHERE name = 'probe'`);
    sql.run(`INSERT INTO counters (name, subject, bucket, count) VALUES ('probe', hex(randomblob(131072)), '', 0)`);
  },
};

export type Writes = typeof writes;
export type WriteName = keyof Writes;
export type WriteArgs<K extends WriteName> = Parameters<Writes[K]>[1];
export type WriteResult<K extends WriteName> = ReturnType<Writes[K]>;
