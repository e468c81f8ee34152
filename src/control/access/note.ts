import type { Store } from '../../model/store.ts';
import type { Safe } from '../../policy/safe.ts';
import { maskValue } from '../masking/mask-value.ts';
import { shownBy } from '../masking/shown-address.ts';

/** What stands in the audit by the name of its action. */
export type Action = 'read' | 'delete' | 'release' | 'sign-in' | 'sign-in-failed' | 'erasure-look';

export type Note = (entry: { readonly actor: string; readonly action: Action; readonly subject: string; readonly data: object }) => Promise<void>;

/** Nobody's address stands in the audit: it outlives what is deleted. */
export function noteIn(store: Pick<Store, 'audit'>, safe: () => Safe): Note {
  return async ({ actor, action, subject, data }) => {
    const shown = shownBy(safe());
    await store.audit({ actor, action, subject: maskValue(subject, shown) as string, data: maskValue(data, shown) as object });
  };
}
