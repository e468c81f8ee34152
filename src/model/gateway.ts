import type { Action } from './decision.ts';
import type { ConnectAttempt, HttpRequest, HttpResponse, MailTransaction, SmtpReply, Unreadable } from './exchange.ts';
import type { Origin } from './origin.ts';

/** What ingress answers: the reply as it goes to the client (HTTP replies already carry X-Fourthwall-*). */
export interface Answer<R> {
  readonly reply: R;
  /** null only when nothing could be recorded; the reply is then a 503 / 451 */
  readonly capture: string | null;
  readonly action: Action;
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
