import type { Recipient } from '../model/recipient.ts';
import type { Decoded, SideEffect } from '../model/side-effect.ts';
import { isAccountId } from './standing.ts';

export type Guarded =
  | { readonly ok: true }
  /** who or what stands in the way, and why */
  | { readonly ok: false; readonly offender: string; readonly why: string };

/**
 * May this call leave as it is? The one guard for every channel, for forwards without rewrites, for the result of rewrites
 * and for release by hand. All recipients safe; the credential and endpoint known to be test ones. A relay sends with its
 * own credential, so there liveness is not asked, and only mail goes that way.
 */
export function guard(decoded: Decoded<Recipient>, { relay }: { readonly relay: boolean }): Guarded {
  switch (decoded.kind) {
    case 'unrecognized': return no('the call', `it was not understood: ${decoded.why}`);
    case 'read':
      if (relay) return no(decoded.operation, 'only mail goes via a relay');
      return decoded.liveness === 'test' ? ok : no(decoded.operation, `its liveness is ${decoded.liveness}, not test`);
    case 'effects': {
      if (decoded.effects.length === 0) return no('the call', 'it was read as effects, but has none');
      return decoded.effects.map((effect) => guardEffect(effect, relay)).find((each) => !each.ok) ?? ok;
    }
  }
}

function guardEffect(effect: SideEffect<Recipient>, relay: boolean): Guarded {
  if (relay && effect.channel !== 'email') return no(effect.operation, 'only mail goes via a relay');
  if (!relay && effect.liveness !== 'test') return no(effect.operation, `its liveness is ${effect.liveness}, not test`);
  // A payment may name nobody; a message that names nobody goes to an audience that is not in the request.
  if (effect.recipients.length === 0 && effect.channel !== 'payment') return no(effect.operation, 'it names no recipient, so nobody can say whom it reaches');
  const offender = effect.recipients.find((recipient) => recipient.standing !== 'safe' && !isPayerInTestAccount(effect, recipient));
  return offender === undefined ? ok : no(offender.address, `its standing is ${offender.standing}: ${offender.why}`);
}

/** 'cus_123' reaches nobody but inside the account, which was just seen to be a test one. */
function isPayerInTestAccount(effect: SideEffect<Recipient>, { kind, standing, address }: Recipient): boolean {
  return effect.channel === 'payment' && effect.liveness === 'test' && kind === 'customer' && standing === 'reserved' && isAccountId(address);
}

const ok: Guarded = { ok: true };

function no(offender: string, why: string): Guarded {
  return { ok: false, offender, why };
}
