import type { KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { deserialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { Retention } from '../../model/retention.ts';
import type { Durability } from '../durability.ts';
import { evicting } from '../eviction.ts';
import { sealOf } from '../seal.ts';
import type { PackedWrite } from '../write-report.ts';
import { committer } from './commit.ts';
import { openForWriting } from './database.ts';
import type { WriteName } from './writes.ts';

/**
 * After a deletion: gives pages back and empties the log, so that what was deleted is nowhere in the files. Never waits:
 * false when a reader still stands in the log (or the disk would not), to be asked again.
 */
function compact(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA incremental_vacuum(10000); PRAGMA busy_timeout = 0');
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
  } catch {
    return false;
  } finally {
    database.exec('PRAGMA busy_timeout = 5000');
  }
}

/** Writes the whole file anew, without anything that is left in its free places. Takes as long as that takes, and writes wait. */
function vacuum(database: DatabaseSync): boolean {
  try {
    database.exec('VACUUM');
    return compact(database);
  } catch {
    return false;
  }
}

/** Runs in a worker: opens the file, then answers each batch with what became of it; 'close' ends it. */
export interface WriterData {
  readonly path: string;
  readonly durability: Durability;
  readonly key: Uint8Array;
  readonly sealKey: KeyObject | null;
  readonly maxPages: number | undefined;
  readonly check: boolean;
  readonly retention: Retention | null;
}

export type WriterRequest = { readonly kind: 'batch'; readonly batch: readonly PackedWrite<WriteName>[] } | { readonly kind: 'compact' | 'vacuum' } | { readonly kind: 'close' };

const port = parentPort!;
try {
  const { key, sealKey, retention, ...place } = workerData as WriterData;
  const seal = sealOf(sealKey);
  const opened = openForWriting({ ...place, keyId: seal.keyId });
  const commit = committer(opened.database, key, seal, evicting(retention));
  port.on('message', (request: WriterRequest) => {
    switch (request.kind) {
      case 'batch':
        port.postMessage({ kind: 'batch', ...commit(request.batch.map(({ kind, at, packed }) => ({ kind, at, args: () => deserialize(packed) as unknown }))) });
        break;
      case 'compact':
        port.postMessage({ kind: 'compacted', done: compact(opened.database) });
        break;
      case 'vacuum':
        port.postMessage({ kind: 'compacted', done: vacuum(opened.database) });
        break;
      case 'close':
        opened.close();
        port.postMessage({ kind: 'closed' });
        port.close();
        break;
    }
  });
  port.postMessage({ kind: 'ready', sqlite: opened.sqlite });
} catch (error) {
  port.postMessage({ kind: 'failed', message: (error as Error).message });
}
