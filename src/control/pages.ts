import type { CaptureSummary } from '../model/capture.ts';
import type { CaptureFilter, Store } from '../model/store.ts';

/** Rows asked for at once: the store's own limit. */
export const pageSize = 500;

/**
 * Every capture the filter matches, newest first, page by page; what is recorded meanwhile is left out.
 * @param upTo capture seq, inclusive
 */
export async function* everyCapture(store: Pick<Store, 'list'>, filter: CaptureFilter, upTo: number): AsyncGenerator<CaptureSummary> {
  let before: number | null = Math.min(filter.before ?? Number.MAX_SAFE_INTEGER, upTo + 1);
  while (before !== null) {
    const page = await store.list({ ...filter, before }, pageSize);
    yield* page.items;
    before = page.next;
  }
}
