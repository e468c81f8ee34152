import type { Outcome } from './capture.ts';

/** A captured mail is to be sent to colleagues, by hand. */
export interface ReleaseOrder {
  /** a capture's id, or 'latest' */
  readonly capture: string;
  readonly to: readonly string[];
  /** a relay of gateway.yaml; null = the only one there is */
  readonly via: string | null;
  /** people named in the text are masked instead of standing in the way */
  readonly mask: boolean;
}

export type Released =
  | { readonly kind: 'released'; readonly capture: string; readonly outcome: Extract<Outcome, 'relayed' | 'failed' | 'unknown'> }
  | { readonly kind: 'not-found' }
  /** `addresses`: those that may not have it, each with why; empty where something else stands in the way */
  | { readonly kind: 'refused'; readonly why: string; readonly addresses: readonly { readonly address: string; readonly why: string }[] };
