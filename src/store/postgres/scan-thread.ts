import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { ScanOrder } from '../erasure/found.ts';
import { scan } from '../erasure/scan.ts';
import { sealOf } from '../seal.ts';
import { askBack, type ThreadAnswer } from '../one-question-threads.ts';
import { connect, reasonOf, type Place } from './connection.ts';
import { readerOn } from './scan-reader.ts';

/** Runs in a worker of its own, with a connection of its own: one look through the store. Nothing waits for it but its asker. */
export interface ScanData { readonly place: Place; readonly sealKey: KeyObject | null; readonly scan: ScanOrder }

const { place, sealKey, scan: order } = workerData as ScanData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const answer = (said: ThreadAnswer): void => parentPort!.postMessage(said);
try {
  const connection = await connect(place, 'look');
  try {
    answer({ kind: 'value', value: await scan(readerOn(connection, sealOf(sealKey), (body) => askBack(parentPort!, body)), order) });
  } finally {
    await connection.end();
  }
} catch (error) {
  answer({ kind: 'error', message: reasonOf(error) });
}
