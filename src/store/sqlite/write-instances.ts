import type { Outcome } from '../../model/capture.ts';
import { freeLeases } from './write-callbacks.ts';
import { setOutcome } from './write-captures.ts';
import type { Write } from './write.ts';

/**
 * Whoever writes has the file alone, so every other instance that did not stop is dead, and whatever it (or anyone before)
 * left pending will never be known.
 */
export function begin(write: Write, { instance }: { readonly instance: string }): void {
  const { sql } = write;
  if (sql.one('SELECT 1 FROM instances WHERE id = ?', instance) !== undefined) throw new Error(`instance ${instance} has begun before; every start needs an id of its own`);
  const last = sql.one<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM events')!.seq;
  for (const dead of sql.all<{ id: string; started_at: string; heartbeat_at: string }>(
    'SELECT id, started_at, heartbeat_at FROM instances WHERE stopped_at IS NULL AND crashed_seq IS NULL')) {
    sql.run('UPDATE instances SET crashed_seq = ? WHERE id = ?', last, dead.id);
    write.event('instance', { data: { instance: dead.id, state: 'crashed', startedAt: dead.started_at, heartbeatAt: dead.heartbeat_at } });
  }
  for (const open of sql.all<{ seq: number; id: string; run: string | null; outcome: Outcome }>(
    `SELECT seq, id, run, outcome FROM captures WHERE outcome = 'pending' AND instance <> ? ORDER BY seq`, instance)) setOutcome(write, open, 'unknown');
  freeLeases(write);
  const seq = write.event('instance', { data: { instance, state: 'started' } });
  sql.run('INSERT INTO instances (id, started_at, heartbeat_at, started_seq) VALUES (?, ?, ?, ?)', instance, write.at, write.at, seq);
}

export function heartbeat({ sql, at }: Write, { instance }: { readonly instance: string }): void {
  sql.run('UPDATE instances SET heartbeat_at = ? WHERE id = ?', at, instance);
}

export function stop(write: Write, { instance }: { readonly instance: string }): void {
  const { changes } = write.sql.run('UPDATE instances SET stopped_at = ?1, heartbeat_at = ?1 WHERE id = ?2 AND stopped_at IS NULL', write.at, instance);
  if (changes > 0) write.event('instance', { data: { instance, state: 'stopped' } });
}
