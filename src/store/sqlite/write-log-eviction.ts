import { oldEvents } from '../eviction.ts';
import type { Write } from './write.ts';

/**
 * Deletes the beginning of the log, `most` events of it at most: what is older than the days of the retention, and before every kept capture and every open registered run. The newest event
 * always stays: by the first that is kept, everybody can tell that something before it is gone.
 */
export function evictLog({ sql, evicting, at }: Write, most: number): number {
  if (evicting === null) return 0;
  const { seq: first } = sql.one<{ seq: number | null }>(`SELECT min(seq) AS seq FROM (SELECT min(seq) AS seq FROM captures
    UNION ALL SELECT min(opened_seq) FROM runs WHERE registered = 1 AND closed_at IS NULL UNION ALL SELECT max(seq) FROM events)`)!;
  const last = oldEvents(sql.all<{ seq: number; at: string }>('SELECT seq, at FROM events WHERE seq < ? ORDER BY seq LIMIT ?', first, most), evicting.retention, at);
  return last === null ? 0 : sql.run('DELETE FROM events WHERE seq <= ?', last).changes;
}
