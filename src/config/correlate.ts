/** What makes two messages belong to one journey: the first group of the pattern (or the whole match) is the key's value. */
export interface CorrelatePattern {
  readonly name: string;
  /** JavaScript regular expression, matched with the flags i and u */
  readonly pattern: string;
}

/** Order numbers as shops write them: "order #A-1001", "Order number: 2024-17", "Bestellung 4711", "commande no 12". */
export const defaultCorrelate: readonly CorrelatePattern[] = [
  {
    name: 'order',
    pattern: '\\b(?:order|bestellung|bestellnummer|auftrag|commande|pedido|ordine|bestelling)(?:\\s{1,3}(?:number|nummer|nr|no|num(?:é|e)ro|n(?:ú|u)mero|id))?[.:]?\\s{0,3}(?:#|№|n[°º]\\s?)?\\s?([A-Z]{0,6}[-_/]?\\d[A-Z0-9]{0,20}(?:[-_/][A-Z0-9]{1,20}){0,3})\\b',
  },
];

const unbounded = /\(\?<?[=!]|\\[1-9]|\\k</;

/**
 * Why a pattern may not be used, or null. Patterns run over mail that strangers wrote, so their work is bounded:
 * no '*', '+' or '{n,}', no repetition above 100, no look-around, no back-reference.
 */
export function patternFault(pattern: string): string | null {
  try {
    // oxlint-disable-next-line no-new
    new RegExp(pattern, 'giu');
  } catch (fault) {
    return fault instanceof Error ? fault.message : 'not a regular expression';
  }
  const bare = pattern.replace(/\\[^1-9k]/g, 'x').replace(/\[(?:\\.|[^\]\\])*\]/g, 'x');
  if (unbounded.test(bare)) return 'look-around or a back-reference';
  if (/[*+]/.test(bare) || /\{\d+,\}/.test(bare)) return "an unbounded repetition ('*', '+' or '{n,}'); write {0,50}";
  const counts = [...bare.matchAll(/\{(?:\d+,)?(\d+)\}/g)].map((match) => Number(match[1]));
  if (counts.some((count) => count > 100)) return 'a repetition above 100';
  // a repeated group that itself repeats multiplies; the product of all repetitions bounds the work at one place
  const work = counts.reduce((product, count) => product * Math.max(count, 1), 1);
  return work > 10_000_000 ? 'repetitions that multiply to more than ten million steps' : null;
}
