/**
 * Blanks and tabs at the ends taken off, nothing else. `String.trim` also takes byte order marks, no-break spaces and line
 * ends: an address that has one is another address to somebody, and is judged with it.
 */
export function trimmed(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}
