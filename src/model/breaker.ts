/** Whose mailshot it would be: every service of a space has a breaker of its own. */
export interface BreakerSubject {
  readonly space: string | null;
  readonly service: string;
}

/** Recipients of one call, to be counted with those of the same service before it. */
export interface Tally extends BreakerSubject {
  /** keyed hashes: never an address */
  readonly members: readonly string[];
  /** ms since the epoch */
  readonly at: number;
  /** who was last seen longer ago than this, in ms, is forgotten */
  readonly perMs: number;
  /** only the newest so many are kept, so the answer never says more */
  readonly most: number;
}

export interface Tallied {
  /** different members seen within `perMs` before `at` */
  readonly distinct: number;
  /** RFC 3339 UTC, ms: tripped since; null = not tripped */
  readonly tripped: string | null;
}

/** A trip, as it is written down. */
export interface Trip extends BreakerSubject {
  /** the forward that was one recipient too many */
  readonly capture: string;
  readonly run: string | null;
  readonly recipients: number;
  readonly limit: number;
  readonly perMs: number;
}

/** GET /api/breakers, one entry: a service that named somebody real lately, or whose breaker is tripped. */
export interface Breaker extends BreakerSubject {
  readonly tripped: string | null;
  /** members kept, the oldest of them first: when each was last seen, in ms since the epoch */
  readonly seen: readonly { readonly member: string; readonly at: number }[];
}
