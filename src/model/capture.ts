import type { Tally } from './breaker.ts';
import type { Bytes } from './bytes.ts';
import type { CallbackInfo } from './callback.ts';
import type { Action, Decision } from './decision.ts';
import type { Headers, Reply, Request } from './exchange.ts';
import type { Money } from './money.ts';
import type { Origin } from './origin.ts';
import type { Recipient } from './recipient.ts';
import type { Decoded, Liveness } from './side-effect.ts';

export type Outcome = 'pending' | 'captured' | 'forwarded' | 'relayed' | 'rejected' | 'failed' | 'unknown';
export type EnrichmentState = 'pending' | 'done' | 'partial' | 'failed';
export type Protocol = 'http' | 'smtp' | 'connect';

/** Something odd about a message. `id` is the finding's own name: 'real-recipient', 'live-credential', 'null-name'. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  /** where it was seen: 'subject', 'text', 'recipient ann@x', 'header authorization' */
  readonly where: string;
  /** at most 120 characters, never a secret */
  readonly excerpt: string;
}

export interface Key { readonly name: string; readonly value: string }

/** One identity of the person a call is about. The store joins captures that share one. */
export interface Identity { readonly kind: 'email' | 'phone' | 'customer' | 'device'; readonly value: string }

/** Bytes cut out before storing: replaced at equal length. Offsets are into the stored bytes. */
export interface Redaction {
  /** 'request.headers.authorization', 'request.body', 'request.query' */
  readonly where: string;
  readonly offset: number;
  readonly length: number;
  readonly kind: 'credential' | 'card' | 'cvc';
  /** 'Bearer', 'Basic', 'SG', up to 8 characters that tell the sort and not the secret */
  readonly hint: string;
  /** 12 hex of a keyed hash: the same credential has the same; null where there is none to tell (cards, bodies not kept) */
  readonly fingerprint: string | null;
}

/**
 * What the gateway hands to the store. Already redacted (store/redaction.ts): no implementation sees a secret.
 * The store adds seq, person, fingerprint, duplicateOf.
 */
export interface CaptureDraft {
  readonly id: string;
  /** RFC 3339 UTC with milliseconds */
  readonly at: string;
  readonly instance: string;
  readonly origin: Origin;
  /** after claims were resolved: a name, 'ambiguous', or null */
  readonly run: string | null;
  readonly protocol: Protocol;
  readonly direction: 'out' | 'callback';
  readonly parent: string | null;
  readonly provider: string;
  readonly channels: readonly string[];
  readonly request: Request;
  readonly reply: Reply | null;
  readonly decoded: Decoded<Recipient>;
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly keys: readonly Key[];
  readonly identities: readonly Identity[];
  readonly findings: readonly Finding[];
  readonly redactions: readonly Redaction[];
  /** 'pending' when something is left to read (MIME); 'done' otherwise */
  readonly enrichment: EnrichmentState;
  /** names the caller: 12 hex of a keyed hash of its credential; null without one */
  readonly account: string | null;
  /** its real recipients, counted for the mailshot breaker in the same commit; absent or null = nobody to count */
  readonly tally?: Tally | null;
}

/** Interface.md, "A capture": the summary. Null, never absent. */
export interface CaptureSummary {
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly instance: string;
  readonly space: string | null;
  readonly service: string;
  readonly run: string | null;
  readonly trace: string | null;
  readonly keys: readonly Key[];
  readonly person: string | null;
  readonly protocol: Protocol;
  readonly direction: 'out' | 'callback';
  readonly parent: string | null;
  /** the first of `channels` */
  readonly channel: string | null;
  readonly channels: readonly string[];
  readonly provider: string;
  /** the first of `operations` */
  readonly operation: string | null;
  readonly operations: readonly string[];
  readonly effectCount: number;
  readonly liveness: Liveness;
  readonly action: Action;
  readonly rule: string;
  readonly outcome: Outcome;
  readonly from: string | null;
  readonly recipients: readonly Recipient[];
  readonly title: string;
  readonly amount: (Money & { readonly text: string }) | null;
  readonly codes: readonly string[];
  readonly links: readonly string[];
  /** 12 hex: same kind of message, whatever the recipient */
  readonly fingerprint: string | null;
  readonly findings: readonly Finding[];
  readonly tags: readonly string[];
  readonly note: string | null;
  readonly pinned: boolean;
  readonly seen: boolean;
  /** bytes of the request body or message */
  readonly size: number;
  readonly enrichment: EnrichmentState;
  readonly duplicateOf: string | null;
  /** recorded elsewhere and taken in from an export: no proof of what was sent here; absent where it was recorded here */
  readonly imported?: true;
}

