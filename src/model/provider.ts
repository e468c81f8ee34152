import type { Headers, HttpRequest, HttpResponse, MailTransaction, SmtpReply } from './exchange.ts';
import type { Refusal } from './decision.ts';
import type { Hosting } from './hosted-page.ts';
import type { Addressee } from './recipient.ts';
import type { Channel, Decoded, SideEffect } from './side-effect.ts';

/** An object a provider keeps, so that a later read finds it. Lives apart from captures. */
export interface Remembered {
  readonly kind: string;
  readonly id: string;
  /** grows by one at every write; 0 never stored */
  readonly version: number;
  readonly value: unknown;
}

export interface Remember {
  readonly kind: string;
  readonly id: string;
  /** version that was recalled; 0 = must not exist yet. A mismatch runs the simulation again. */
  readonly expectVersion: number;
  /** plain JSON; null deletes */
  readonly value: unknown;
  /** scalar fields that `list` can filter by */
  readonly index?: Readonly<Record<string, string>>;
}

/** A webhook back into staging, to be sent by the outbox to a configured target. */
export interface CallbackDraft {
  /** name of the target in gateway.yaml, or the URL the request itself carried (only sent where configured) */
  readonly target: string;
  /** deliveries about one object go out in order */
  readonly object: string;
  /** what it tells, in the vendor's own words: 'delivered', 'payment_intent.succeeded' */
  readonly event?: string;
  readonly notBeforeMs: number;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly contentType: string;
}

/**
 * Everything a simulation may know besides the call. Reads of remembered objects are scoped by the gateway to
 * { provider, account, run or none }; a run reads through to none. Same context, same reply, to the byte.
 */
export interface SimulationContext {
  /** ms since the epoch */
  readonly now: number;
  /** id of the capture this call becomes */
  readonly capture: string;
  readonly run: string | null;
  readonly liveness: 'live' | 'test' | 'unknown';
  /** a fresh identifier: prefix, then `length` characters of the alphabet. Deterministic per capture and order of calls. */
  id(prefix: string, options?: { readonly length?: number; readonly alphabet?: 'base62' | 'hex' | 'digits' }): string;
  /** a version-4 UUID, made like `id` */
  uuid(): string;
  /** a failure rule lets the payer's bank decline whatever this call tries to take; `code` is the vendor's own ('insufficient_funds'), null = a usual one */
  readonly declined: { readonly code: string | null } | null;
  /** an id that is not remembered: the vendor's 'not found', or (databases restored from production) an object made up for it */
  readonly unknownIds: 'not-found' | 'adopt';
  /** the URL of our page for a remembered object (`Hosting`), where the vendor would name one of its own */
  page(kind: string, id: string): string;
  recall(kind: string, id: string): Promise<Remembered | null>;
  /** newest first; `where` compares with the `index` fields given to Remember; cursor = id of the last item seen */
  list(kind: string, options?: {
    readonly where?: Readonly<Record<string, string>>;
    readonly after?: string;
    readonly before?: string;
    readonly limit?: number;
  }): Promise<{ readonly items: readonly Remembered[]; readonly more: boolean }>;
}

/** What the vendor would keep, and what it would tell the application. */
export interface Consequences {
  readonly remember?: readonly Remember[];
  readonly callbacks?: readonly CallbackDraft[];
}

export interface Simulation<Reply> extends Consequences {
  readonly reply: Reply;
}

/** A callback about to be sent: its target is resolved, its body final but for a signature that some vendors put inside. */
export interface Delivery {
  readonly method: string;
  /** where it goes, as configured */
  readonly url: string;
  readonly headers: Headers;
  readonly contentType: string;
  readonly body: string;
}

/** Something that happens to a captured call after it was answered. */
export interface LaterEvent {
  /** one of the provider's `events` */
  readonly name: string;
  /** the one recipient it happens to, as decoded; null = all of them */
  readonly recipient: string | null;
  /** the vendor's own code or words for it ('21610', '550 5.1.1 no such user'); null = a usual one */
  readonly detail: string | null;
}

/** A call as it was captured, to be told more about. Secrets are cut out of the request, as they are in the store. */
export interface PastCall<Request, Reply> {
  readonly request: Request;
  readonly decoded: Decoded;
  readonly reply: Reply;
}

/** What a forwarded call is to become: the policy's rewrites as functions, so that a provider knows no policy. */
export interface Change {
  /** id of the capture; a mail carries it in X-Fourthwall-Capture */
  readonly capture: string;
  /** where it goes instead, null = where it went. The gateway changes it itself; a provider whose paths differ there changes those */
  readonly host: string | null;
  /** used instead of the caller's; null = the caller's stays */
  readonly credential: string | null;
  /** who stands in for one addressee (itself where nothing is to change); null = nobody, it is dropped */
  recipient(addressee: Addressee): string | null;
  /** the same for an address that answers, bounces or receipts would go to; null = take the field out */
  sender(address: string): string | null;
  /** asked after the recipients */
  subject(subject: string): string;
  /** an id of the live account that the rule has another for; every other as it is. For what is no text: a segment of the path */
  value(value: string): string;
  /** every other text that somebody reads, and every value */
  text(text: string): string;
}

