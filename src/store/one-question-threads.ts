import { extname } from 'node:path';
import { Worker, type MessagePort } from 'node:worker_threads';
import { StoreUnavailable } from '../model/store.ts';

export type ThreadAnswer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  /** what the thread cannot get at itself; one question at a time */
  | { readonly kind: 'asks'; readonly what: unknown };

type Told = { readonly kind: 'told'; readonly value: unknown } | { readonly kind: 'not told'; readonly message: string };

/** In the thread: asks whoever started it. */
export function askBack<T>(port: MessagePort, what: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    port.once('message', (told: Told) => {
      if (told.kind === 'told') resolve(told.value as T);
      else reject(new StoreUnavailable(told.message));
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    port.postMessage({ kind: 'asks', what } satisfies ThreadAnswer);
  });
}

/** Threads that answer one question each, however long it takes, and end. */
export interface OneQuestionThreads {
  /** `tell` answers what the thread asks back. */
  ask<T>(data: object, tell: (what: never) => Promise<unknown>): Promise<T>;
  /** Ends those that still work: their askers hear that the store is closed. */
  stop(): Promise<void>;
}

/** @param file of the thread beside `from`, without its ending: .ts in a checkout and .js once built */
export function oneQuestionThreads(file: string, from: string): OneQuestionThreads {
  const working = new Set<Worker>();
  return {
    ask: <T>(data: object, tell: (what: never) => Promise<unknown>) => new Promise<T>((resolve, reject) => {
      const worker = new Worker(new URL(`./${file}${extname(from)}`, from), { workerData: data, name: `store ${file}` });
      working.add(worker);
      worker.on('message', (answer: ThreadAnswer) => {
        if (answer.kind === 'asks') {
          void tell(answer.what as never).then((value): Told => ({ kind: 'told', value }), (error: unknown): Told => ({ kind: 'not told', message: (error as Error).message }))
            // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
            .then((told) => { worker.postMessage(told); });
          return;
        }
        if (answer.kind === 'value') resolve(answer.value as T);
        else reject(new StoreUnavailable(`the store could not be looked through: ${answer.message}`));
      });
      worker.once('error', (error: Error) => reject(new StoreUnavailable(`the store could not be looked through: ${error.message}`)));
      worker.once('exit', () => {
        working.delete(worker);
        reject(new StoreUnavailable('the store is closed'));
      });
    }),
    async stop() {
      await Promise.all([...working].map((worker) => worker.terminate()));
    },
  };
}
