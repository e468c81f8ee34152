import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Seal } from '../seal.ts';

/** Prepared statements by their text, each prepared once. Rows come back as the type the caller's SELECT makes them. */
export interface Sql {
  /** how this store keeps what is personal */
  readonly seal: Seal;
  run(text: string, ...values: readonly SQLInputValue[]): { readonly changes: number; readonly rowid: number };
  one<Row>(text: string, ...values: readonly SQLInputValue[]): Row | undefined;
  all<Row>(text: string, ...values: readonly SQLInputValue[]): readonly Row[];
}

export function sqlOn(database: DatabaseSync, seal: Seal): Sql {
  const prepared = new Map<string, StatementSync>();
  const statement = (text: string): StatementSync => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const made = database.prepare(text);
    // Filters make many texts; the oldest leave first.
    if (prepared.size >= 500) prepared.delete(prepared.keys().next().value!);
    prepared.set(text, made);
    return made;
  };
  return {
    seal,
    run(text, ...values) {
      const found = statement(text);
      // An FTS5 delete reports a row id beyond 2^53, which node:sqlite refuses to hand over as a number.
      found.setReadBigInts(true);
      const { changes, lastInsertRowid } = found.run(...values);
      return { changes: Number(changes), rowid: Number(lastInsertRowid) };
    },
    one: <Row>(text: string, ...values: readonly SQLInputValue[]) => statement(text).get(...values) as Row | undefined,
    all: <Row>(text: string, ...values: readonly SQLInputValue[]) => statement(text).all(...values) as Row[],
  };
}
