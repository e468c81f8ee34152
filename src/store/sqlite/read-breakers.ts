import type { Breaker, BreakerSubject } from '../../model/breaker.ts';
import { breakersOf, subjectKey, type BreakerRow } from '../breaker-rows.ts';
import type { Sql } from './sql.ts';

/** Of one service, or of every one that has something to tell. */
export function breakers(sql: Sql, { of }: { readonly of: BreakerSubject | null }): readonly Breaker[] {
  return breakersOf(sql.all<BreakerRow>(`SELECT name, subject, bucket, count FROM counters WHERE name IN ('burst', 'breaker') AND (?1 IS NULL OR subject = ?1)
    ORDER BY count, bucket`, of === null ? null : subjectKey(of)));
}
