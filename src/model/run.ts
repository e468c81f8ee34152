/** What makes a call belong to a run of an application that is already running. Exactly one field is set. */
export type Claim =
  | { readonly kind: 'recipient'; readonly pattern: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'key'; readonly value: string }
  | { readonly kind: 'trace'; readonly trace: string };

export interface Run {
  readonly name: string;
  readonly space: string | null;
  readonly claims: readonly Claim[];
  /** made by POST /api/runs; false for a name first seen on a call */
  readonly registered: boolean;
  /** RFC 3339 UTC, ms */
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** event seq at opening and closing: the run's window */
  readonly openedSeq: number;
  readonly closedSeq: number | null;
}
