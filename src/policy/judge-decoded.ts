import type { Addressee, Recipient } from '../model/recipient.ts';
import type { Decoded, SideEffect } from '../model/side-effect.ts';
import type { Safe } from './safe.ts';
import { judge } from './standing.ts';

/** What a provider decoded, with the standing of everybody it would reach. */
export function judgeDecoded(safe: Safe, decoded: Decoded): Decoded<Recipient> {
  return decoded.kind === 'effects' ? { kind: 'effects', effects: decoded.effects.map((effect) => judged(safe, effect)) } : decoded;
}

function judged(safe: Safe, effect: SideEffect<Addressee>): SideEffect<Recipient> {
  return { ...effect, recipients: effect.recipients.map((addressee) => judge(safe, addressee)) };
}
