import type { Seal } from './seal.ts';

/** Columns of `exchanges` that hold what a call said, each sealed by itself. */
export const exchangeColumns = ['request', 'reply', 'decoded', 'decision', 'content', 'redactions', 'unsent'] as const;
type Texts = Readonly<Partial<Record<typeof exchangeColumns[number], string | null>>>;

/** For writing some of them. */
export function sealExchange<T extends Texts>(seal: Seal, capture: string, texts: T): T {
  return each(texts, (column, text) => seal.sealText([`exchanges.${column}`, capture], text));
}

/** A row of `exchanges`, or some of its columns, as it was before it was sealed. */
export function openExchange<T extends Texts>(seal: Seal, capture: string, row: T): T {
  return each(row, (column, text) => seal.openText([`exchanges.${column}`, capture], text));
}

function each<T extends Texts>(row: T, change: (column: string, text: string | null) => string | null): T {
  const changed = exchangeColumns.flatMap((column) => (row[column] === undefined ? [] : [[column, change(column, row[column])]]));
  return { ...row, ...Object.fromEntries(changed) as object };
}

/** The default of the column: nobody has set any yet. */
const noTags = '[]';

export function openTags(seal: Seal, { id, tags }: { readonly id: string; readonly tags: string }): readonly string[] {
  return JSON.parse(tags === noTags ? tags : seal.openText(['captures.tags', id], tags)) as string[];
}
