import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../model/store.ts';

/**
 * Starts a thread of this folder ('writer-thread', 'reader-thread') and waits until it has opened the file. The file is
 * .ts in a checkout and .js once built. Rejects with StoreUnavailable when it could not open.
 */
export function startThread(name: 'writer-thread' | 'reader-thread', data: object): Promise<Worker> {
  const worker = new Worker(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url), { workerData: data, name: `store ${name}` });
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => {
      void worker.terminate();
      reject(new StoreUnavailable(why));
    };
    worker.once('error', (error: Error) => failed(`the store's ${name} could not start: ${error.message}`));
    worker.once('message', (first: { readonly kind: string; readonly message?: string }) => {
      if (first.kind !== 'ready') {
        failed(first.message ?? 'the store could not be opened');
        return;
      }
      worker.removeAllListeners('error');
      resolve(worker);
    });
  });
}
