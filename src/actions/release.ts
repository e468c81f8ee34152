import { newCaptureId } from '../model/capture-id.ts';
import type { Capture, CaptureDraft } from '../model/capture.ts';
import type { Decision, Rewrite } from '../model/decision.ts';
import type { MailPath, MailTransaction } from '../model/exchange.ts';
import type { Origin } from '../model/origin.ts';
import type { Released, ReleaseOrder } from '../model/release.ts';
import { judgeDecoded } from '../policy/judge-decoded.ts';
import { judge } from '../policy/standing.ts';
import type { House } from './call.ts';
import { changeOf } from './change.ts';
import { record, recordOutcome } from './record.ts';
import { relayMail } from './relay-mail.ts';
import type { Relay } from './relay.ts';
import { secondLook } from './second-look.ts';

/**
 * Sends a captured mail to colleagues, by hand: to safe addresses only, made anew like any rewritten mail and looked at a second
 * time like one (guard, reject rules, search for people). It becomes a capture of its own whose parent is the captured mail,
 * and belongs to no run: it is nothing that the application did. Spans redacted at capture stay redacted.
 */
export async function releaseMail(house: House, { capture: id, to, via, mask }: ReleaseOrder): Promise<Released> {
  const capture = await house.store.capture(id);
  const message = capture?.request.kind === 'mail' ? await house.store.requestBody(capture.id) : null;
  if (capture === null) return { kind: 'not-found' };
  if (capture.request.kind !== 'mail' || message === null) return refused(`only mail that came by SMTP can be released, and ${capture.id} came by ${capture.protocol}`);
  const policy = house.policy();
  const judged = [...new Set(to)].map((address) => judge(policy.safe, { address, kind: 'email', role: 'envelope' }));
  const unsafe = judged.filter(({ standing }) => standing !== 'safe');
  if (unsafe.length > 0 || judged.length === 0) {
    return { kind: 'refused', why: 'a release goes to safe addresses only', addresses: unsafe.map(({ address, standing, why }) => ({ address, why: `it is ${standing}: ${why}` })) };
  }
  const relay = house.relays.get(via);
  if (relay === null) return refused(via === null ? 'gateway.yaml has no relay, or several: name one in via' : `gateway.yaml has no relay ${via}`);
  const [breaker] = await house.store.breakers({ space: capture.space, service: capture.service });
  if (breaker !== undefined && breaker.tripped !== null) return refused(`the mailshot breaker of service ${capture.service} is tripped since ${breaker.tripped}`);

  const at = house.now();
  const released = newCaptureId(at);
  const original = transactionOf(capture, message);
  const addressed = { ...original, to: judged.map(({ address }): MailPath => ({ address, parameters: [] })) };
  const rewrites: readonly Rewrite[] = [{ kind: 'recipients', template: null, keep: 'safe' }, ...mask ? [{ kind: 'body', mask: true } as const] : []];
  const change = changeOf(rewrites, { safe: policy.safe, key: house.key, capture: released });
  const chosen = new Set(judged.map(({ address }) => address));
  // Nobody but those named now, not even another safe one of the original's To.
  const made = house.mail.rewrite?.(addressed, { ...change, recipient: ({ address }) => (chosen.has(address) ? address : null) });
  if (made?.kind !== 'rewritten') return refused(`it cannot be made anew for sure: ${made?.why ?? 'its provider knows no rewrites'}`);
  const plan = { internal: false, via: via ?? relay.name, rewrites };
  const origin = originOf(capture);
  const looked = secondLook(house, { request: made.request, to: relay.to, plan, policy, origin, run: null, findings: capture.findings, unclaimed: false });
  if (looked.kind === 'refused') return refused(looked.why);

  const decision: Decision = {
    action: 'forward', plan: { ...plan, sent: looked.sent }, rule: 'gateway:release', reason: `released by hand from ${capture.id}`,
    trace: [], reported: [], policy: { sha256: policy.sha256 }, fault: null,
  };
  return send(house, relay, made.request, draftOf({ house, id: released, at, capture, origin, request: made.request, decision }));
}

async function send(house: House, relay: Relay, mail: MailTransaction, draft: CaptureDraft): Promise<Released> {
  await record(house, draft);
  const { outcome, reply } = await relayMail(house, relay, mail, draft.id);
  await recordOutcome(house, draft, outcome, reply);
  return { kind: 'released', capture: draft.id, outcome };
}

/** The release itself as a capture: what stands in it is what left. */
function draftOf({ house, id, at, capture, origin, request, decision }: {
  readonly house: House; readonly id: string; readonly at: number; readonly capture: Capture; readonly origin: Origin;
  readonly request: MailTransaction; readonly decision: Decision;
}): CaptureDraft {
  const decoded = judgeDecoded(house.policy().safe, house.mail.decode(request));
  return {
    id, at: new Date(at).toISOString(), instance: house.instance, origin, run: null, protocol: 'smtp', direction: 'out', parent: capture.id,
    provider: house.mail.name, channels: house.mail.channels, request, reply: null, decoded, decision, outcome: 'pending',
    keys: capture.keys, identities: [], findings: [], redactions: [], enrichment: 'pending', account: null,
  };
}

function transactionOf(capture: Capture, message: Uint8Array): MailTransaction {
  const { from, to } = capture.request.kind === 'mail' ? capture.request : { from: { address: '', parameters: [] }, to: [] };
  return { kind: 'mail', helo: null, tls: null, authUser: null, from, to, message };
}

function originOf({ space, service }: Capture): Origin {
  return { space, service, run: null, trace: null, address: '', via: 'api' };
}

function refused(why: string): Released {
  return { kind: 'refused', why, addresses: [] };
}
