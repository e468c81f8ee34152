import { oldEvents } from '../eviction.ts';
import { isAgreed } from './agreed-retention.ts';
import type { Write } from './write.ts';

/**
 * Deletes the beginning of the log, `most` events of it at most: what is older than the days of the retention, and before every kept capture and every open registered run. The newest event
 * always stays: by the first that is kept, everybody can tell that something before it is gone.
 */
export async function evictLog(write: Write, most: number): Promise<number> {
  const { sql, evicting, at } = write;
  if (evicting === null || !await isAgreed(write)) return 0;
  const { seq: first } = (await sql.one<{ seq: number | null }>(`SELECT min(seq) AS seq FROM (SELECT min(seq) AS seq FROM captures
    UNION ALL SELECT min(opened_seq) FROM runs WHERE registered = 1 AND closed_at IS NULL UNION ALL SELECT max(seq) FROM events) AS needed`))!;
  const last = oldEvents(await sql.all<{ seq: number; at: string }>('SELECT seq, at FROM events WHERE seq < $1 ORDER BY seq LIMIT $2', first, most), evicting.retention, at);
  return last === null ? 0 : sql.run('DELETE FROM events WHERE seq <= $1', last);
}
