import type { Action } from './decision.ts';
import type { Bytes } from './bytes.ts';
import type { ConnectAttempt, Headers, HttpRequest, HttpResponse, MailTransaction, SmtpReply, Unreadable } from './exchange.ts';
import type { Origin } from './origin.ts';

/** What ingress answers: the reply as it goes to the client (HTTP replies already carry X-Fourthwall-*). */
export interface Answer<R> {
  readonly reply: R;
  /** null only when nothing could be recorded; the reply is then a 503 / 451 */
  readonly capture: string | null;
  readonly action: Action;
  /** a failure rule ends the connection here: the reply is not sent */
  readonly dropped?: true;
}

/** A request whose head was read and whose body still comes. Nothing of the body is read before the first `next()`. */
export interface PassingRequest {
  /** with an empty body and no trailers */
  readonly head: HttpRequest;
  /** null: the head says that there is none. Throws when the client breaks off or the body cannot be read. */
  readonly body: AsyncIterable<Bytes> | null;
  /** those of the body, once it has ended */
  trailers(): Headers;
  /** aborted when the client is gone */
  readonly signal: AbortSignal;
}

/** An answer whose body still comes. It must be read to its end, or its iterator ended: only then the outcome is written. */
export interface PassingReply {
  /** with an empty body */
  readonly head: HttpResponse;
  /** Throws when the answer breaks off: then the client must see a break too, never an end. */
  readonly body: AsyncIterable<Bytes>;
  /** those of the body, once it has ended */
  trailers(): Headers;
}

/**
 * The door between ingress and the rest. Ingress calls exactly one of these for each thing that arrives and sends what
 * comes back; it never answers anything else itself. None of them rejects: every fault becomes a refusal.
 */
export interface Gateway {
  /** Before a tunnel is opened or a TLS hello is answered: may this host be intercepted at all? */
  connect(attempt: ConnectAttempt, origin: Origin): Promise<
    { readonly kind: 'intercept' } | { readonly kind: 'refuse'; readonly answer: Answer<HttpResponse> }>;
  http(request: HttpRequest, origin: Origin): Promise<Answer<HttpResponse>>;
  /**
   * The same for a call that may pass without being held: a plain forward that the head alone decides, to a host no provider
   * claims. Null: nothing was read, decided or recorded; read the body and ask `http`.
   */
  pass(request: PassingRequest, origin: Origin): Promise<
    { readonly kind: 'passing'; readonly reply: PassingReply } | { readonly kind: 'answered'; readonly answer: Answer<HttpResponse> } | null>;
  mail(transaction: MailTransaction, origin: Origin): Promise<Answer<SmtpReply>>;
  /** Could not be read, too large, mismatched names ... `check` becomes the rule `gateway:<check>`. */
  unreadable(what: Unreadable, fault: GatewayFault, origin: Origin): Promise<Answer<HttpResponse | SmtpReply>>;
  /** A client broke off our TLS handshake (pinned or unknown CA): kept as an event, makes verdicts inconclusive. */
  tlsRejected(host: string | null, why: string, origin: Origin): Promise<void>;
}

export interface GatewayFault {
  /** 'unreadable' | 'mismatch' | 'websocket' | 'misdirected' ... */
  readonly check: string;
  /** HTTP status; mapped to 552 for 413 and 554 otherwise over SMTP */
  readonly status: number;
  /** what failed, on what, why, what is right */
  readonly reason: string;
}
