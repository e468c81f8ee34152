import type { Chosen } from '../../model/hosted-page.ts';
import { returnTo } from './return-to.ts';

/** Where a payer goes after a choice; one who has no web address to go to is told what came of it, and why nothing opens. */
export function goBack(url: string | null, added: readonly (readonly [name: string, value: string])[], says: string): Pick<Chosen, 'goTo' | 'says'> {
  const goTo = returnTo(url, added);
  if (goTo !== null) return { goTo, says: null };
  return { goTo, says: url === null || url === '' ? says : `${says} The payer would go back to ${url.slice(0, 500)}, which is no http or https address and is not opened from here.` };
}
