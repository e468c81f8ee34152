import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { sealOf } from '../seal.ts';
import { openForReading } from './database.ts';
import { reads, type ReadName } from './reads.ts';
import { sqlOn, type Sql } from './sql.ts';

/** Runs in a worker: answers one question at a time, each in a read transaction of its own; 'close' ends it. */
export type ReaderRequest =
  | { readonly kind: 'read'; readonly call: number; readonly name: ReadName; readonly args: unknown }
  | { readonly kind: 'close' };

export interface ReaderData { readonly path: string; readonly sealKey: KeyObject | null }

export type ReaderAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'value'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly call: number; readonly message: string; readonly range: boolean };

const port = parentPort!;
try {
  const { path, sealKey } = workerData as ReaderData;
  const database = openForReading(path);
  const sql = sqlOn(database, sealOf(sealKey));
  port.on('message', (request: ReaderRequest) => {
    if (request.kind === 'close') {
      database.close();
      port.close();
      return;
    }
    const { call, name, args } = request;
    try {
      database.exec('BEGIN');
      // The map from names to functions cannot be followed by the type checker through a message between threads.
      const value = (reads[name] as (sql: Sql, args: unknown) => unknown)(sql, args);
      port.postMessage({ kind: 'value', call, value } satisfies ReaderAnswer);
    } catch (error) {
      port.postMessage({ kind: 'error', call, message: (error as Error).message, range: error instanceof RangeError } satisfies ReaderAnswer);
    } finally {
      if (database.isTransaction) database.exec('COMMIT');
    }
  });
  port.postMessage({ kind: 'ready' } satisfies ReaderAnswer);
} catch (error) {
  port.postMessage({ kind: 'failed', message: (error as Error).message } satisfies ReaderAnswer);
}
