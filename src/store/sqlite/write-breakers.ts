import type { BreakerSubject, Tallied, Tally, Trip } from '../../model/breaker.ts';
import { subjectKey } from '../breaker-rows.ts';
import type { Write } from './write.ts';

/**
 * The mailshot breaker in `counters`: a row ('burst', service, hash of a recipient) says when that recipient was last
 * named, in ms since the epoch; the row ('breaker', service, 'tripped') since when the service is tripped.
 */
export function tally(write: Write, { members, at, perMs, most, ...subject }: Tally): Tallied {
  const { sql } = write;
  const of = subjectKey(subject);
  for (const member of members.slice(0, most)) {
    sql.run(`INSERT INTO counters (name, subject, bucket, count) VALUES ('burst', ?, ?, ?)
      ON CONFLICT (name, subject, bucket) DO UPDATE SET count = max(count, excluded.count)`, of, member, at);
  }
  sql.run(`DELETE FROM counters WHERE name = 'burst' AND subject = ? AND count <= ?`, of, at - perMs);
  const kept = sql.one<{ count: number }>(`SELECT count(*) AS count FROM counters WHERE name = 'burst' AND subject = ?`, of)!.count;
  // The newest are the last to be forgotten, so with `most` of them the count is right up to `most` at any later time too.
  if (kept > most) {
    sql.run(`DELETE FROM counters WHERE name = 'burst' AND subject = ?1 AND bucket IN (
      SELECT bucket FROM counters WHERE name = 'burst' AND subject = ?1 ORDER BY count, bucket LIMIT ?2)`, of, kept - most);
  }
  return { distinct: Math.min(kept, most), tripped: trippedSince(write, of) };
}

/** Returns since when it is tripped: an earlier trip that nobody reset stays the one, and is not told again. */
export function trip(write: Write, { capture, run, recipients, limit, perMs, ...subject }: Trip): string {
  const of = subjectKey(subject);
  const before = trippedSince(write, of);
  if (before !== null) return before;
  write.sql.run(`INSERT INTO counters (name, subject, bucket, count) VALUES ('breaker', ?, 'tripped', ?)`, of, Date.parse(write.at));
  write.event('tripped', { capture, run, data: { state: 'tripped', space: subject.space, service: subject.service, recipients, limit, perMs } });
  return write.at;
}

/** Forgets the trip and who was counted: the service begins anew. False when it was not tripped. */
export function resetBreaker(write: Write, subject: BreakerSubject): boolean {
  const of = subjectKey(subject);
  const { changes } = write.sql.run(`DELETE FROM counters WHERE name = 'breaker' AND subject = ?`, of);
  if (changes === 0) return false;
  write.sql.run(`DELETE FROM counters WHERE name = 'burst' AND subject = ?`, of);
  write.event('tripped', { data: { state: 'reset', space: subject.space, service: subject.service } });
  return true;
}

function trippedSince({ sql }: Write, of: string): string | null {
  const row = sql.one<{ count: number }>(`SELECT count FROM counters WHERE name = 'breaker' AND subject = ? AND bucket = 'tripped'`, of);
  return row === undefined ? null : new Date(row.count).toISOString();
}
