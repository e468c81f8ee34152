import type { Logger } from 'pino';
import type { OutboxCallback } from '../../model/callback.ts';
import type { Store } from '../../model/store.ts';

export interface Sender {
  /** a callback was recorded, or sent again by hand, that is due then (ms since the epoch) */
  due(at: number): void;
  /** Takes nothing more and finishes what is under way; the rest waits in the store for the next start. */
  close(): Promise<void>;
}

/** how many are under way at once */
const width = 16;
/** ms that a lease lasts: longer than an attempt and its commit can take */
const lease = 30_000;
/** ms: how often another instance's leftovers are looked for when nothing else wakes us */
const idle = 30_000;
/** ms before the store is asked again after it failed */
const afterFault = 1_000;

/**
 * Sends what is due: woken by a recorded callback, by the time the next one is due, and by the end of each attempt. `send` never holds one
 * longer than its lease.
 */
export function startSender({ store, instance, send, watch, logger, now }: {
  readonly store: Pick<Store, 'leaseCallbacks' | 'settleCallback'>;
  readonly instance: string;
  readonly send: (callback: OutboxCallback) => Promise<void>;
  /** are there targets at all, so that others may leave something to send? */
  readonly watch: boolean;
  readonly logger: Pick<Logger, 'error'>;
  readonly now: () => number;
}): Sender {
  const flying = new Set<Promise<void>>();
  let closed = false;
  let asking: Promise<void> | null = null;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;

  const wakeAt = (at: number): void => {
    if (closed || at >= wakesAt) return;
    wakesAt = at;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(Math.max(0, at - now()), 2 ** 31 - 1));
  };

  const wake = (): void => {
    clearTimeout(timer);
    wakesAt = Number.POSITIVE_INFINITY;
    if (closed) return;
    if (asking !== null) again = true;
    // At full width the end of an attempt asks again.
    else if (flying.size < width) asking = ask().finally(() => {
      asking = null;
      if (again) { again = false; wake(); }
    });
  };

  async function ask(): Promise<void> {
    try {
      const { leased, next } = await store.leaseCallbacks({ instance, limit: width - flying.size, forMs: lease });
      for (const callback of leased) if (closed) await giveBack(callback); else fly(callback);
      // A clock that runs behind the store's must not make a loop of this.
      if (next !== null) wakeAt(Math.max(Date.parse(next), now() + 5));
      if (watch) wakeAt(now() + idle);
    } catch (error) {
      logger.error({ err: error }, 'the outbox could not be asked what to send');
      wakeAt(now() + afterFault);
    }
  }

  function fly(callback: OutboxCallback): void {
    const flight = send(callback)
      // What cannot be written down stays leased, and is sent again when the lease is over.
      .catch((error: unknown) => logger.error({ err: error, callback: callback.id }, 'what came of a callback could not be recorded; it will be sent again'))
      .finally(() => { flying.delete(flight); wake(); });
    flying.add(flight);
  }

  async function giveBack({ id, attempt }: OutboxCallback): Promise<void> {
    await store.settleCallback({ id, instance, attempt, state: 'pending', notBeforeMs: now(), url: null, status: null, error: 'the gateway stopped before it was sent', delivery: null });
  }

  wakeAt(now());
  return {
    due: wakeAt,
    async close() {
      closed = true;
      clearTimeout(timer);
      await asking;
      await Promise.all(flying);
    },
  };
}
