import type { Worker } from 'node:worker_threads';
import { StoreUnavailable, Unanswerable } from '../../model/store.ts';
import type { ReaderAnswer, ReaderRequest } from './reader-thread.ts';
import type { ReadArgs, ReadName, ReadResult } from './reads.ts';

export interface Questions {
  ask<K extends ReadName>(name: K, args: ReadArgs<K>): Promise<ReadResult<K>>;
  /** Refuses everything from now on, saying why. */
  end(why: string): void;
  close(): Promise<void>;
}

/** The near end of a reader thread: bounded like the writer's queue, so that a reader that hangs holds nobody for ever. */
export function questions({ worker, deadline, most }: { readonly worker: Worker; readonly deadline: number; readonly most: number }): Questions {
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let calls = 0;
  let dead: string | null = null;

  const died = (why: string): void => {
    dead ??= why;
    for (const { reject } of asked.values()) reject(new StoreUnavailable(why));
    asked.clear();
  };
  worker.on('message', (answer: ReaderAnswer) => {
    if (answer.kind !== 'value' && answer.kind !== 'error') return;
    const waiting = asked.get(answer.call);
    asked.delete(answer.call);
    if (answer.kind === 'value') waiting?.resolve(answer.value);
    else waiting?.reject(answer.range ? new Unanswerable(answer.message) : new StoreUnavailable(`the store could not read: ${answer.message}`));
  });
  worker.on('error', (error: Error) => died(`the store's reader failed: ${error.message}`));
  worker.on('exit', () => died('the store is closed'));

  return {
    ask: <K extends ReadName>(name: K, args: ReadArgs<K>) => new Promise<ReadResult<K>>((resolve, reject) => {
      if (dead !== null || asked.size >= most) {
        reject(new StoreUnavailable(dead ?? `the store has ${asked.size} questions waiting, ${most} may`));
        return;
      }
      calls += 1;
      const call = calls;
      const timer = setTimeout(() => {
        asked.delete(call);
        reject(new StoreUnavailable(`the store did not answer within ${deadline} ms`));
      }, deadline);
      asked.set(call, {
        resolve(value) { clearTimeout(timer); resolve(value as ReadResult<K>); },
        reject(error) { clearTimeout(timer); reject(error); },
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ kind: 'read', call, name, args } satisfies ReaderRequest);
    }),
    end(why) {
      if (dead !== null) return;
      died(why);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ kind: 'close' } satisfies ReaderRequest);
    },
    async close() {
      if (dead !== null) return;
      const ended = new Promise<void>((resolve) => { worker.once('exit', () => resolve()); });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ kind: 'close' } satisfies ReaderRequest);
      await ended;
    },
  };
}
