import type { Logger } from 'pino';
import type { Retention } from '../model/retention.ts';
import { hardCap } from '../model/retention.ts';
import type { Store } from '../model/store.ts';

export interface Evictor { close(): Promise<void> }

/** How many one transaction deletes: between two of them, calls are recorded. */
const atOnce = 200;

/**
 * Keeps the store within its retention: looks every `every` ms, and `burst` ms after something was written, again and again until nothing is left to evict. When the store
 * is full all the same, says once what keeps it so, and says when it takes calls again.
 */
export function startEvictor({ store, retention, logger, every = 30_000, burst = 2_000 }: {
  readonly store: Pick<Store, 'evict' | 'holding' | 'heldBack' | 'subscribe'>;
  readonly retention: Retention;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly every?: number;
  readonly burst?: number;
}): Evictor {
  let closed = false;
  let full = false;
  let running: Promise<void> | null = null;
  let soon: NodeJS.Timeout | null = null;

  async function run(): Promise<void> {
    try {
      while (!closed && await store.evict(atOnce) > 0);
      if (!closed) await tell();
    } catch (error) {
      if (!closed) logger.error({ err: error }, 'what is to be kept no longer could not be evicted; it is tried again');
    }
  }

  async function tell(): Promise<void> {
    const { full: why, ...held } = await store.holding();
    if (why !== null && !full) {
      logger.error({ ...held, most: hardCap(retention), ...await store.heldBack() },
        'the store is full: new calls are refused until enough captures are unpinned (PATCH /api/captures/:id) or deleted, or runs are closed (POST /api/runs/:id/close)');
    }
    if (why === null && full) logger.info(held, 'the store has room again: calls are taken');
    full = why !== null;
  }

  const look = (): void => {
    running ??= run().finally(() => { running = null; });
  };
  const regular = setInterval(look, every);
  const unsubscribe = store.subscribe(() => {
    if (closed) return;
    soon ??= setTimeout(() => {
      soon = null;
      look();
    }, burst);
  });
  look();

  return {
    async close() {
      closed = true;
      unsubscribe();
      clearInterval(regular);
      if (soon !== null) clearTimeout(soon);
      await running;
    },
  };
}
