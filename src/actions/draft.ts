import type { Tally } from '../model/breaker.ts';
import type { CaptureDraft, Finding } from '../model/capture.ts';
import type { Decision } from '../model/decision.ts';
import type { Reply } from '../model/exchange.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded } from '../model/side-effect.ts';
import { identitiesOf, keysOf } from '../model/correlation.ts';
import { keyedHash } from '../store/secret-key.ts';
import type { Call, House } from './call.ts';

/** The capture as first written down. Reply and outcome are filled in by the action taken. */
export function draftOf<R extends Reply>({ id, at, house, call, decoded, run, decision, findings, tally }: {
  readonly id: string;
  readonly at: number;
  readonly house: Pick<House, 'instance' | 'key'>;
  readonly call: Call<R>;
  readonly decoded: Decoded<Recipient>;
  readonly run: string | null;
  readonly decision: Decision;
  readonly findings: readonly Finding[];
  readonly tally: Tally | null;
}): CaptureDraft {
  return {
    id,
    at: new Date(at).toISOString(),
    instance: house.instance,
    origin: call.origin,
    run,
    protocol: call.protocol,
    direction: 'out',
    parent: null,
    provider: call.provider?.name ?? 'unknown',
    channels: channelsOf(decoded, call.provider?.channels ?? []),
    request: call.request,
    reply: null,
    decoded,
    decision,
    outcome: 'pending',
    keys: keysOf(decoded),
    identities: identitiesOf(decoded),
    findings,
    redactions: [],
    enrichment: decoded.kind === 'effects' ? 'pending' : 'done',
    account: call.account === null ? null : keyedHash(house.key, call.account),
    tally,
  };
}

function channelsOf(decoded: Decoded, ofProvider: readonly string[]): readonly string[] {
  return decoded.kind === 'effects' ? [...new Set(decoded.effects.map(({ channel }) => channel))] : ofProvider;
}
