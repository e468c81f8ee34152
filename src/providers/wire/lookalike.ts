/**
 * A name that is not one of `known` but that a laxer reader (case-insensitive, or blind to '_' and '-') would take for
 * one: `To` beside `to`, `mailSettings`. A provider refuses such a body, for it cannot tell what its vendor would read.
 */
export function lookalike(names: Iterable<string>, known: readonly string[]): string | null {
  const folded = new Set(known.map(fold));
  for (const name of names) if (!known.includes(name) && folded.has(fold(name))) return name;
  return null;
}

function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/[_\-\s]/g, '');
}
