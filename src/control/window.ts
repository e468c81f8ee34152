import type { Event } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import type { CaptureFilter, Instance, Store } from '../model/store.ts';

/** The stretch of the log a verdict is about. Seqs of events; times RFC 3339 UTC; null = open. */
export interface Window {
  /** exclusive */
  readonly fromSeq: number;
  /** inclusive */
  readonly toSeq: number | null;
  readonly since: string | null;
  readonly until: string | null;
}

/** A call's own time is taken before it is committed, by at most the deadlines of ingress and store: looked at this much earlier. */
const commitDelay = 60_000;

/** From the first opening to the last closing of the runs, cut down by `after`, `before`, `since`, `until`. */
export async function windowOf(store: Pick<Store, 'list'>, filter: CaptureFilter, runs: readonly Run[]): Promise<Window> {
  const opened = runs.length === 0 ? 0 : Math.min(...runs.map(({ openedSeq }) => openedSeq));
  const closed = runs.length === 0 || runs.some(({ closedSeq }) => closedSeq === null) ? null : Math.max(...runs.map(({ closedSeq }) => closedSeq ?? 0));
  const before = filter.before === undefined ? null : filter.before - 1;
  const ends = [closed, before].filter((seq) => seq !== null);
  return {
    fromSeq: Math.max(opened, filter.after ?? 0, await seqBefore(store, filter.since)),
    toSeq: ends.length === 0 ? null : Math.min(...ends),
    since: latest([filter.since ?? null, runs.length === 0 ? null : runs.map(({ openedAt }) => openedAt).sort()[0] ?? null]),
    until: earliest([filter.until ?? null, closed === null ? null : runs.map(({ closedAt }) => closedAt ?? '').sort().at(-1) ?? null]),
  };
}

/** Whatever a call of this time did is in the log after this time. */
export function beganBefore(since: string): string {
  return new Date(Date.parse(since) - commitDelay).toISOString();
}

/** A seq that surely lies before `since`: saves reading the log from its beginning. */
async function seqBefore(store: Pick<Store, 'list'>, since: string | undefined): Promise<number> {
  if (since === undefined) return 0;
  const page = await store.list({ until: beganBefore(since) }, 1);
  return page.items[0]?.seq ?? 0;
}

/** The window's events, and those just after it: a fault may be written down late. */
export async function* eventsOf(store: Pick<Store, 'events'>, window: Window): AsyncGenerator<Event> {
  const stop = window.until === null ? null : new Date(Date.parse(window.until) + commitDelay).toISOString();
  let after = window.fromSeq;
  for (;;) {
    const page = await store.events(after, 1_000);
    for (const event of page) {
      if (stop !== null && event.at > stop) return;
      yield event;
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

export function holdsEvent(window: Window, event: Pick<Event, 'seq' | 'at'>): boolean {
  return event.seq > window.fromSeq && (window.toSeq === null || event.seq <= window.toSeq)
    && (window.since === null || event.at >= window.since) && (window.until === null || event.at <= window.until);
}

/**
 * Did this instance die inside the window? It died after the event `crashedSeq` and before the next instance started, or, where others went on
 * writing, between `aliveSeq` and `crashedSeq`: only where all of that lies outside is it outside.
 */
export function holdsCrash(window: Window, dead: Instance, all: readonly Instance[]): boolean {
  const { crashedSeq, aliveSeq = crashedSeq } = dead;
  if (crashedSeq === null || aliveSeq === null) return false;
  if (crashedSeq < window.fromSeq || (window.toSeq !== null && aliveSeq >= window.toSeq)) return false;
  const found = all.filter(({ startedSeq }) => startedSeq >= crashedSeq).map(({ startedAt }) => startedAt).sort()[0] ?? null;
  if (window.since !== null && found !== null && found < window.since) return false;
  return window.until === null || dead.heartbeatAt <= window.until;
}

function latest(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort().at(-1) ?? null;
}
function earliest(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort()[0] ?? null;
}
