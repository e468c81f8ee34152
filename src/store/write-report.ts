/** One write as it waits: its arguments as `v8.serialize` wrote them. */
export interface PackedWrite<Name extends string = string> {
  readonly kind: Name;
  readonly packed: Uint8Array;
  /** RFC 3339 UTC, ms: when it was asked for */
  readonly at: string;
}

/** What became of it. `unavailable`: the store could not; `full`: StoreFull; `conflict`: ObjectConflict; `refused`: this write alone was wrong. */
export type WriteReport =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: 'unavailable' | 'full' | 'conflict' | 'refused'; readonly message: string };

export interface BatchReport { readonly reports: readonly WriteReport[]; readonly appended: boolean }

/** Nothing of a batch was written, or it cannot be known. */
export function failed(batch: readonly unknown[], message: string): BatchReport {
  return { reports: batch.map(() => ({ ok: false, fault: 'unavailable', message })), appended: false };
}
