import type { Breaker, BreakerSubject, Tallied, Tally, Trip } from './breaker.ts';
import type { Bytes } from './bytes.ts';
import type { CallbackInfo, CallbackResult, CallbackState, OutboxCallback, QueuedCallback, UnsentCallback } from './callback.ts';
import type {
  Capture, CaptureDraft, CaptureSummary, Enrichment, Outcome, Redaction,
} from './capture.ts';
import type { ErasureOrder, ErasureProof, Sighting } from './erasure.ts';
import type { Event } from './event.ts';
import type { HttpRequest, Reply } from './exchange.ts';
import type { PayerChoice } from './hosted-page.ts';
import type { Remember, Remembered } from './provider.ts';
import type { HeldBack, Holding } from './retention.ts';
import type { Claim, Run } from './run.ts';

/** Whose remembered objects: provider, account fingerprint ('' for none), run name ('' for none). */
export interface Scope {
  readonly provider: string;
  readonly account: string;
  readonly run: string;
}

/** An object that was not made by a call. Without an `index` it is found by its own scalar fields. */
export interface SeedObject {
  readonly scope: Scope;
  readonly kind: string;
  readonly id: string;
  readonly value: unknown;
  readonly index?: Readonly<Record<string, string>>;
}

/** Everything that is committed in one transaction before a call is answered. */
export interface Recording {
  readonly draft: CaptureDraft;
  readonly remember: readonly { readonly scope: Scope; readonly object: Remember }[];
  readonly callbacks: readonly QueuedCallback[];
  /** callbacks that are shown with the capture and not kept */
  readonly unsent?: readonly UnsentCallback[];
  /** for the capture of a callback that was sent: what came of it, in the same commit */
  readonly settles?: CallbackResult;
}

/** What a payer did on a page of ours, to which object of whose. */
export interface PayerChose {
  readonly provider: string;
  readonly kind: string;
  readonly id: string;
  readonly choice: PayerChoice;
}

/** What is known of a streamed request only when it is over. Already redacted. */
export interface Passed {
  /** with its counts, the trailers, and the beginning of its body: takes the place of the request of the draft */
  readonly request: HttpRequest;
  /** all of the capture, those of its draft included */
  readonly redactions: readonly Redaction[];
}

/** List filters of interface.md. Several values of one filter = or; several filters = and. */
export interface CaptureFilter {
  readonly run?: readonly string[];
  readonly space?: readonly string[];
  readonly service?: readonly string[];
  readonly channel?: readonly string[];
  readonly provider?: readonly string[];
  readonly operation?: readonly string[];
  readonly action?: readonly string[];
  readonly outcome?: readonly string[];
  readonly liveness?: readonly string[];
  readonly standing?: readonly string[];
  /** exact address, or a pattern with '*' */
  readonly recipient?: readonly string[];
  readonly person?: readonly string[];
  readonly host?: readonly string[];
  /** 'value' or 'name:value' */
  readonly key?: readonly string[];
  readonly trace?: readonly string[];
  readonly finding?: readonly string[];
  readonly tag?: readonly string[];
  readonly direction?: readonly string[];
  /** full text: every word must occur; "quoted phrases" together */
  readonly q?: string;
  /** RFC 3339, inclusive */
  readonly since?: string;
  readonly until?: string;
  /** capture seq, exclusive */
  readonly after?: number;
  readonly before?: number;
}

export interface CapturePage {
  /** newest first */
  readonly items: readonly CaptureSummary[];
  /** value for `before`, or null */
  readonly next: number | null;
  /** of the filter, whatever page of it this is */
  readonly total: number;
  /** false: at least `total` match; the rest of what may match was not looked at */
  readonly totalExact: boolean;
  /** RFC 3339 time of the oldest capture still kept, null when the store is empty */
  readonly oldestKept: string | null;
}

/** Fields by which captures are counted. */
export const countedBy = ['channel', 'provider', 'service', 'run', 'action', 'outcome', 'standing', 'finding'] as const;
export type CountedBy = typeof countedBy[number];
export interface ValueCount { readonly value: string; readonly count: number }

/** A gateway process. `stoppedAt` null and not this one = it crashed (or still runs on another machine). */
export interface Instance {
  readonly id: string;
  readonly startedAt: string;
  readonly heartbeatAt: string;
  readonly stoppedAt: string | null;
  readonly startedSeq: number;
  /** last event seq before the instance was found dead; null while it lives or after a clean stop */
  readonly crashedSeq: number | null;
  /** where others write to the store too: the last event seq at which it was surely alive; absent where nobody else does, and it lived until `crashedSeq` */
  readonly aliveSeq?: number;
}

export interface CapturePatch {
  readonly tags?: readonly string[];
  readonly note?: string | null;
  readonly pinned?: boolean;
  readonly seen?: boolean;
}

/** `why`: large bodies cannot be taken or given now; null = they can. `garbage`: objects that were deleted and still lie there. */
export interface BucketState { readonly why: string | null; readonly garbage: number }
/** Something somebody did that must be answerable for. */
export interface AuditEntry {
  /** 'user ann', 'token github', 'open' */
  readonly actor: string;
  /** 'read', 'delete', 'release', 'sign-in' ... */
  readonly action: string;
  /** what it was done to: a capture's id, a route, a user */
  readonly subject: string;
  readonly data: object;
}

