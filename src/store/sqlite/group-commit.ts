import type { Worker } from 'node:worker_threads';
import type { Limits } from '../../model/limits.ts';
import { commitQueue } from '../commit-queue.ts';
import type { BatchReport } from '../write-report.ts';
import type { WriterRequest } from './writer-thread.ts';
import type { WriteArgs, WriteName, WriteResult } from './writes.ts';

export interface GroupCommit {
  /** Resolves after the commit. */
  write<K extends WriteName>(kind: K, args: WriteArgs<K>): Promise<WriteResult<K>>;
  /** Asks the writer to give deleted pages back; false when it could not do so yet. */
  compact(): Promise<boolean>;
  /** Asks the writer to write the whole file anew; false when it could not. */
  vacuum(): Promise<boolean>;
  /** true while another write would be taken into the queue */
  open(): boolean;
  /** Refuses everything from now on, saying why; what is under way is told so too. */
  end(why: string): void;
  /** Takes nothing more, waits for what was taken, ends the thread. */
  close(): Promise<void>;
}

/** The near end of the writer thread: hands it the batches of the queue (commit-queue.ts). */
export function groupCommit({ worker, limits, now, committed }: {
  readonly worker: Worker;
  readonly limits: Pick<Limits, 'storeDeadline' | 'storeQueue' | 'storeQueueBytes'>;
  readonly now: () => number;
  /** after each commit that appended events */
  readonly committed: () => void;
}): GroupCommit {
  let landed: ((report: BatchReport) => void) | null = null;
  const compactions: ((done: boolean) => void)[] = [];
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const request = (message: WriterRequest): void => worker.postMessage(message);
  const queue = commitQueue<WriteName>({
    limits, now, committed,
    commit: (batch) => new Promise((resolve) => {
      landed = resolve;
      request({ kind: 'batch', batch });
    }),
  });
  const died = (why: string): void => {
    queue.end(why);
    for (const done of compactions.splice(0)) done(false);
  };

  const compaction = (kind: 'compact' | 'vacuum'): Promise<boolean> => new Promise((resolve) => {
    if (queue.ended() !== null) {
      resolve(false);
      return;
    }
    compactions.push(resolve);
    request({ kind });
  });

  worker.on('message', (message: { readonly kind: 'batch' | 'compacted' | 'closed' } & BatchReport & { readonly done: boolean }) => {
    if (message.kind === 'batch') landed?.(message);
    if (message.kind === 'compacted') compactions.shift()?.(message.done);
  });
  worker.on('error', (error: Error) => died(`the store's writer failed: ${error.message}`));
  worker.on('exit', () => died('the store is closed'));

  return {
    write: <K extends WriteName>(kind: K, args: WriteArgs<K>) => queue.write(kind, args) as Promise<WriteResult<K>>,
    compact: () => compaction('compact'),
    vacuum: () => compaction('vacuum'),
    open: () => queue.open(),
    end(why) {
      died(why);
      request({ kind: 'close' });
    },
    async close() {
      await queue.drain();
      if (queue.ended() !== null) return;
      const ended = new Promise<void>((resolve) => { worker.once('exit', () => resolve()); });
      request({ kind: 'close' });
      await ended;
    },
  };
}
