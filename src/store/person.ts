import type { Identity } from '../model/capture.ts';

/** One spelling for each identity, so that equal ones have equal hashes; null for one that says nothing. */
export function canonicalIdentity({ kind, value }: Identity): string | null {
  const text = value.trim().normalize('NFC');
  if (text === '') return null;
  switch (kind) {
    case 'email': return `email:${text.toLowerCase()}`;
    case 'phone': {
      const digits = text.replace(/^00/, '+').replace(/[^\d+]/g, '');
      return digits.replace('+', '') === '' ? null : `phone:${digits}`;
    }
    case 'customer': return `customer:${text}`;
    case 'device': return `device:${text}`;
  }
}

/** A person is called after the identity it was first known by: `per_` and that identity's keyed hash. */
export function personId(identityHash: string): string {
  return `per_${identityHash}`;
}
