import type { Key } from '../model/capture.ts';

const mostKeys = 20;
const longestValue = 100;

/**
 * What joins this message to others of its journey: the first group of each pattern, or the whole match. The patterns were
 * checked when gateway.yaml was read (config/correlate.ts); they are matched without regard to case.
 */
export function keysIn(text: string, patterns: readonly { readonly name: string; readonly pattern: string }[]): readonly Key[] {
  const found = new Map<string, Key>();
  for (const { name, pattern } of patterns) {
    for (const match of text.matchAll(new RegExp(pattern, 'giu'))) {
      const value = (match[1] ?? match[0]).trim();
      if (found.size < mostKeys && value !== '' && value.length <= longestValue) found.set(`${name}\0${value}`, { name, value });
    }
  }
  return [...found.values()];
}
