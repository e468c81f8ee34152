import type { Identity, Key } from './capture.ts';
import type { Addressee } from './recipient.ts';
import type { Decoded } from './side-effect.ts';

/** The key by which a call itself names its run (mail header X-Fourthwall-Run, payment metadata.fourthwall_run). */
export const runKey = 'fourthwall_run';

/** Business keys of a call: what the caller attached, each once. */
export function keysOf(decoded: Decoded): readonly Key[] {
  if (decoded.kind !== 'effects') return [];
  const seen = new Set<string>();
  return decoded.effects.flatMap((effect) => effect.keys).filter(({ name, value }) => {
    const mark = `${name}\0${value}`;
    if (name === runKey || seen.has(mark)) return false;
    seen.add(mark);
    return true;
  });
}

export function runKeyOf(decoded: Decoded): string | null {
  if (decoded.kind !== 'effects') return null;
  return decoded.effects.flatMap((effect) => effect.keys).find(({ name }) => name === runKey)?.value ?? null;
}

/**
 * Who the call is about: the store joins captures that share an identity into one person. A call to several people
 * is about none of them, or a mailing would join all its readers into one.
 */
export function identitiesOf(decoded: Decoded): readonly Identity[] {
  if (decoded.kind !== 'effects') return [];
  const identities = new Map<string, Identity>();
  for (const effect of decoded.effects) {
    for (const recipient of effect.recipients) {
      const identity = identityOf(recipient);
      if (identity !== null) identities.set(`${identity.kind}\0${identity.value}`, identity);
    }
    if (effect.channel === 'payment' && effect.customer !== null && !effect.customer.includes('@')) {
      identities.set(`customer\0${effect.customer}`, { kind: 'customer', value: `${effect.provider}:${effect.customer}` });
    }
  }
  const list = [...identities.values()];
  const perKind = (kind: Identity['kind']): number => list.filter((identity) => identity.kind === kind).length;
  return perKind('email') > 1 || perKind('phone') > 1 || perKind('customer') > 1 || perKind('device') > 1 ? [] : list;
}

function identityOf({ kind, address, role }: Addressee): Identity | null {
  if (role === 'from' || role === 'reply-to') return null;
  switch (kind) {
    case 'email': return { kind: 'email', value: address.toLowerCase() };
    case 'phone': return { kind: 'phone', value: address.replace(/^[a-z]+:/i, '') };
    case 'device': return { kind: 'device', value: address };
    case 'customer': return { kind: 'customer', value: address };
    case 'topic': case 'chat': case 'audience': return null;
  }
}
