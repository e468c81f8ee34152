import type { CallbackDraft } from './provider.ts';

/** leased: an instance is sending it now. skipped: no target of gateway.yaml takes it. failed: given up after the last attempt. */
export type CallbackState = 'pending' | 'leased' | 'delivered' | 'failed' | 'skipped';

/** A callback as it goes into the outbox: secrets are cut out of its target and its body. */
export interface QueuedCallback extends CallbackDraft {
  /** why no target takes it; absent or null = one does */
  readonly skipped?: string | null;
  /** where it would go as things are configured now; absent or null = nowhere */
  readonly url?: string | null;
  /** a secret was cut out of `target`, so it is no address any more */
  readonly cut?: boolean;
}

/**
 * A callback to a webhook that nobody configured. It is told with its capture and not kept: a vendor without a webhook sends none, and a
 * call must not cost more for it.
 */
export interface UnsentCallback {
  readonly target: string;
  readonly event: string | null;
  readonly notBeforeMs: number;
  readonly why: string;
}

/** Where the capture shows such a callback: an id that the outbox does not know. */
export function unsentInfo(capture: string, { target, event, notBeforeMs, why }: UnsentCallback, n: number): CallbackInfo {
  return {
    id: `${capture.replace(/^cap_/, 'cbk_')}-u${n}`, target, url: null, event, state: 'skipped', attempt: 0, notBefore: new Date(notBeforeMs).toISOString(),
    lastStatus: null, lastError: why.slice(0, longestError), delivery: null,
  };
}

/** A callback of the outbox, with what is needed to send it. */
export interface OutboxCallback extends CallbackDraft {
  readonly id: string;
  /** the call it tells about */
  readonly capture: string;
  readonly provider: string;
  readonly cut: boolean;
  readonly state: CallbackState;
  /** attempts begun since it was queued, or sent again by hand; the one it is leased for included */
  readonly attempt: number;
}

/** What came of one attempt. */
export interface CallbackResult {
  readonly id: string;
  /** who holds the lease; where it is no longer held nothing is written */
  readonly instance: string;
  /** of the lease */
  readonly attempt: number;
  readonly state: 'pending' | 'delivered' | 'failed' | 'skipped';
  /** ms since the epoch: when to try again; only where it is pending again */
  readonly notBeforeMs: number | null;
  readonly url: string | null;
  /** HTTP status of the answer; null where none came */
  readonly status: number | null;
  /** one sentence, at most `longestError` characters; null where it was delivered */
  readonly error: string | null;
  /** the capture of this attempt; null where nothing was sent */
  readonly delivery: string | null;
}

export const longestError = 500;

/** A callback as people see it, with the capture it belongs to. */
export interface CallbackInfo {
  readonly id: string;
  /** name of a target in gateway.yaml, or the URL the call named */
  readonly target: string;
  /** where it went last, or would go; null = nowhere */
  readonly url: string | null;
  /** what it tells, in the vendor's words; null where the provider does not say */
  readonly event: string | null;
  readonly state: CallbackState;
  /** attempts begun since it was queued, or sent again by hand */
  readonly attempt: number;
  /** not sent before; RFC 3339 */
  readonly notBefore: string;
  /** HTTP status of the last answer */
  readonly lastStatus: number | null;
  /** why it was not delivered the last time, or is not sent at all */
  readonly lastError: string | null;
  /** the capture of the last attempt */
  readonly delivery: string | null;
}

/** Something is to happen to a captured call, by hand. */
export interface LaterOrder {
  /** a capture's id, or 'latest' */
  readonly capture: string;
  /** one of the provider's events */
  readonly event: string;
  /** one recipient of the call; null = all of them */
  readonly recipient: string | null;
  /** the vendor's own code or words for it; null = a usual one */
  readonly detail: string | null;
}

export type LaterHappened =
  | { readonly kind: 'happened'; readonly capture: string; readonly callbacks: readonly CallbackInfo[] }
  | { readonly kind: 'not-found' }
  /** the order names what does not exist; `events`: those that do */
  | { readonly kind: 'misnamed'; readonly why: string; readonly events: readonly string[] }
  /** it cannot happen to this call */
  | { readonly kind: 'impossible'; readonly why: string; readonly events: readonly string[] };

export type Resent =
  | { readonly kind: 'queued'; readonly callback: CallbackInfo }
  | { readonly kind: 'not-found' }
  /** it is being sent at this moment */
  | { readonly kind: 'busy' }
  | { readonly kind: 'nowhere'; readonly why: string };
