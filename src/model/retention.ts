/** Of whom a quota speaks. */
export interface QuotaSubject { readonly kind: 'space' | 'service' | 'run'; readonly name: string }

/** A part of the store with bounds of its own: it loses its own oldest, so that a load test evicts nobody else's. Null = no bound. */
export interface Quota extends QuotaSubject { readonly captures: number | null; readonly bytes: number | null }

/** How long and how much is kept, the oldest going first. */
export interface Retention {
  readonly days: number;
  readonly captures: number;
  readonly bytes: number;
  readonly quotas: readonly Quota[];
}

/** How much is kept now. `bytes` counts a body for every capture that has it. */
export interface Holding { readonly captures: number; readonly bytes: number }

/** What may not be evicted now. */
export interface HeldBack {
  readonly pinned: number;
  /** open registered runs with the most captures, at most ten */
  readonly runs: readonly { readonly name: string; readonly captures: number }[];
  /** outcome still open, or callbacks still to be sent */
  readonly waiting: number;
}

/** Reached only where pins and open runs leave nothing to evict: beyond it no new call is taken. */
export function hardCap({ captures, bytes }: Pick<Retention, 'captures' | 'bytes'>): Holding {
  return { captures: 2 * captures, bytes: 2 * bytes };
}
