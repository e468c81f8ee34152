import type { CaptureDraft } from '../model/capture.ts';
import type { Decision, Sent } from '../model/decision.ts';
import type { HttpRequest, MailTransaction, Reply } from '../model/exchange.ts';
import type { Rewritten } from '../model/provider.ts';
import type { Call, House } from './call.ts';
import { changeOf } from './change.ts';
import { onePath, unforwardable } from './forwardable.ts';
import type { Relay } from './relay.ts';
import { livenessOf, secondLook } from './second-look.ts';

type Forwarding = Extract<Decision, { action: 'forward' }>;

export type Prepared =
  | { readonly kind: 'http'; readonly request: HttpRequest; readonly sent: Sent }
  | { readonly kind: 'mail'; readonly request: MailTransaction; readonly relay: Relay; readonly sent: Sent }
  | { readonly kind: 'refused'; readonly check: string; readonly why: string };

/** What would leave, and how it was judged; or why nothing may. Nothing is sent or written here. */
export function prepared(house: House, call: Call<Reply>, draft: CaptureDraft, decision: Forwarding): Prepared {
  const { plan } = decision;
  const policy = house.policy();
  if (policy.sha256 !== decision.policy.sha256) return refused('forward', 'the policy was replaced while this call was decided; send it again');
  const unfit = unforwardable(call.request, plan) ?? onAnotherPort(house, call);
  if (unfit !== null) return refused('forward', unfit);
  const again = { plan, policy, origin: call.origin, run: draft.run, findings: draft.findings, unclaimed: call.provider === null };

  if (call.request.kind === 'mail') {
    const relay = plan.via === null ? null : house.relays.get(plan.via);
    if (relay === null) return refused('relay', `the rule forwards via ${plan.via}, but gateway.yaml has no relay of that name`);
    const made = rewritten(house, () => house.mail.rewrite?.(call.request as MailTransaction, changeOf(plan.rewrites, { safe: policy.safe, key: house.key, capture: draft.id })));
    if (made.kind === 'impossible') return refused('rewrite', `this mail cannot be made anew for sure: ${made.why}`);
    const looked = secondLook(house, { ...again, request: made.request, to: relay.to });
    return looked.kind === 'refused' ? looked : { kind: 'mail', request: made.request, relay, sent: looked.sent };
  }

  const request = call.request as HttpRequest;
  if (plan.rewrites.length === 0) {
    const recipients = draft.decoded.kind === 'effects' ? draft.decoded.effects.flatMap((effect) => effect.recipients) : [];
    return { kind: 'http', request, sent: { to: request.authority, recipients, liveness: livenessOf(draft.decoded) } };
  }
  const made = httpRewritten(house, request, plan.rewrites, changeOf(plan.rewrites, { safe: policy.safe, key: house.key, capture: draft.id }));
  if (made.kind === 'impossible') return refused('rewrite', `this call cannot be rewritten: ${made.why}`);
  const path = onePath(made.request.path);
  if (path !== null) return refused('rewrite', path);
  const looked = secondLook(house, { ...again, request: made.request, to: made.request.authority });
  return looked.kind === 'refused' ? looked : { kind: 'http', request: made.request, sent: looked.sent };
}

/** The provider changes what is said; the host is ours to change. A call that nobody can read can change its host only. */
function httpRewritten(house: House, request: HttpRequest, rewrites: Forwarding['plan']['rewrites'], change: ReturnType<typeof changeOf>): Rewritten<HttpRequest> {
  const host = rewrites.find((rewrite) => rewrite.kind === 'host')?.host ?? request.authority.host;
  const provider = house.claims.claim(request.authority.host, request.authority.port);
  const more = rewrites.filter(({ kind }) => kind !== 'host');
  if (provider === null && more.length > 0) return { kind: 'impossible', why: `no provider claims ${request.authority.host}, so ${more.map(({ kind }) => kind).join(', ')} cannot be found in it` };
  const credential = rewrites.some(({ kind }) => kind === 'credential');
  if (credential && request.scheme !== 'https') return { kind: 'impossible', why: 'the credential of the rule would leave unencrypted: the call came over http' };
  if (provider !== null && host !== request.authority.host && !credential) return { kind: 'impossible', why: `it would take the caller's own credential to ${host}; the rule has to bring one` };
  const made = provider === null ? { kind: 'rewritten', request } as const : rewritten(house, () => provider.rewrite?.(request, change));
  return made.kind === 'impossible' ? made : { kind: 'rewritten', request: { ...made.request, authority: { host, port: request.authority.port } } };
}

/** Containment: a rewrite that throws, or that the provider does not know, has changed nothing, so nothing leaves. */
function rewritten<R>(house: House, rewrite: () => Rewritten<R> | undefined): Rewritten<R> {
  try {
    return rewrite() ?? { kind: 'impossible', why: 'its provider knows no rewrites' };
  } catch (error) {
    house.logger.error({ err: error }, 'a rewrite failed');
    return { kind: 'impossible', why: 'the rewrite failed; this is a fault of the gateway' };
  }
}

/** A vendor's host that is not known, or not on this port: nobody can read what goes there, so no rule can let it out. */
function onAnotherPort(house: House, call: Call<Reply>): string | null {
  if (call.provider !== null || call.target === null) return null;
  const { host, port } = call.target;
  const owner = house.claims.owner(host);
  return owner === null ? null : `${host}:${port} belongs to ${owner.name} and is none of the places where it can be read; nothing is forwarded to a provider unread`;
}

function refused(check: string, why: string): Prepared {
  return { kind: 'refused', check, why };
}
