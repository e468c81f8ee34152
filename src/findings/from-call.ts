import type { Finding } from '../model/capture.ts';
import type { Request } from '../model/exchange.ts';
import type { Recipient, Standing } from '../model/recipient.ts';
import type { Decoded } from '../model/side-effect.ts';
import { excerptOf } from './excerpt.ts';
import { liveCardIn } from './live-card.ts';
import { liveCredentialIn } from './live-credential.ts';

const titles: Readonly<Partial<Record<Standing, { readonly id: string; readonly title: string }>>> = {
  real: { id: 'real-recipient', title: 'A real person would have been reached' },
  invalid: { id: 'invalid-recipient', title: 'A recipient is no address at all' },
  unknown: { id: 'unknown-audience', title: 'Who would have been reached is not in the call' },
};

/**
 * What the call itself shows, before the decision: whom it aims at and with whose credential. Pure.
 * @param request as sent: a live key is found in it whatever could be decoded; null where only a meaning is described
 */
export function findingsOfCall(decoded: Decoded<Recipient>, request: Request | null = null): readonly Finding[] {
  const seen = new Set<string>();
  const recipients = decoded.kind === 'effects' ? decoded.effects.flatMap((effect) => effect.recipients) : [];
  const aimed = recipients.flatMap(({ address, standing, why }) => {
    const known = titles[standing];
    const where = `recipient ${address}`;
    if (known === undefined || seen.has(`${standing} ${where}`)) return [];
    seen.add(`${standing} ${where}`);
    return [{ ...known, where, excerpt: excerptOf(why) }];
  });
  const told = liveCredential(decoded);
  if (request === null) return [...aimed, ...told];
  return [...aimed, ...told.length > 0 ? told : liveCredentialIn(request), ...liveCardIn(request)];
}

const ofRecipients = new Set(Object.values(titles).map(({ id }) => id));

/** The ids for a call that is judged anew: its own findings as they are now, and of the kept ones those that do not hang on who is safe. */
export function findingsAgain(decoded: Decoded<Recipient>, kept: readonly string[]): readonly string[] {
  return [...new Set([...findingsOfCall(decoded).map(({ id }) => id), ...kept.filter((id) => !ofRecipients.has(id))])];
}

/** Only `live` counts here; for anything that would leave, policy counts unknown as live. */
function liveCredential(decoded: Decoded<Recipient>): readonly Finding[] {
  const operation = decoded.kind === 'effects'
    ? decoded.effects.find(({ liveness }) => liveness === 'live')?.operation
    : decoded.kind === 'read' && decoded.liveness === 'live' ? decoded.operation : undefined;
  if (operation === undefined) return [];
  return [{ id: 'live-credential', title: 'A live credential was used', where: 'credential', excerpt: excerptOf(operation) }];
}
