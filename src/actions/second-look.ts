import type { Finding } from '../model/capture.ts';
import type { ForwardPlan, Sent } from '../model/decision.ts';
import type { Authority, HttpRequest, MailTransaction } from '../model/exchange.ts';
import type { Origin } from '../model/origin.ts';
import type { Said } from '../model/provider.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded, Liveness } from '../model/side-effect.ts';
import { rejectRuleFor } from '../policy/decide.ts';
import { guard } from '../policy/guard.ts';
import { judgeDecoded } from '../policy/judge-decoded.ts';
import type { Policy } from '../policy/policy.ts';
import type { House } from './call.ts';
import { strayIn } from './strays.ts';
import { httpCall, mailCall } from './understand.ts';

/** A call that was rewritten, and what of the first decision still counts. */
export interface Again {
  readonly request: HttpRequest | MailTransaction;
  /** where it would go: the call's own authority, or the relay's */
  readonly to: Authority;
  readonly plan: ForwardPlan;
  readonly policy: Policy;
  readonly origin: Origin;
  readonly run: string | null;
  /** those of the call as it arrived */
  readonly findings: readonly Finding[];
  /** nobody claimed the host it was sent to: a call between our own services, of which nothing can be read */
  readonly unclaimed: boolean;
}

export type Looked =
  | { readonly kind: 'passed'; readonly sent: Sent }
  /** `check` becomes the rule `gateway:<check>` */
  | { readonly kind: 'refused'; readonly check: string; readonly why: string };

/**
 * The second look at what was serialised anew: decoded again by whoever claims the host it now goes to, put to the guard and
 * to every reject rule, searched for people left in its texts. It leaves only if nothing stands in the way.
 */
export function secondLook(house: Pick<House, 'claims' | 'mail' | 'logger' | 'findingsOf'>, again: Again): Looked {
  const { request, to, plan, policy, origin, run } = again;
  const relay = request.kind === 'mail';
  const call = relay ? mailCall(house, request, origin) : httpCall(house, request, origin);
  const decoded = judgeDecoded(policy.safe, call.decoded);
  // a vendor's host on a port of no known service is nobody's own, though nobody claims it there
  const own = call.provider === null && again.unclaimed && plan.internal && house.claims.owner(to.host) === null;
  if (call.fault !== null) return refused('rewrite', `what became of it cannot be read: ${call.fault.reason}`);
  if (!own) {
    const guarded = guard(decoded, { relay });
    if (!guarded.ok) return refused('guard', `after rewriting, ${guarded.offender} stands in the way: ${guarded.why}`);
    // a sandbox's host makes a call a test, whatever the caller's own tokens in it are for
    const left = relay ? undefined : house.findingsOf(decoded, request).find(({ id }) => id === 'live-credential' || id === 'live-card');
    if (left !== undefined) return refused('guard', `after rewriting, ${left.id === 'live-card' ? 'the number of a real card' : 'a live credential'} is left in its ${left.where}`);
  }
  const rule = rejectRuleFor(policy, {
    stage: 'whole', origin, run, target: call.target, provider: call.provider, decoded,
    findings: findingsAgain(house, again, decoded), facts: { tripped: null },
  });
  if (rule !== null) return refused('rewrite', `after rewriting, rule ${rule.id} rejects it: ${rule.because}`);
  const stray = own ? null : strayOf(house, again);
  return stray === null ? { kind: 'passed', sent: { to, recipients: recipientsOf(decoded), liveness: livenessOf(decoded) } } : refused('rewrite', stray);
}

/** What the call aims at is looked up again; what its content shows stays as it was found. */
function findingsAgain(house: Pick<House, 'findingsOf'>, { findings: before, request }: Again, decoded: Decoded<Recipient>): readonly string[] {
  const aimed = new Set(['real-recipient', 'invalid-recipient', 'unknown-audience', 'live-credential', 'live-card']);
  return [...before.map(({ id }) => id).filter((id) => !aimed.has(id)), ...house.findingsOf(decoded, request).map(({ id }) => id)];
}

/** Rewritten calls are searched whole; a mail that was only made anew, in its envelope and header. */
function strayOf(house: Pick<House, 'claims' | 'mail'>, { request, plan, policy }: Again): string | null {
  if (request.kind === 'http' && plan.rewrites.length === 0) return null;
  const said = request.kind === 'mail' ? house.mail.said?.(request) : house.claims.claim(request.authority.host, request.authority.port)?.said?.(request);
  if (said === undefined || said === null) return 'its texts cannot be searched for people';
  const searched = plan.rewrites.length > 0 ? said : said.filter(({ where }) => /^(?:header|envelope)/.test(where));
  for (const one of searched) {
    const stray = strayIn(policy.safe, one);
    if (stray !== null) return strayText(one, stray, plan);
  }
  return null;
}

function strayText({ where }: Said, stray: string, plan: ForwardPlan): string {
  const masks = plan.rewrites.some(({ kind }) => kind === 'body');
  return `${where} still names ${stray}, who is not safe${masks ? ' and could not be masked for sure' : "; 'rewrite: { body: mask }' would mask it"}`;
}

function recipientsOf(decoded: Decoded<Recipient>): readonly Recipient[] {
  return decoded.kind === 'effects' ? decoded.effects.flatMap((effect) => effect.recipients) : [];
}

export function livenessOf(decoded: Decoded): Liveness {
  if (decoded.kind !== 'effects') return decoded.kind === 'read' ? decoded.liveness : 'unknown';
  const all = decoded.effects.map(({ liveness }) => liveness);
  if (all.includes('live')) return 'live';
  return all.every((liveness) => liveness === 'test') ? 'test' : 'unknown';
}

function refused(check: string, why: string): Looked {
  return { kind: 'refused', check, why };
}
