import type { CaptureSummary } from '../model/capture.ts';
import type { CaptureFilter, Store } from '../model/store.ts';
import { watch } from './changes.ts';
import { callsOnly } from './filters.ts';
import { everyCapture, pageSize } from './pages.ts';
import { Problem } from './problem.ts';

type Captures = Pick<Store, 'list' | 'counts' | 'subscribe' | 'pendingEnrichment' | 'capture' | 'oldestEvent'>;

export interface Waiting {
  readonly store: Captures;
  readonly filter: CaptureFilter;
  /** ms since the epoch */
  readonly deadline: number;
  readonly now: () => number;
  /** the client went away, or we stop */
  readonly signal: AbortSignal;
}

export interface Nearest {
  readonly capture: CaptureSummary;
  readonly matched: readonly string[];
  readonly missed: readonly string[];
}

/**
 * Until `count` captures match, newest first. Content that is read after the acknowledgement wakes it too, because
 * enrichment is a commit like any other.
 */
export async function waitForCaptures(waiting: Waiting & { readonly count: number; readonly limit: number }): Promise<
  { readonly satisfied: boolean; readonly items: readonly CaptureSummary[]; readonly nearest: readonly Nearest[]; readonly cursor: number }
> {
  const { store, filter, count, limit, deadline, now, signal } = waiting;
  const changes = watch(store, now, signal);
  try {
    for (;;) {
      const page = await store.list(callsOnly(filter), limit);
      const { items } = page;
      const cursor = Math.max(filter.after ?? 0, ...items.map(({ seq }) => seq));
      // `total` is of the filter without `before`.
      const found = filter.before !== undefined ? items.length : page.totalExact || page.total >= count ? page.total : await exactly(store, callsOnly(filter));
      if (found >= count) return { satisfied: true, items, nearest: [], cursor };
      const woken = await changes.next(deadline);
      if (woken === 'aborted') throw stopping();
      if (woken === 'deadline') return { satisfied: false, items, nearest: await nearest(store, filter), cursor };
    }
  } finally {
    changes.stop();
  }
}

/** Until the deadline without a match. What matches only by content that is not read yet is no silence. */
export async function waitForQuiet({ store, filter, deadline, now, signal }: Waiting): Promise<
  { readonly satisfied: boolean; readonly items: readonly CaptureSummary[] }
> {
  const changes = watch(store, now, signal);
  try {
    for (;;) {
      const { items } = await store.list(callsOnly(filter), 500);
      if (items.length > 0) return { satisfied: false, items };
      const woken = await changes.next(deadline);
      if (woken === 'aborted') throw stopping();
      if (woken === 'deadline') break;
    }
    const unread = await unreadMatches(store, filter);
    // Nobody was heard, but part of it nobody can hear any more.
    const oldest = await store.oldestEvent();
    if (oldest !== null && (filter.after ?? 0) < oldest.seq - 1) {
      throw new Problem(410, 'No longer kept', `after: the log is kept from event ${oldest.seq} on, so whether it was quiet since event ${filter.after ?? 0} is not known`, { name: 'after' });
    }
    return { satisfied: unread.length === 0, items: unread };
  } finally {
    changes.stop();
  }
}

/** A total that was not counted to its end is no answer to whether there are so many. Every capture has exactly one action. */
async function exactly(store: Captures, filter: CaptureFilter): Promise<number> {
  return (await store.counts(filter, 'action')).reduce((sum, { count }) => sum + count, 0);
}

async function unreadMatches(store: Captures, { q, finding, key, ...plain }: CaptureFilter): Promise<readonly CaptureSummary[]> {
  if (q === undefined && finding === undefined && key === undefined) return [];
  if ((await store.pendingEnrichment(1)).length === 0) return [];
  const unread: CaptureSummary[] = [];
  // One that is long in the reading may be old.
  for await (const capture of everyCapture(store, plain, Number.MAX_SAFE_INTEGER - 1)) {
    if (capture.enrichment === 'pending' && unread.push(capture) === pageSize) break;
  }
  return unread;
}

/** Captures that match most of the filters, each filter judged by the store itself. At most three. */
async function nearest(store: Captures, filter: CaptureFilter): Promise<readonly Nearest[]> {
  const { after, before, since, until, ...rest } = filter;
  const window: CaptureFilter = {
    ...rest.direction === undefined ? callsOnly({}) : {},
    ...after === undefined ? {} : { after }, ...before === undefined ? {} : { before },
    ...since === undefined ? {} : { since }, ...until === undefined ? {} : { until },
  };
  const names = Object.keys(rest) as readonly (keyof typeof rest)[];
  const found = new Map<string, { readonly capture: CaptureSummary; readonly matched: string[] }>();
  for (const capture of (await store.list(window, 100)).items) found.set(capture.id, { capture, matched: [] });
  for (const name of names) {
    for (const capture of (await store.list({ ...window, [name]: rest[name] }, 100)).items) {
      const entry = found.get(capture.id) ?? { capture, matched: [] };
      entry.matched.push(name);
      found.set(capture.id, entry);
    }
  }
  return [...found.values()]
    .sort((one, other) => other.matched.length - one.matched.length || other.capture.seq - one.capture.seq)
    .slice(0, 3)
    .map(({ capture, matched }) => ({ capture, matched, missed: names.filter((name) => !matched.includes(name)) }));
}

function stopping(): Problem {
  return new Problem(503, 'Stopping', 'the gateway stops or the client went away before the wait was over');
}
