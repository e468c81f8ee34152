import type { Event } from '../../model/event.ts';
import { policyName, sealPolicy } from '../rows.ts';
import { audit, prove } from './write-audit.ts';
import { resetBreaker, tally, trip } from './write-breakers.ts';
import { collected, discard, intend, mark } from './write-bucket.ts';
import { addConsequences, leaseCallbacks, resendCallback, settleCallback } from './write-callbacks.ts';
import { erase } from './write-erasure.ts';
import { evict } from './write-eviction.ts';
import { enrich, outcome, patch, record } from './write-captures.ts';
import { begin, heartbeat, stop, trust } from './write-instances.ts';
import { restore } from './write-import.ts';
import { putObjects, removeObjects } from './write-objects.ts';
import { remove } from './write-removal.ts';
import { closeRun, openRun } from './write-runs.ts';
import type { Write } from './write.ts';

/** Everything that can be written, by name: what the store may ask of the committer. */
export const writes = {
  record, outcome, enrich, patch, remove, evict, begin, heartbeat, stop, trust, putObjects, removeObjects, openRun, closeRun, tally, trip, resetBreaker,
  addConsequences, leaseCallbacks, settleCallback, resendCallback, intend, discard, collected, mark, erase, prove, audit, restore,

  async append(write: Write, { kind, capture, run, data }: Pick<Event, 'kind' | 'capture' | 'run' | 'data'>): Promise<void> {
    write.event(kind, { capture, run, data });
  },

  async count({ sql }: Write, { name, subject }: { readonly name: string; readonly subject: string }): Promise<number> {
    return (await sql.one<{ count: number }>(`INSERT INTO counters (name, subject, bucket, count) VALUES ($1, $2, '', 1)
      ON CONFLICT (name, subject, bucket) DO UPDATE SET count = counters.count + 1 RETURNING count`, name, subject))!.count;
  },

  async keepPolicy({ sql, at }: Write, { sha256, text }: { readonly sha256: string; readonly text: string }): Promise<void> {
    sql.send('INSERT INTO policies (sha256, text, kept_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', policyName(sql.seal, sha256), sealPolicy(sql.seal, sha256, text), at);
  },

  /** Keeps what every gateway on this database must have in common, or gives what the others have. */
  async agree({ sql }: Write, { name, value }: { readonly name: string; readonly value: string }): Promise<string> {
    await sql.run('INSERT INTO agreed (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', name, value);
    return (await sql.one<{ value: string }>('SELECT value FROM agreed WHERE name = $1', name))!.value;
  },

  /** The batch itself writes a row (commit.ts): it fails where a small capture would. */
  async probe(_write: Write, _nothing: null): Promise<void> {},
};

export type Writes = typeof writes;
export type WriteName = keyof Writes;
export type WriteArgs<K extends WriteName> = Parameters<Writes[K]>[1];
export type WriteResult<K extends WriteName> = Awaited<ReturnType<Writes[K]>>;