export interface AuditRow extends AuditEntry {
  readonly seq: number;
  /** RFC 3339 UTC, ms */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A remembered object was written by someone else since it was recalled: run the simulation again. */
export class ObjectConflict extends Error {
  override readonly name = 'ObjectConflict';
}

/** The store cannot take or give anything now: answer 503 / 451, forward nothing. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
}

/** The question itself is wrong, or asks for what this store cannot find: answer 400. */
export class Unanswerable extends RangeError {
  override readonly name = 'Unanswerable';
}

/** No new call is taken until captures are unpinned or runs closed. Its message is fit for the caller. */
export class StoreFull extends StoreUnavailable {
  override readonly name = 'StoreFull';
}

/**
 * What is remembered. Called by the gateway for every call and by control for every view.
 * Every write resolves only after its commit at the configured durability; a rejected promise means nothing was written
 * (or that it cannot be known: StoreUnavailable). Every implementation passes test/contract/store.ts.
 */
export interface Store {
  /** Resolves after the commit. Throws ObjectConflict (nothing written), StoreUnavailable, or StoreFull for a call of an application beyond the hard cap. */
  record(recording: Recording): Promise<{ readonly seq: number }>;
  /** The outcome of a forward or relay, with the reply where one came. */
  outcome(id: string, outcome: Outcome, reply: Reply | null, passed?: Passed): Promise<void>;
  enrich(id: string, enrichment: Enrichment): Promise<void>;
  /** captures whose enrichment is pending, oldest first; survives a restart */
  pendingEnrichment(limit: number): Promise<readonly string[]>;

  /** 'latest' works as an id: the newest call that left an application (direction 'out') */
  capture(id: string): Promise<Capture | null>;
  /** stored bytes: the message of a mail, the body of an HTTP request; redacted spans at equal length */
  requestBody(id: string): Promise<Bytes | null>;
  replyBody(id: string): Promise<Bytes | null>;
  /** n counts from 0 */
  attachment(id: string, n: number): Promise<{ readonly filename: string | null; readonly contentType: string; readonly content: Bytes } | null>;
  list(filter: CaptureFilter, limit: number): Promise<CapturePage>;
  /** how many captures match, by one field; always all of them */
  counts(filter: CaptureFilter, by: CountedBy): Promise<readonly ValueCount[]>;
  /** the same by several fields, for the page's side bar: `counted` null, or where that would take long, only of the newest `counted` that match */
  facetCounts(filter: CaptureFilter, by: readonly CountedBy[]): Promise<{ readonly counts: Readonly<Record<string, readonly ValueCount[]>>; readonly counted: number | null }>;
  patch(id: string, patch: CapturePatch): Promise<boolean>;
  /** deletes rows, bodies and index entries; never a capture of an open run. Returns the number deleted. */
  remove(filter: CaptureFilter & { readonly ids?: readonly string[] }): Promise<number>;
  /**
   * Deletes, as `remove` does, the oldest of what the retention of this store no longer keeps: at most `limit` in one transaction; call again until it gives 0.
   * Never what is pinned, of an open registered run, without an outcome yet, or with callbacks to be sent. Each has an event 'deleted' with
   * `evicted: 'age' | 'captures' | 'bytes'` and `quota`. Of the log, the beginning goes that is older than the retention's days and that no kept capture or open registered run needs. Any number of gateways may call it at once. Without a retention it does nothing.
   */
  evict(limit: number): Promise<number>;
  /** How much is kept now; `full`: why no new call is taken, or null. */
  holding(): Promise<Holding & { readonly full: string | null }>;
  /** what stands in the way of an eviction */
  heldBack(): Promise<HeldBack>;

  /**
   * Reads through: from what the scope has itself to what its account has for no run, to what no account in particular has (seeds) for its
   * run, to what nobody in particular has. The nearest hides the others, deleted or not; writing makes a copy in the scope.
   */
  recall(scope: Scope, kind: string, id: string): Promise<Remembered | null>;
  /** newest first; reads through like `recall` */
  objects(scope: Scope, kind: string, options: {
    readonly where?: Readonly<Record<string, string>>;
    readonly after?: string; readonly before?: string; readonly limit: number;
  }): Promise<{ readonly items: readonly Remembered[]; readonly more: boolean }>;
  /** for the simulators API: every object of a provider, whatever account and run */
  allObjects(provider: string, limit: number): Promise<readonly (Remembered & { readonly scope: Scope })[]>;
  /** all of them in one transaction, whatever stood there; one that stands there already as it is stays at its version */
  putObjects(objects: readonly SeedObject[]): Promise<void>;
  removeObjects(provider: string): Promise<number>;

