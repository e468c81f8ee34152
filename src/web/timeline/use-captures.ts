import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaptureSummary } from '../../model/capture.ts';
import type { Event } from '../../model/event.ts';
import { ApiError, getCapture, getCaptures } from '../api/client.ts';

const pageSize = 200;
/** More changed rows than this in one go are fetched as a list, not one by one. */
const manyChanges = 12;
const lookBack = 20;

export interface Captures {
  readonly items: readonly CaptureSummary[];
  /** arrived since, not shown yet: they would move what is under the pointer */
  readonly held: readonly CaptureSummary[];
  readonly total: number;
  /** false: at least so many */
  readonly totalExact: boolean;
  readonly oldestKept: string | null;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly why: string | null;
  readonly more: boolean;
  readonly loadMore: () => void;
  readonly showHeld: () => void;
  readonly take: (events: readonly Event[], mayShow: () => boolean) => Promise<void>;
  readonly replace: (capture: CaptureSummary) => void;
  readonly forget: (id: string) => void;
}

interface State {
  /** how often the list was asked for anew */
  readonly generation: number;
  readonly query: string;
  readonly items: readonly CaptureSummary[];
  readonly held: readonly CaptureSummary[];
  readonly total: number;
  /** false: at least so many */
  readonly totalExact: boolean;
  readonly next: number | null;
  readonly oldestKept: string | null;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly why: string | null;
}

const empty = (query: string): State =>
  ({ generation: 0, query, items: [], held: [], total: 0, totalExact: true, next: null, oldestKept: null, state: 'loading', why: null });

/** The list for one query: pages as they are scrolled to, and what arrives meanwhile. */
export function useCaptures(query: string): Captures {
  const [stored, setStored] = useState<State>(() => empty(query));
  const current = stored.query === query ? stored : { ...stored, held: [], state: 'loading' as const };
  const latest = useRef(current);
  const loading = useRef(false);
  const [generation, setGeneration] = useState(0);
  useEffect(() => { latest.current = current; });

  const update = useCallback((change: (state: State) => State) => {
    setStored((state) => state.query === query ? change(state) : state);
  }, [query]);

  useEffect(() => {
    const abort = new AbortController();
    getCaptures(pageQuery(query, {}), abort.signal).then(
      (page) => setStored({ ...empty(query), ...page, generation, state: 'ready' }),
      (error: unknown) => {
        if (!abort.signal.aborted) setStored({ ...empty(query), generation, state: 'failed', why: words(error) });
      });
    return () => { abort.abort(); };
  }, [query, generation]);

  const loadMore = useCallback(() => {
    const before = latest.current.next;
    if (before === null || loading.current || latest.current.state !== 'ready') return;
    loading.current = true;
    getCaptures(pageQuery(query, { before })).then(
      (page) => update((state) => state.next === before ? { ...state, items: [...state.items, ...page.items], next: page.next, oldestKept: page.oldestKept } : state),
      (error: unknown) => { update((state) => ({ ...state, why: words(error) })); },
    ).finally(() => { loading.current = false; });
  }, [query, update]);

  const replace = useCallback((capture: CaptureSummary) => {
    const swap = (items: readonly CaptureSummary[]): readonly CaptureSummary[] => items.map((item) => item.id === capture.id ? capture : item);
    update((state) => ({ ...state, items: swap(state.items), held: swap(state.held) }));
  }, [update]);

  const forget = useCallback((id: string) => {
    update((state) => {
      const items = state.items.filter((item) => item.id !== id);
      return { ...state, items, held: state.held.filter((item) => item.id !== id), total: Math.max(0, state.total - (state.items.length - items.length)) };
    });
  }, [update]);

  const take = useCallback(async (events: readonly Event[], mayShow: () => boolean) => {
    const known = new Set([...latest.current.items, ...latest.current.held].map((item) => item.id));
    const changed = new Set<string>();
    let arrived = events.length === 0;
    for (const event of events) {
      if (event.kind === 'deleted') {
        if (event.capture === null) { setGeneration((n) => n + 1); return; }
        forget(event.capture);
      } else if (event.kind === 'recorded') arrived = true;
      else if (event.capture !== null && known.has(event.capture)) changed.add(event.capture);
      // Enrichment can make a capture match a search it did not match before.
      else if (event.kind === 'enriched' || event.kind === 'outcome') arrived = true;
    }
    if (arrived) {
      // Reaching back a little finds what only now matches a search (enriched after it was recorded).
      const after = latest.current.items[lookBack]?.seq ?? 0;
      const page = await getCaptures(pageQuery(query, { after })).catch(() => null);
      if (page === null) return;
      if (page.next !== null) { setGeneration((n) => n + 1); return; }
      update((state) => merged(state, page.items, mayShow()));
    }
    if (changed.size > manyChanges) { setGeneration((n) => n + 1); return; }
    await Promise.all([...changed].map((id) => getCapture(id).then(replace, (error: unknown) => {
      if (error instanceof ApiError && error.status === 404) forget(id);
    })));
  }, [query, update, replace, forget]);

  const showHeld = useCallback(() => {
    update((state) => ({ ...state, items: newestFirst([...state.held, ...state.items]), held: [] }));
  }, [update]);

  return {
    items: current.items, held: current.held, total: current.total, totalExact: current.totalExact, oldestKept: current.oldestKept, state: current.state, why: current.why,
    more: current.next !== null, loadMore, showHeld, take, replace, forget,
  };
}

function merged(state: State, fresh: readonly CaptureSummary[], show: boolean): State {
  const known = new Set([...state.items, ...state.held].map((item) => item.id));
  const added = fresh.filter((item) => !known.has(item.id));
  if (added.length === 0) return state;
  const total = state.total + added.length;
  return show
    ? { ...state, total, items: newestFirst([...added, ...state.held, ...state.items]), held: [] }
    : { ...state, total, held: newestFirst([...added, ...state.held]) };
}

function newestFirst(items: readonly CaptureSummary[]): readonly CaptureSummary[] {
  return items.toSorted((a, b) => b.seq - a.seq);
}

function pageQuery(query: string, cursor: { readonly before?: number; readonly after?: number }): URLSearchParams {
  const wanted = new URLSearchParams(query);
  wanted.set('limit', String(pageSize));
  if (cursor.before !== undefined) wanted.set('before', String(cursor.before));
  if (cursor.after !== undefined) wanted.set('after', String(cursor.after));
  return wanted;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
