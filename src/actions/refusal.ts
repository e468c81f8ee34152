import type { Decision, Refusal } from '../model/decision.ts';
import type { HttpResponse, SmtpReply } from '../model/exchange.ts';
import { StoreFull } from '../model/store.ts';

export type Rejection = Extract<Decision, { action: 'reject' }>;

/** A built-in refusal: no rule of the policy was asked, or none may overrule it. */
export function refuse(check: string, reason: string, basis: {
  readonly sha256: string; readonly trace?: Decision['trace']; readonly reported?: readonly string[]; readonly fault?: string;
}): Rejection {
  return {
    action: 'reject',
    rule: `gateway:${check}`,
    reason,
    trace: basis.trace ?? [],
    reported: basis.reported ?? [],
    policy: { sha256: basis.sha256 },
    fault: basis.fault ?? null,
  };
}

/** RFC 9457. For callers that no vendor's voice fits: unknown hosts, refused tunnels, unreadable calls. */
export function problem(status: number, title: string, refusal: Partial<Refusal> & { readonly reason: string }): HttpResponse {
  const body = Buffer.from(JSON.stringify({
    type: 'about:blank', title, status, detail: refusal.reason,
    rule: refusal.rule ?? null, reason: refusal.reason, capture: refusal.capture ?? null,
  }));
  const headers: [string, string][] = [['content-type', 'application/problem+json']];
  if (status === 503) headers.push(['retry-after', '2']);
  return { kind: 'http', status, headers, trailers: [], body };
}

export function smtpRefusal(refusal: Refusal): SmtpReply {
  return { kind: 'smtp', code: 550, enhanced: '5.7.1', text: `${refusal.rule}: ${refusal.reason}` };
}

/** The store cannot take it now: the caller may try again, nothing was acknowledged and nothing left. */
export const unavailableHttp = (why = 'see the log'): HttpResponse =>
  problem(503, 'Not recorded, so not accepted', { rule: 'gateway:store', reason: `the capture store cannot take this call now (${why}); nothing was forwarded or acknowledged, try again` });

export const unavailableSmtp = (why?: string): SmtpReply =>
  ({ kind: 'smtp', code: 451, enhanced: '4.3.0', text: `gateway:store: the capture store cannot take this message now${why === undefined ? '' : ` (${why})`}, try again` });

/** What may be told to the caller of a fault of the store. */
export const tellable = (error: unknown): string | undefined => (error instanceof StoreFull ? error.message : undefined);