  /** the scope a capture's simulation had, for what happens to it later */
  scopeOf(id: string): Promise<Scope | null>;
  /**
   * What happened to a captured call later, in one transaction: objects, and callbacks queued behind those it has. Resolves with the
   * new callbacks; null where there is no such capture. Throws ObjectConflict (nothing written).
   * What a payer chose on a page of ours stands in the event ('changed', `payer` of its data), and is kept even where the capture was
   * deleted: objects outlive captures. Its callbacks then belong to none and go from the outbox with their last attempt; the event has no capture.
   */
  addConsequences(id: string, more: Pick<Recording, 'remember' | 'callbacks'> & { readonly chosen?: PayerChose }): Promise<readonly CallbackInfo[] | null>;

  /**
   * Callbacks to send now, oldest first, each held by this instance alone for `forMs`; an attempt is counted with the lease. Of one
   * { provider, target, object } only the first that is neither delivered nor given up. A lease that ran out, or whose holder was found dead by
   * `begin`, is given again: at least once. `next`: when to ask again, if nothing happens before.
   */
  leaseCallbacks(lease: { readonly instance: string; readonly limit: number; readonly forMs: number }): Promise<{ readonly leased: readonly OutboxCallback[]; readonly next: string | null }>;
  /** What came of a leased callback of which nothing was sent; one that was sent is settled with its capture. False where the lease is held no longer. */
  settleCallback(result: CallbackResult): Promise<boolean>;
  callback(id: string): Promise<OutboxCallback | null>;
  /** Makes it due now, whatever came of it, and counts its attempts anew; null where there is none, or it is being sent now. */
  resendCallback(id: string, url: string): Promise<CallbackInfo | null>;
  callbackCounts(): Promise<readonly { readonly state: CallbackState; readonly count: number }[]>;

  openRun(run: { readonly name: string; readonly space: string | null; readonly claims: readonly Claim[]; readonly registered: boolean }): Promise<Run>;
  closeRun(name: string): Promise<Run | null>;
  run(name: string): Promise<Run | null>;
  runs(options: { readonly open?: boolean; readonly limit: number }): Promise<readonly Run[]>;

  /** Counts for the mailshot breaker: atomic, and known to every instance on the same storage once it resolves. */
  tally(tally: Tally): Promise<Tallied>;
  /** Trips the breaker, with an event 'tripped'; resolves with since when. One that is tripped already stays as it is. */
  trip(trip: Trip): Promise<string>;
  /** Back to normal, with an event 'tripped' that says so; false when it was not tripped. Who was counted is forgotten. */
  resetBreaker(subject: BreakerSubject): Promise<boolean>;
  /** of one service, or (null) of all that are tripped or have somebody counted */
  breakers(of: BreakerSubject | null): Promise<readonly Breaker[]>;

  /** Adds one to a counter of this name and subject and gives the sum: atomic, and known to every instance on the same storage. */
  count(name: string, subject: string): Promise<number>;

  /** events with seq > after, in order, without gaps a reader could miss: where the first is not `after` + 1, those between are no longer kept (`evict`) */
  events(after: number, limit: number): Promise<readonly Event[]>;
  /** the first event that is kept; there is one as soon as there was any */
  oldestEvent(): Promise<Pick<Event, 'seq' | 'at'> | null>;
  lastSeq(): Promise<number>;
  /** called once after each commit that appended events; returns the unsubscribe function */
  subscribe(listener: () => void): () => void;
  /** 'tls-rejected' and 'store-error' are appended by the edge itself */
  append(event: Pick<Event, 'kind' | 'capture' | 'run' | 'data'>): Promise<void>;

  /** Registers this process; marks instances that neither stopped nor beat as crashed and their open captures' outcome as 'unknown'. */
  begin(instance: string): Promise<void>;
  heartbeat(instance: string): Promise<void>;
  instances(): Promise<readonly Instance[]>;

  /** Looks through the whole store for these subjects, changes nothing. */
  sight(order: Pick<ErasureOrder, 'subjects' | 'linked'>): Promise<Sighting>;
  /**
   * Deletes everything that has something of these subjects, pinned or not, looks through the whole store again, makes the storage forget, and keeps a proof (audit action 'erasure').
   * Each capture has an event 'deleted' with `erased`: the id of the proof. Throws RunsOpen, nothing erased, where open registered runs have something of it.
   */
  erase(order: ErasureOrder): Promise<ErasureProof>;
  /** every proof, newest first; `broken`: the first that was changed or does not follow the one before it */
  erasures(): Promise<{ readonly items: readonly ErasureProof[]; readonly broken: string | null }>;

  /** keeps the text of a policy under its sha256, without the values of ${ENV} */
  keepPolicy(sha256: string, text: string): Promise<void>;
  policy(sha256: string): Promise<string | null>;

  /** of the bucket where large bodies lie; null where there is none */
  bucket(): Promise<BucketState | null>;
  /** Notes who did what: append only, and kept whatever is deleted. It names nobody who was captured. */
  audit(entry: AuditEntry): Promise<void>;
  /** newest first; `before`: seq, exclusive */
  audits(asked: { readonly before?: number; readonly limit: number; readonly action?: string }): Promise<readonly AuditRow[]>;

  /** true when a write would be accepted now; a full store (`holding`) takes every write but a new call */
  healthy(): Promise<boolean>;
  /** finishes what was accepted, records the clean stop, closes */
  close(instance: string): Promise<void>;
}
