import { decode, type KeptBody } from '../body-coding.ts';
import { openBody } from '../body-sealing.ts';
import { inBucket } from '../bucket/placed.ts';
import type { FoundCapture, Reader } from './found.ts';
import type { Mention, Mentions } from './mentions.ts';
import { openedRow, type Row } from './opened.ts';
import { tables, type Table, type TableName } from './tables.ts';

export type { Row } from './opened.ts';

/** What one scan has found and looked at so far. */
export interface Look {
  readonly reader: Reader;
  readonly captures: ReadonlyMap<number, FoundCapture>;
  readonly near: ReadonlyMap<number, string>;
  readonly places: Readonly<Record<string, number>>;
  readonly counted: { readonly rows: number; readonly bodies: number; readonly bytes: number; readonly unread: number };
  /** a row as it was before it was sealed; null, and counted as unread, where it cannot be opened */
  opened<R extends Row>(table: TableName, row: R): R | null;
  /** what a row says of the subjects, in all columns that may hold something, or in these */
  at(table: TableName, row: Row, columns?: readonly string[]): Mention;
  /** what a body says, unpacked and decoded */
  into(body: { readonly id: number; readonly sha256: Uint8Array }): Promise<Mention | 'unread'>;
  hit(place: string): void;
  keep(capture: FoundCapture, place: string): void;
  nearly(capture: Pick<FoundCapture, 'seq' | 'id'>): void;
  /** it will be looked at once more */
  again(seq: number): void;
  /** every capture that matches, because of something that belongs to it; how many */
  keepWhere(place: string, where: string, ...values: readonly (string | number)[]): Promise<number>;
  /** the rows of one table, page by page */
  every<R extends Row>(name: TableName, after: string | number, limit: number): AsyncGenerator<R>;
}

const bodiesRemembered = 50_000;
/** So many bodies in a row could not be had from the bucket: the others are not waited for either. */
const fetchesGivenUp = 3;

export function looking(reader: Reader, mentions: Mentions): Look {
  const captures = new Map<number, FoundCapture>();
  const near = new Map<number, string>();
  const places: Record<string, number> = {};
  const bodies = new Map<string, Mention | 'unread'>();
  const counted = { rows: 0, bodies: 0, bytes: 0, unread: 0 };

  const hit = (place: string): void => { places[place] = (places[place] ?? 0) + 1; };
  const keep = ({ seq, id, run, outcome }: FoundCapture, place: string): void => {
    hit(place);
    near.delete(seq);
    captures.set(seq, { seq, id, run, outcome });
  };
  let failedFetches = 0;
  const bytesOf = async (kept: KeptBody): Promise<Uint8Array> => {
    const { object = null } = kept;
    if (object === null) return decode(openBody(reader.seal, kept), reader.seal.digest);
    if (failedFetches >= fetchesGivenUp) throw new Error('the bucket gives nothing');
    failedFetches += 1;
    const bytes = await reader.whole(inBucket({ ...kept, object }));
    failedFetches = 0;
    return bytes;
  };
  /** A body that is damaged, or cannot be had from the bucket, cannot be said to hold nothing. */
  const saidBy = async (kept: KeptBody): Promise<Mention | 'unread'> => {
    try {
      return mentions.inBytes(await bytesOf(kept));
    } catch {
      return 'unread';
    }
  };
  const keptBody = async (id: number): Promise<KeptBody | undefined> => (await reader.all<KeptBody>('SELECT sha256, size, coding, data, object FROM bodies WHERE id = ?1', id))[0];
  const opened = <R extends Row>(table: TableName, row: R): R | null => {
    try {
      return openedRow(reader.seal, table, row);
    } catch {
      counted.unread += 1;
      return null;
    }
  };

  /** One text that cannot be read is not said to hold nothing, and does not keep all the others from being read. */
  const saidIn = (text: string): Mention => {
    try {
      return mentions.inText(text);
    } catch {
      counted.unread += 1;
      return 'none';
    }
  };

  return {
    reader, captures, near, places, counted, hit, keep, opened,
    at(table, asKept, columns = tables[table].columns) {
      counted.rows += 1;
      const row = opened(table, asKept);
      if (row === null) return 'none';
      let found: Mention = 'none';
      for (const column of columns) {
        const value = row[column];
        if (typeof value !== 'string' || value === '') continue;
        counted.bytes += value.length;
        const mention = saidIn(value);
        if (mention === 'whole') return mention;
        if (mention === 'part') found = mention;
      }
      return found;
    },
    async into({ id, sha256 }) {
      const name = Buffer.from(sha256).toString('base64');
      const known = bodies.get(name);
      if (known !== undefined) return known;
      const body = await keptBody(id);
      // Gone meanwhile, and its capture with it.
      if (body === undefined) return 'none';
      counted.bodies += 1;
      counted.bytes += body.size;
      const found = await saidBy(body);
      if (found === 'unread' && await keptBody(id) === undefined) return 'none';
      if (found === 'unread') counted.unread += 1;
      if (bodies.size >= bodiesRemembered) bodies.delete(bodies.keys().next().value!);
      bodies.set(name, found);
      return found;
    },
    nearly({ seq, id }) {
      if (!captures.has(seq)) near.set(seq, id);
    },
    again(seq) {
      captures.delete(seq);
      near.delete(seq);
    },
    async keepWhere(place, where, ...values) {
      const found = await reader.all<FoundCapture>(`SELECT seq, id, run, outcome FROM captures WHERE ${where}`, ...values);
      for (const row of found) keep(row, place);
      return found.length;
    },
    async *every<R extends Row>(name: TableName, after: string | number, limit: number): AsyncGenerator<R> {
      const { key, more = [], columns }: Table = tables[name];
      const [column, called = column] = key.split(' AS ') as [string, string?];
      for (let from = after; ;) {
        const page = await reader.all<R>(`SELECT ${[key, ...more, ...columns].join(', ')} FROM ${name} WHERE ${column} > ?1 ORDER BY ${column} LIMIT ${limit}`, from);
        yield* page;
        if (page.length < limit) return;
        from = page.at(-1)![called] as string | number;
      }
    },
  };
}
