import type { Breaker, BreakerSubject } from '../../model/breaker.ts';
import type { Sql } from './sql.ts';
import { subjectKey } from './write-breakers.ts';

interface Row { readonly name: 'burst' | 'breaker'; readonly subject: string; readonly bucket: string; readonly count: number }

/** Of one service, or of every one that has something to tell; tripped ones first. */
export function breakers(sql: Sql, { of }: { readonly of: BreakerSubject | null }): readonly Breaker[] {
  const rows = sql.all<Row>(`SELECT name, subject, bucket, count FROM counters WHERE name IN ('burst', 'breaker') AND (?1 IS NULL OR subject = ?1)
    ORDER BY count, bucket`, of === null ? null : subjectKey(of));
  return [...Map.groupBy(rows, ({ subject }) => subject)].map(([subject, own]): Breaker => {
    const at = subject.indexOf('/');
    const tripped = own.find(({ name }) => name === 'breaker');
    return {
      space: at === 0 ? null : subject.slice(0, at),
      service: subject.slice(at + 1),
      tripped: tripped === undefined ? null : new Date(tripped.count).toISOString(),
      seen: own.filter(({ name }) => name === 'burst').map(({ bucket, count }) => ({ member: bucket, at: count })),
    };
  }).toSorted((a, b) => Number(a.tripped === null) - Number(b.tripped === null));
}
