import { createContext, use } from 'react';

/** Who looks at the page, as GET /api/me tells. */
export interface Me {
  readonly name: string | null;
  readonly role: 'reader' | 'unmasker' | 'releaser' | 'admin' | 'ci';
  readonly masked: boolean;
  readonly spaces: readonly string[];
  readonly services: readonly string[];
}

/** Nobody yet: nothing may be done. */
export const MeContext = createContext<Me>({ name: null, role: 'reader', masked: true, spaces: [], services: [] });

/** What the gateway would refuse is not offered. It decides; this only keeps buttons away. */
export function useMay(): { readonly note: boolean; readonly send: boolean; readonly remove: boolean; readonly bytes: boolean } {
  const { role, masked } = use(MeContext);
  const sends = role === 'releaser' || role === 'admin';
  return { note: sends, send: sends, remove: role === 'admin', bytes: !masked && (role === 'unmasker' || role === 'admin') };
}

export function useMe(): Me {
  return use(MeContext);
}
