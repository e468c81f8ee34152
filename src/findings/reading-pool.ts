/* oxlint-disable unicorn/require-post-message-target-origin -- a thread's port has no origin */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Enrichment } from '../model/capture.ts';
import type { ReadingJob, ReadingRules } from './reading.ts';

/** Reads one job at a time in a thread with bounded time and memory. */
export interface Reader {
  /** Rejects, saying why, when the thread took too long or broke; the next job gets a new thread. */
  read(job: ReadingJob): Promise<Enrichment>;
  close(): Promise<void>;
}

/** reliability.md §4: a worker with 128 MB */
const memory = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
const startTime = 30_000;
/** decoding alone takes a while on a large attachment: so much time more for each MiB */
const timePerMiB = 100;

type Answer = { readonly kind: 'ready' } | { readonly kind: 'read'; readonly enrichment: Enrichment } | { readonly kind: 'failed'; readonly why: string };

/** @param options.time ms that reading one message may take, beyond what its size asks for */
export function createReader(options: { readonly rules: ReadingRules; readonly time: number }): Reader {
  let current: Promise<Worker> | null = null;

  function thread(): Promise<Worker> {
    current ??= start(options.rules);
    return current;
  }
  async function discard(): Promise<void> {
    const old = current;
    current = null;
    await (await old?.catch(() => null))?.terminate();
  }

  return {
    async read(job) {
      try {
        const worker = await thread();
        const size = job.kind === 'mime' ? job.message.byteLength : (job.text ?? '').length + (job.html ?? '').length;
        const answer = await nextAnswer(worker, options.time + Math.ceil(size / 2 ** 20) * timePerMiB, () => worker.postMessage(job));
        if (answer.kind === 'read') return answer.enrichment;
        throw new Error(answer.kind === 'failed' ? answer.why : 'the thread answered out of turn');
      } catch (fault) {
        await discard();
        throw fault;
      }
    },
    close: discard,
  };
}

async function start(rules: ReadingRules): Promise<Worker> {
  // .ts in a checkout, .js once built
  const file = new URL(`./reading-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData: rules, resourceLimits: memory, name: 'reading' });
  worker.unref();
  try {
    await nextAnswer(worker, startTime, () => undefined);
    return worker;
  } catch (fault) {
    await worker.terminate();
    throw fault;
  }
}

function nextAnswer(worker: Worker, time: number, ask: () => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    const onMessage = (answer: Answer) => done(() => resolve(answer));
    const onError = (fault: Error) => done(() => reject(fault));
    const onExit = (code: number) => done(() => reject(new Error(`the reading thread ended with ${code}`)));
    const timer = setTimeout(() => done(() => reject(new Error(`reading took longer than ${time} ms`))), time);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    ask();
  });
}
