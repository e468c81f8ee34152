import { serialize } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { ObjectConflict, StoreUnavailable } from '../../model/store.ts';
import type { Limits } from '../../model/limits.ts';
import type { BatchReport, WriteReport } from './commit.ts';
import type { PackedWrite, WriterRequest } from './writer-thread.ts';
import type { WriteArgs, WriteName, WriteResult } from './writes.ts';

export interface GroupCommit {
  /** Resolves after the commit. */
  write<K extends WriteName>(kind: K, args: WriteArgs<K>): Promise<WriteResult<K>>;
  /** Asks the writer to give deleted pages back; false when it could not do so yet. */
  compact(): Promise<boolean>;
  /** true while another write would be taken into the queue */
  open(): boolean;
  /** Takes nothing more, waits for what was taken, ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  readonly message: PackedWrite;
  readonly bytes: number;
  settle(report: WriteReport): void;
}

/**
 * One batch in flight: whatever arrives while it is being committed goes into the next. No timer decides, so a lone write
 * waits for nobody and a crowd shares one fsync. The queue is bounded, and whoever has waited for `storeDeadline` is told
 * that the store is unavailable: taken out of the queue if still in it, never acknowledged afterwards if not.
 * Each write is packed into bytes of its own as it comes in: one that cannot travel is refused to its caller alone, what
 * waits is weighed exactly, and nothing of the pools that bytes were read into goes along.
 */
export function groupCommit({ worker, limits, now, committed }: {
  readonly worker: Worker;
  readonly limits: Pick<Limits, 'storeDeadline' | 'storeQueue' | 'storeQueueBytes'>;
  readonly now: () => number;
  /** after each commit that appended events */
  readonly committed: () => void;
}): GroupCommit {
  const waiting = new Set<Waiting>();
  let bytesHeld = 0;
  let itemsHeld = 0;
  let flight: readonly Waiting[] | null = null;
  let dead: string | null = null;
  let closing = false;
  let drained: (() => void) | null = null;
  const compactions: ((done: boolean) => void)[] = [];

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const request = (message: WriterRequest): void => worker.postMessage(message);
  const letGo = (item: Waiting): void => { bytesHeld -= item.bytes; itemsHeld -= 1; };

  const depart = (): void => {
    if (flight !== null || dead !== null) return;
    if (waiting.size === 0) {
      drained?.();
      return;
    }
    flight = [...waiting];
    waiting.clear();
    try {
      request({ kind: 'batch', batch: flight.map(({ message }) => message) });
    } catch (error) {
      // Bytes always travel; should they not once, their callers hear of it and the process goes on.
      arrived({ reports: flight.map(() => ({ ok: false, fault: 'unavailable', message: `the store's writer could not be asked: ${(error as Error).message}` })), appended: false });
    }
  };

  const arrived = ({ reports, appended }: BatchReport): void => {
    const landed = flight ?? [];
    flight = null;
    depart();
    for (const [at, item] of landed.entries()) {
      letGo(item);
      item.settle(reports[at]!);
    }
    if (appended) committed();
  };

  const died = (why: string): void => {
    if (dead !== null) return;
    dead = why;
    for (const item of [...flight ?? [], ...waiting]) {
      letGo(item);
      item.settle({ ok: false, fault: 'unavailable', message: why });
    }
    flight = null;
    waiting.clear();
    for (const done of compactions.splice(0)) done(false);
    drained?.();
  };

  worker.on('message', (message: { readonly kind: 'batch' | 'compacted' | 'closed' } & BatchReport & { readonly done: boolean }) => {
    if (message.kind === 'batch') arrived(message);
    if (message.kind === 'compacted') compactions.shift()?.(message.done);
  });
  worker.on('error', (error: Error) => died(`the store's writer failed: ${error.message}`));
  worker.on('exit', () => died('the store is closed'));

  const refusal = (bytes: number): string | null => {
    if (dead !== null) return dead;
    if (closing) return 'the store is closing';
    if (itemsHeld >= limits.storeQueue) return `the store's queue is full (${itemsHeld} writes wait, ${limits.storeQueue} may)`;
    if (itemsHeld > 0 && bytesHeld + bytes > limits.storeQueueBytes) return `the store's queue is full (${bytesHeld} bytes wait, ${limits.storeQueueBytes} may)`;
    return null;
  };

  const write = <K extends WriteName>(kind: K, args: WriteArgs<K>): Promise<WriteResult<K>> => new Promise((resolve, reject) => {
    const full = refusal(0);
    if (full !== null) {
      reject(new StoreUnavailable(full));
      return;
    }
    const packed = pack(args);
    const bytes = packed.length;
    const refused = refusal(bytes);
    if (refused !== null) {
      reject(new StoreUnavailable(refused));
      return;
    }
    const item: Waiting = {
      message: { kind, packed, at: new Date(now()).toISOString() },
      bytes,
      settle(report) {
        clearTimeout(deadline);
        // After the deadline this is a second settlement, which a promise ignores: a late commit is never acknowledged.
        if (report.ok) resolve(report.value as WriteResult<K>);
        else reject(errorOf(kind, report.fault, report.message));
      },
    };
    const deadline = setTimeout(() => {
      if (waiting.delete(item)) letGo(item);
      reject(new StoreUnavailable(`the store did not commit within ${limits.storeDeadline} ms`));
    }, limits.storeDeadline);
    itemsHeld += 1;
    bytesHeld += bytes;
    waiting.add(item);
    // Everything of this turn of the event loop goes together.
    if (waiting.size === 1 && flight === null) queueMicrotask(depart);
  });

  return {
    write,
    compact: () => new Promise((resolve) => {
      if (dead !== null) {
        resolve(false);
        return;
      }
      compactions.push(resolve);
      request({ kind: 'compact' });
    }),
    open: () => refusal(0) === null,
    async close() {
      closing = true;
      if (dead === null && (flight !== null || waiting.size > 0)) await new Promise<void>((resolve) => { drained = resolve; });
      if (dead !== null) return;
      const ended = new Promise<void>((resolve) => { worker.once('exit', () => resolve()); });
      request({ kind: 'close' });
      await ended;
    },
  };
}

/** Throws an Error that says why where the value is nested too deep or holds what is no data. */
function pack(args: unknown): Buffer {
  try {
    return serialize(args);
  } catch (error) {
    throw new Error(`the store cannot take this value: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function errorOf(kind: WriteName, fault: 'unavailable' | 'conflict' | 'refused', message: string): Error {
  if (fault === 'conflict') return new ObjectConflict(message);
  // A recording that cannot be stored must look like a store that cannot store: nothing of it may be acknowledged.
  return fault === 'unavailable' || kind === 'record' ? new StoreUnavailable(message) : new Error(message);
}
