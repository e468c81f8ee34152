import type { Breaker, BreakerSubject } from '../model/breaker.ts';

/** A space and a service hold no slash (interface.md, "Who called"). */
export function subjectKey({ space, service }: BreakerSubject): string {
  return `${space ?? ''}/${service}`;
}

/** A row of `counters`: who was counted ('burst') or that the service is tripped ('breaker'). */
export interface BreakerRow { readonly name: 'burst' | 'breaker'; readonly subject: string; readonly bucket: string; readonly count: number }

/** From rows in the order of `count`, then `bucket`; tripped ones first. */
export function breakersOf(rows: readonly BreakerRow[]): readonly Breaker[] {
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
