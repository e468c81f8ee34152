import type { Logger } from 'pino';
import type { Enrichment } from '../model/capture.ts';
import type { Limits } from '../model/limits.ts';
import type { Store } from '../model/store.ts';
import { jobOf } from './job-of.ts';
import { createReader } from './reading-pool.ts';
import { rulesOf, unread } from './reading.ts';

/** Reads captures after they were acknowledged. What is pending in the store survives a restart. */
export interface Enricher {
  /** a capture with `enrichment: 'pending'` was recorded */
  notify(id: string): void;
  /** resolves when nothing is left to read, or the store does not let us */
  drain(): Promise<void>;
  /** finishes what is being read; the rest stays pending in the store */
  close(): Promise<void>;
}

/** ids kept in memory; beyond that the store is asked again */
const remembered = 5_000;
const askedAtOnce = 500;
const attempts = 5;
const longestPause = 30_000;

/**
 * @param options.workers threads; one is enough for a staging environment and leaves the other core to ingress
 */
export function createEnricher({ store, logger, limits, correlate, workers = 1 }: {
  readonly store: Pick<Store, 'capture' | 'requestBody' | 'enrich' | 'pendingEnrichment'>;
  readonly logger: Logger;
  readonly limits: Pick<Limits, 'mimeTime' | 'mimeDepth' | 'mimeParts' | 'mimeHeaderBytes'>;
  readonly correlate: readonly { readonly name: string; readonly pattern: string }[];
  readonly workers?: number;
}): Enricher {
  const rules = rulesOf(limits, correlate);
  const readers = Array.from({ length: workers }, () => createReader({ rules, time: limits.mimeTime }));
  const idle = [...readers];
  const waiting = new Set<string>();
  const reading = new Map<string, Promise<void>>();
  /** how often the store failed on a capture */
  const failures = new Map<string, number>();
  const drains = new Set<() => void>();
  /** the store may hold pending captures that are not in `waiting`: those of before the start, or too many at once */
  let askStore = true;
  let asking: Promise<void> | null = null;
  let pause = 0;
  let pauseTimer: NodeJS.Timeout | null = null;
  let closed = false;

  const blocked = () => closed || pauseTimer !== null;

  function advance(): void {
    while (!blocked() && idle.length > 0 && waiting.size > 0) {
      const [id] = waiting;
      const reader = idle.pop();
      if (id === undefined || reader === undefined) break;
      waiting.delete(id);
      reading.set(id, enrich(id, reader.read).finally(() => {
        reading.delete(id);
        idle.push(reader);
        advance();
      }));
    }
    if (!blocked() && waiting.size === 0 && askStore && asking === null) {
      asking = ask().finally(() => {
        asking = null;
        advance();
      });
    }
    if (reading.size === 0 && asking === null && (blocked() || (waiting.size === 0 && !askStore))) {
      for (const drained of drains) drained();
      drains.clear();
    }
  }

  async function ask(): Promise<void> {
    try {
      const ids = await store.pendingEnrichment(askedAtOnce);
      const fresh = ids.filter((id) => (failures.get(id) ?? 0) < attempts && !reading.has(id));
      for (const id of fresh) waiting.add(id);
      askStore = fresh.length > 0 && ids.length === askedAtOnce;
      pause = 0;
    } catch (fault) {
      rest(fault, 'the pending captures could not be asked for');
    }
  }

  async function enrich(id: string, read: (typeof idle)[number]['read']): Promise<void> {
    try {
      const capture = await store.capture(id);
      if (capture === null || capture.enrichment !== 'pending') return; // deleted, or read by another instance
      const job = jobOf(capture, capture.request.kind === 'mail' ? await store.requestBody(id) : null);
      const enrichment = job === null ? nothingSaid(capture.request.kind) : await read(job).catch((fault: unknown) => {
        logger.warn({ capture: id, err: fault }, 'the message could not be read; its bytes are kept');
        return unread;
      });
      await store.enrich(id, enrichment);
      failures.delete(id);
      pause = 0;
    } catch (fault) {
      const failed = (failures.get(id) ?? 0) + 1;
      failures.set(id, failed);
      if (failed < attempts) waiting.add(id);
      rest(fault, failed < attempts ? 'a reading could not be kept, trying again' : 'a reading could not be kept; the capture stays pending');
    }
  }

  /** The store does not answer: leave it alone for a while, longer each time. */
  function rest(fault: unknown, what: string): void {
    logger.error({ err: fault }, what);
    pause = Math.min(longestPause, Math.max(1_000, pause * 2));
    pauseTimer ??= setTimeout(() => {
      pauseTimer = null;
      advance();
    }, pause).unref();
  }

  advance();
  return {
    notify(id) {
      if (waiting.size < remembered) waiting.add(id);
      else askStore = true;
      advance();
    },
    drain: () => new Promise((resolve) => {
      drains.add(resolve);
      advance();
    }),
    async close() {
      closed = true;
      if (pauseTimer !== null) clearTimeout(pauseTimer);
      await Promise.all([...reading.values(), asking]);
      await Promise.all(readers.map((reader) => reader.close()));
      advance();
    },
  };
}

/** A mail whose bytes are gone cannot be read; any other call without words has been. */
function nothingSaid(kind: string): Enrichment {
  return kind === 'mail' ? unread : { ...unread, state: 'done' };
}