export interface StoredBody {
  readonly encoding: 'utf8' | 'base64' | 'none';
  readonly data: string;
  readonly size: number;
  /** true when `data` holds less than `size` (inline up to 64 KiB) */
  readonly truncated: boolean;
  readonly href: string | null;
  /** why nothing of it is shown to whoever asked; absent = nothing is held back */
  readonly withheld?: string;
  /** where the body was passed on without being held: `size` is what passed, and only its beginning is kept */
  readonly streamed?: { readonly sha256: string | null; readonly whole: boolean };
}

export interface StoredHttpRequest {
  readonly kind: 'http';
  readonly method: string;
  readonly url: string;
  readonly version: string;
  readonly headers: Headers;
  readonly trailers: Headers;
  readonly body: StoredBody;
}
export interface StoredMail {
  readonly kind: 'mail';
  readonly helo: string | null;
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  readonly authUser: string | null;
  readonly from: { readonly address: string; readonly parameters: Headers };
  readonly to: readonly { readonly address: string; readonly parameters: Headers }[];
  /** the message's own header block */
  readonly headers: Headers;
  /** what both sides said before the message; absent in captures of earlier versions */
  readonly transcript?: string | null;
  readonly body: StoredBody;
}
export interface StoredConnect {
  readonly kind: 'connect' | 'unreadable';
  readonly authority: { readonly host: string; readonly port: number } | null;
  readonly headers: Headers;
  readonly body: StoredBody;
}
export type StoredRequest = StoredHttpRequest | StoredMail | StoredConnect;

export interface StoredHttpReply {
  readonly kind: 'http';
  readonly status: number;
  readonly headers: Headers;
  readonly trailers: Headers;
  readonly body: StoredBody;
}
export interface StoredSmtpReply {
  readonly kind: 'smtp';
  readonly code: number;
  readonly enhanced: string;
  readonly text: string;
}
export type StoredReply = StoredHttpReply | StoredSmtpReply;

/** An attachment as listed with a capture; its bytes are at `href`. */
export interface AttachmentInfo {
  readonly n: number;
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly href: string;
}

/** What enrichment found in a message (MIME tree of SMTP mail, or the fields of an API mail). */
export interface MessageContent {
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly AttachmentInfo[];
}

/** The whole capture, as the API shows it. */
export interface Capture extends CaptureSummary {
  readonly request: StoredRequest;
  readonly reply: StoredReply | null;
  /** attachments' bytes are not in here: see `content` */
  readonly decoded: StoredDecoded;
  readonly content: MessageContent | null;
  readonly decision: Decision;
  readonly callbacks: readonly CallbackInfo[];
  readonly redactions: readonly Redaction[];
}

/** `Decoded<Recipient>` with every attachment's `content` replaced by its size: plain JSON. */
export type StoredDecoded =
  | { readonly kind: 'effects'; readonly effects: readonly Readonly<Record<string, unknown>>[] }
  | { readonly kind: 'read'; readonly operation: string; readonly liveness: Liveness }
  | { readonly kind: 'unrecognized'; readonly why: string };

/** What enrichment writes back after the acknowledgement. */
export interface Enrichment {
  readonly state: Exclude<EnrichmentState, 'pending'>;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly {
    readonly filename: string | null;
    readonly contentType: string;
    readonly contentId: string | null;
    readonly content: Bytes;
  }[];
  readonly codes: readonly string[];
  readonly links: readonly string[];
  /** added to those the draft had */
  readonly findings: readonly Finding[];
  readonly keys: readonly Key[];
}
