import type { Chosen } from '../../model/hosted-page.ts';

type Added = readonly (readonly [name: string, value: string])[];

/** Where a payer goes after a choice; one who has no web address to go to is told what came of it, and why nothing opens: `unnamed`, where the application named none. */
export function goBack(url: string | null, added: Added, says: string, unnamed: string | null = null): Pick<Chosen, 'goTo' | 'says'> {
  const goTo = returnTo(url, added);
  if (goTo !== null) return { goTo, says: null };
  if (url === null || url === '') return { goTo, says: unnamed === null ? says : `${says} ${unnamed}` };
  return { goTo, says: `${says} The payer would go back to ${(withAdded(url, added)?.href ?? url).slice(0, 500)}, which is no http or https address and is not opened from here.` };
}

/** The application's own URL with what a vendor adds to its query, for a payer who goes back. Null where it names none that a browser could go to. */
export function returnTo(url: string | null, added: Added): string | null {
  const to = withAdded(url, added);
  return to !== null && (to.protocol === 'http:' || to.protocol === 'https:') ? to.href : null;
}

/** What the application wrote stays as it wrote it: it may have signed that. */
function withAdded(url: string | null, added: Added): URL | null {
  const to = url === null ? null : URL.parse(url);
  if (to !== null && added.length > 0) to.search = [to.search.replace(/^\?|&$/g, ''), new URLSearchParams(added.map(([...pair]) => pair)).toString()].filter((part) => part !== '').join('&');
  return to;
}
