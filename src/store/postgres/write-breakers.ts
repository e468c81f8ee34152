import type { BreakerSubject, Tallied, Tally, Trip } from '../../model/breaker.ts';
import { subjectKey } from '../breaker-rows.ts';
import type { Write } from './write.ts';

/**
 * The mailshot breaker in `counters`: a row ('burst', service, hash of a recipient) says when that recipient was last
 * named, in ms since the epoch; the row ('breaker', service, 'tripped') since when the service is tripped.
 */
export async function tally(write: Write, { members, at, perMs, most, ...subject }: Tally): Promise<Tallied> {
  const { sql } = write;
  const of = subjectKey(subject);
  const named = [...new Set(members.slice(0, most))];
  if (named.length > 0) {
    sql.send(`INSERT INTO counters (name, subject, bucket, count) SELECT 'burst', $1, member, $3::bigint FROM unnest($2::text[]) AS m (member)
      ON CONFLICT (name, subject, bucket) DO UPDATE SET count = greatest(counters.count, excluded.count)`, of, named, at);
  }
  sql.send(`DELETE FROM counters WHERE name = 'burst' AND subject = $1 AND count <= $2`, of, at - perMs);
  const { kept } = (await sql.one<{ kept: number }>(`SELECT count(*) AS kept FROM counters WHERE name = 'burst' AND subject = $1`, of))!;
  // The newest are the last to be forgotten, so with `most` of them the count is right up to `most` at any later time too.
  if (kept > most) {
    sql.send(`DELETE FROM counters WHERE name = 'burst' AND subject = $1 AND bucket IN (
      SELECT bucket FROM counters WHERE name = 'burst' AND subject = $1 ORDER BY count, bucket LIMIT $2)`, of, kept - most);
  }
  return { distinct: Math.min(kept, most), tripped: await trippedSince(write, of) };
}

/** Returns since when it is tripped: an earlier trip that nobody reset stays the one, and is not told again. */
export async function trip(write: Write, { capture, run, recipients, limit, perMs, ...subject }: Trip): Promise<string> {
  const of = subjectKey(subject);
  const before = await trippedSince(write, of);
  if (before !== null) return before;
  write.sql.send(`INSERT INTO counters (name, subject, bucket, count) VALUES ('breaker', $1, 'tripped', $2)`, of, Date.parse(write.at));
  write.event('tripped', { capture, run, data: { state: 'tripped', space: subject.space, service: subject.service, recipients, limit, perMs } });
  return write.at;
}

/** Forgets the trip and who was counted: the service begins anew. False when it was not tripped. */
export async function resetBreaker(write: Write, subject: BreakerSubject): Promise<boolean> {
  const of = subjectKey(subject);
  if (await write.sql.run(`DELETE FROM counters WHERE name = 'breaker' AND subject = $1`, of) === 0) return false;
  write.sql.send(`DELETE FROM counters WHERE name = 'burst' AND subject = $1`, of);
  write.event('tripped', { data: { state: 'reset', space: subject.space, service: subject.service } });
  return true;
}

async function trippedSince({ sql }: Write, of: string): Promise<string | null> {
  const row = await sql.one<{ count: number }>(`SELECT count FROM counters WHERE name = 'breaker' AND subject = $1 AND bucket = 'tripped'`, of);
  return row === undefined ? null : new Date(row.count).toISOString();
}
