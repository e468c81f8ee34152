import { createHash } from 'node:crypto';
import type { Seal } from '../seal.ts';
import type { Connection } from './connection.ts';

/** Statements on one connection. Rows come back as the type the caller's SELECT makes them. */
export interface Sql {
  /** how this store keeps what is personal */
  readonly seal: Seal;
  all<Row>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  one<Row>(text: string, ...values: readonly unknown[]): Promise<Row | undefined>;
  /** the number of rows it changed */
  run(text: string, ...values: readonly unknown[]): Promise<number>;
  /** Sends it and goes on; `settled` tells whether it came to nothing. */
  send(text: string, ...values: readonly unknown[]): void;
  /** Throws what the first of those sent failed with. */
  settled(): Promise<void>;
}

/** `prepared`: every text is one of a few, worth preparing once for each connection. */
export function sqlOn(connection: Connection, { prepared, seal }: { readonly prepared: boolean; readonly seal: Seal }): Sql {
  const names = new Map<string, string>();
  let sent: Promise<unknown>[] = [];
  const query = (text: string, values: readonly unknown[]): ReturnType<Connection['query']> => {
    if (!prepared || values.length === 0) return connection.query(text, values.map(sendable));
    const name = names.get(text) ?? `f${names.size}`;
    names.set(text, name);
    return connection.query(text, values.map(sendable), name);
  };
  return {
    seal,
    all: async <Row>(text: string, ...values: readonly unknown[]) => (await query(text, values)).rows as Row[],
    one: async <Row>(text: string, ...values: readonly unknown[]) => (await query(text, values)).rows[0] as Row | undefined,
    run: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
    send(text, ...values) {
      const answer = query(text, values);
      // It is heard of in `settled`.
      answer.catch(() => undefined);
      sent.push(answer);
    },
    async settled() {
      const all = sent;
      sent = [];
      for (const answer of all) await answer;
    },
  };
}

/** PostgreSQL's text holds every character but U+0000. */
function sendable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return Array.isArray(value) ? value.map(sendable) : value;
}

/** Stands for texts of any length where they are looked up: an index entry holds 2.7 kB at most. */
export function digestOf(...texts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(texts)).digest().subarray(0, 16);
}
