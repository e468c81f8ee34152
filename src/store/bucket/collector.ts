import type { Books } from './books.ts';
import type { Bucket } from './bucket.ts';

export interface Collector {
  /** Removes from the bucket what is garbage now. Never rejects: what could not be removed stays in the books and is tried again. */
  collect(): Promise<void>;
  close(): Promise<void>;
}

/** ms after which an upload that nothing came of is given up; nobody waits for one that long, and a commit after that is refused */
export const givenUpAfter = 3_600_000;
const atOnce = 100;

/** Deletes objects after the commit that dropped them: called after every deletion, and every `every` ms for what the bucket did not take back then. */
export function collector({ bucket, books, now, every }: {
  readonly bucket: Bucket;
  readonly books: Pick<Books, 'due' | 'discard' | 'collected'>;
  readonly now: () => number;
  readonly every: number;
}): Collector {
  let closed = false;
  let running: Promise<void> | null = null;
  let again = false;

  async function rounds(): Promise<void> {
    while (!closed) {
      const due = await books.due({ before: new Date(now() - givenUpAfter).toISOString(), limit: atOnce });
      if (due.length === 0) return;
      // What was intended and is named by now is not among these.
      const garbage = await books.discard(due);
      const gone = await Promise.allSettled(garbage.map((object) => bucket.remove(object)));
      const removed = garbage.filter((_, n) => gone[n]!.status === 'fulfilled');
      if (removed.length > 0) await books.collected(removed);
      if (removed.length < garbage.length) return;
    }
  }

  async function run(): Promise<void> {
    do {
      again = false;
      await rounds().catch(() => undefined);
    } while (again && !closed);
  }

  const collect = (): Promise<void> => {
    again = true;
    running ??= run().finally(() => { running = null; });
    return running;
  };
  const timer = setInterval(() => void collect(), every);
  timer.unref();
  return {
    collect,
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
