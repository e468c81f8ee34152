import type { Checked, Compacted, Migration, TakenIn, Tallies } from '../model/upkeep.ts';
import { printable } from './text.ts';

export function checkedText({ schema, looked, flaws, found }: Checked): string {
  const total = Object.values(found).reduce((sum, count) => sum + count, 0);
  return [
    ...flaws.map(({ kind, on, what, right }) => printable(`BAD   ${kind}: ${on} ${what}. What is right: ${right}.`).replaceAll('\n', ' ')),
    ...total > flaws.length ? [`      and ${total - flaws.length} more`] : [],
    `${total === 0 ? 'GOOD ' : 'BAD  '} schema ${schema}, ${looked.captures} captures (the index of ${looked.indexed}), ${looked.bodies} bodies${total === 0 ? '' : `: ${total} flaws`}`, '',
  ].join('\n');
}

export function compactedText({ before, after }: Compacted): string {
  return `compacted: ${before} bytes before, ${after} after\n`;
}

export function migratedText({ from, to }: Migration, dry: boolean): string {
  if (from === to) return `nothing to do: it has schema ${to}\n`;
  return dry ? `schema ${from}, would become ${to}\n` : `migrated from schema ${from} to ${to}\n`;
}

export function takenInText({ added, skipped }: TakenIn): string {
  const there = Object.values(skipped).some((count) => count > 0) ? `; there already, left as they were: ${talliesText(skipped)}` : '';
  return `imported ${talliesText(added)}${there}\n`;
}

export function talliesText({ capture, run, object, policy }: Tallies): string {
  return `${capture} captures, ${run} runs, ${object} objects, ${policy} policies`;
}
