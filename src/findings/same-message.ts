import type { Finding } from '../model/capture.ts';
import { distinctWindow, type DistinctWindow } from '../model/distinct-window.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded, SideEffect } from '../model/side-effect.ts';
import { excerptOf } from './excerpt.ts';

/** This many different real recipients of one sort of message within an hour: a mailing, however slowly it goes out. */
const most = 10;
const perMs = 60 * 60_000;
const sortsHeld = 2_000;

export type SameMessage = (call: { readonly service: string; readonly decoded: Decoded<Recipient>; readonly at: number }) => readonly Finding[];

/**
 * Notices one sort of message (store/fingerprint.ts: numbers and addresses do not count) that goes to many real people, which
 * the breaker does not see when it goes out slowly. Held in the memory of this instance, bounded, begun anew at a restart: it
 * is a hint on captures and holds nothing back.
 */
export function createSameMessage({ hash, fingerprint }: {
  /** keyed: no address is held */
  readonly hash: (text: string) => string;
  readonly fingerprint: (of: { readonly provider: string; readonly operation: string; readonly title: string }) => string;
}): SameMessage {
  const sorts = new Map<string, DistinctWindow>();
  return ({ service, decoded, at }) => {
    if (decoded.kind !== 'effects') return [];
    return decoded.effects.flatMap((effect) => {
      const title = saidBy(effect);
      const real = effect.recipients.filter(({ standing }) => standing === 'real' || standing === 'unknown').map(({ address }) => hash(address.toLowerCase()));
      if (title === null || real.length === 0) return [];
      const sort = `${service} ${fingerprint({ provider: effect.provider, operation: effect.operation, title })}`;
      const window = sorts.get(sort) ?? distinctWindow({ perMs, most });
      sorts.delete(sort);
      sorts.set(sort, window);
      for (const oldest of sorts.keys()) {
        if (sorts.size <= sortsHeld) break;
        sorts.delete(oldest);
      }
      if (window.see(real, at) < most) return [];
      return [{ id: 'same-message', title: 'The same message goes to many people', where: 'recipients', excerpt: excerptOf(`${most} or more real recipients within an hour: ${title}`) }];
    }).slice(0, 1);
  };
}

/** What tells one message from another: its subject, or the text of one that has none. */
function saidBy(effect: SideEffect<Recipient>): string | null {
  switch (effect.channel) {
    case 'email': return effect.subject ?? effect.template?.id ?? null;
    case 'push': return effect.title ?? effect.text;
    case 'sms': case 'chat': return effect.text;
    case 'voice': return effect.script;
    case 'payment': case 'verification': return null;
  }
}
