import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { ScanOrder } from '../erasure/found.ts';
import { scan } from '../erasure/scan.ts';
import { sealOf } from '../seal.ts';
import { askBack, type ThreadAnswer } from '../one-question-threads.ts';
import { openForReading } from './database.ts';
import { readerOn } from './scan-reader.ts';
import { sqlOn } from './sql.ts';

/** Runs in a worker of its own, with a connection of its own: one look through the store. No read transaction is longer than a page of it. */
export interface ScanData { readonly path: string; readonly sealKey: KeyObject | null; readonly scan: ScanOrder }

const { path, sealKey, scan: order } = workerData as ScanData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const answer = (said: ThreadAnswer): void => parentPort!.postMessage(said);
try {
  const database = openForReading(path);
  try {
    answer({ kind: 'value', value: await scan(readerOn(sqlOn(database, sealOf(sealKey)), (body) => askBack(parentPort!, body)), order) });
  } finally {
    database.close();
  }
} catch (error) {
  answer({ kind: 'error', message: (error as Error).message });
}
