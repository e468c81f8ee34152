/** The application's own URL with what a vendor adds to its query, for a payer who goes back. Null where it names none that a browser could go to. */
export function returnTo(url: string | null, added: readonly (readonly [name: string, value: string])[]): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const to = new URL(url);
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return null;
  for (const [name, value] of added) to.searchParams.append(name, value);
  return to.href;
}