export type Rewritten<Request> =
  | { readonly kind: 'rewritten'; readonly request: Request }
  /** `why` completes 'this call cannot be rewritten: ...' */
  | { readonly kind: 'impossible'; readonly why: string };

/** One text that whoever gets the call could read or follow, with every transfer encoding undone. */
export interface Said {
  /** 'header subject', 'part 2', 'body.content.0.value' */
  readonly where: string;
  readonly text: string;
  readonly form: 'plain' | 'html';
}

/** What people are told of a provider: GET /api/providers. */
export interface ProviderAbout {
  /** every operation it answers in the vendor's own way */
  readonly operations: readonly string[];
  /** one sentence: how far the answers go, and where they end */
  readonly fidelity: string;
  /** the official library its answers were tried with; null = none exists */
  readonly verified: { readonly sdk: string; readonly version: string; readonly date: string } | null;
}

interface ProviderBase<Request, Reply> {
  /** lower-case, as in interface.md's list */
  readonly name: string;
  readonly channels: readonly Channel[];
  readonly about: ProviderAbout;
  /**
   * Pure; never throws on bad input. Truncated, duplicated or garbage bodies give 'unrecognized', never 'read' and
   * never fewer recipients.
   */
  decode(request: Request): Decoded;
  /**
   * The call told anew from what is remembered: 'send draft 42' becomes the mail that was stored. Asked after `decode`, for what it
   * decoded as effects; where nothing is remembered it gives back what was decoded. Like `decode`, it changes and reaches nothing.
   */
  recalled?(request: Request, decoded: Decoded, context: Pick<SimulationContext, 'recall'>): Promise<Decoded>;
  /** The vendor's answer to a captured call (effects or read). */
  simulate(request: Request, decoded: Decoded, context: SimulationContext): Promise<Simulation<Reply>>;
  /** The vendor's own error, so that its SDK raises its own type and does not retry. Rule and reason are in the message. */
  reject(request: Request, refusal: Refusal): Reply;
  /** What may happen later, in the vendor's own words: 'delivered', 'bounced', 'charge.dispute.created'. Comes with `later`. */
  readonly events?: readonly string[];
  /**
   * What the vendor would keep and tell once `event` has happened; nothing for a call it cannot happen to. `simulate` uses it too
   * for what happens by itself, so that one place says what an event looks like.
   */
  later?(event: LaterEvent, call: PastCall<Request, Reply>, context: SimulationContext): Promise<Consequences>;
  /**
   * The callback with the vendor's proof that it is its own, made when it is sent. `secret` is the target's in gateway.yaml. Pure;
   * throws an Error that says what is right when the secret is none of this vendor's. Absent: the vendor signs nothing.
   */
  sign?(delivery: Delivery, secret: string, nowMs: number): Delivery;
  /** The vendor's codes for a declined payment; `simulate` obeys `context.declined`. Absent: it cannot decline. */
  readonly declines?: readonly string[];
  /** The kinds of objects it makes up where `context.unknownIds` is 'adopt'. */
  readonly adopts?: readonly string[];
  /**
   * An object that people write into config/seeds or put by the API, completed and checked: what `simulate` would have remembered.
   * Throws an Error that says what is wrong with it and what is right. Absent: they are taken as they are given.
   */
  seed?(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'>;
  /** The pages where the vendor's payer pays, approves or authenticates. */
  readonly hosted?: Hosting;
  /** The parsed call, changed and serialised anew. Pure. Without it nothing of this provider is forwarded with rewrites. */
  rewrite?(request: Request, change: Change): Rewritten<Request>;
  /**
   * Every text of the call, for the search for people who are left in it; null where it cannot be told for sure. Left out are
   * the sender the vendor asks for, and what is no text (files, pictures). Comes with `rewrite`.
   */
  said?(request: Request): readonly Said[] | null;
}

/** Where a provider lives. Exact lower-case names; each label `*` ('*.example.com', 'email.*.amazonaws.com') stands for exactly one. */
export interface ProviderHost {
  readonly host: string;
  /** ports beyond 80 and 443 */
  readonly ports?: readonly number[];
}

export interface HttpProvider extends ProviderBase<HttpRequest, HttpResponse> {
  readonly hosts: readonly ProviderHost[];
  /** the credential that tells one account's objects from another's; hashed by the gateway, never stored */
  account(request: HttpRequest): string | null;
}

export interface MailProvider extends ProviderBase<MailTransaction, SmtpReply> {}

export type { SideEffect };
