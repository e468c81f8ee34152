/** What came of a question. 'gateway': our own address; 'upstream': the configured resolver was asked; 'empty': no record of that type. */
export type Came = 'gateway' | 'upstream' | 'empty' | 'refused';

export interface Asked {
  /** lower case */
  readonly name: string;
  readonly type: string;
  /** the asker's address */
  readonly from: string;
  readonly came: Came;
  readonly count: number;
  /** RFC 3339 UTC, ms */
  readonly first: string;
  readonly last: string;
}

/** Who asked for what, how often. */
export interface AskedTable {
  note(entry: Pick<Asked, 'name' | 'type' | 'from' | 'came'>): void;
  /** in the order of first asking */
  entries(): readonly Asked[];
  /** questions that found no place in the table */
  dropped(): number;
}

/**
 * A table of at most `most` rows: when it is full, what is known goes on being counted and what is new is only counted as
 * dropped, so random names cost no memory and push nothing out.
 * @param options.fresh called for a row's first question
 */
export function createAskedTable({ most, now, fresh = () => undefined }: {
  readonly most: number;
  /** ms since the epoch */
  readonly now: () => number;
  readonly fresh?: (entry: Asked) => void;
}): AskedTable {
  const rows = new Map<string, Asked>();
  let dropped = 0;
  return {
    note({ name, type, from, came }) {
      const key = `${from} ${type} ${came} ${name}`;
      const at = new Date(now()).toISOString();
      const known = rows.get(key);
      if (known !== undefined) return void rows.set(key, { ...known, count: known.count + 1, last: at });
      if (rows.size >= most) return void (dropped += 1);
      const entry: Asked = { name, type, from, came, count: 1, first: at, last: at };
      rows.set(key, entry);
      fresh(entry);
    },
    entries: () => [...rows.values()],
    dropped: () => dropped,
  };
}
