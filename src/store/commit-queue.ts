import { serialize } from 'node:v8';
import { ObjectConflict, StoreFull, StoreUnavailable } from '../model/store.ts';
import type { Limits } from '../model/limits.ts';
import { failed, type BatchReport, type PackedWrite, type WriteReport } from './write-report.ts';

export interface CommitQueue<Name extends string> {
  /** Resolves after the commit, with what the write gave. */
  write(kind: Name, args: unknown): Promise<unknown>;
  /** true while another write would be taken */
  open(): boolean;
  /** Takes nothing more, and resolves when what was taken is settled. */
  drain(): Promise<void>;
  /** Nothing can be written any more. */
  end(why: string): void;
  /** why nothing can be written any more, or null */
  ended(): string | null;
}

interface Waiting<Name extends string> {
  readonly message: PackedWrite<Name>;
  settle(report: WriteReport): void;
}

/**
 * Group commit, whatever the database: one batch in flight, and whatever arrives while it is being committed goes into the next. No timer decides, so a lone write
 * waits for nobody and a crowd shares one fsync. The queue is bounded, and whoever has waited for `storeDeadline` is told
 * that the store is unavailable: taken out of the queue if still in it, never acknowledged afterwards if not.
 * Each write is packed into bytes of its own as it comes in: one that cannot travel is refused to its caller alone, what
 * waits is weighed exactly, and nothing of the pools that bytes were read into goes along.
 */
export function commitQueue<Name extends string>({ commit, most = Number.POSITIVE_INFINITY, limits, now, committed }: {
  /** Commits a batch; resolves with one report for each, in order. */
  readonly commit: (batch: readonly PackedWrite<Name>[]) => Promise<BatchReport>;
  /** writes of one batch */
  readonly most?: number;
  readonly limits: Pick<Limits, 'storeDeadline' | 'storeQueue' | 'storeQueueBytes'>;
  readonly now: () => number;
  /** after each commit that appended events */
  readonly committed: () => void;
}): CommitQueue<Name> {
  const waiting = new Set<Waiting<Name>>();
  let bytesHeld = 0;
  let itemsHeld = 0;
  let flight: readonly Waiting<Name>[] | null = null;
  let dead: string | null = null;
  let closing = false;
  let drained: (() => void) | null = null;

  const letGo = (item: Waiting<Name>): void => { bytesHeld -= item.message.packed.length; itemsHeld -= 1; };

  const depart = (): void => {
    if (flight !== null || dead !== null) return;
    if (waiting.size === 0) {
      drained?.();
      return;
    }
    const departing = [...waiting].slice(0, most);
    for (const item of departing) waiting.delete(item);
    flight = departing;
    commit(departing.map(({ message }) => message))
      // Should a batch not travel once, its callers hear of it and the process goes on.
      .catch((error: unknown) => failed(departing, `the store's writer could not be asked: ${String((error as Error).message)}`))
      .then((report) => arrived(departing, report));
  };

  const arrived = (landed: readonly Waiting<Name>[], { reports, appended }: BatchReport): void => {
    if (flight !== landed) return;
    flight = null;
    depart();
    for (const [at, item] of landed.entries()) {
      letGo(item);
      item.settle(reports[at]!);
    }
    if (appended) committed();
  };

  const refusal = (bytes: number): string | null => {
    if (dead !== null) return dead;
    if (closing) return 'the store is closing';
    if (itemsHeld >= limits.storeQueue) return `the store's queue is full (${itemsHeld} writes wait, ${limits.storeQueue} may)`;
    if (itemsHeld > 0 && bytesHeld + bytes > limits.storeQueueBytes) return `the store's queue is full (${bytesHeld} bytes wait, ${limits.storeQueueBytes} may)`;
    return null;
  };

  return {
    write: (kind, args) => new Promise((resolve, reject) => {
      const full = refusal(0);
      if (full !== null) {
        reject(new StoreUnavailable(full));
        return;
      }
      const packed = pack(args);
      const refused = refusal(packed.length);
      if (refused !== null) {
        reject(new StoreUnavailable(refused));
        return;
      }
      const item: Waiting<Name> = {
        message: { kind, packed, at: new Date(now()).toISOString() },
        settle(report) {
          clearTimeout(deadline);
          // After the deadline this is a second settlement, which a promise ignores: a late commit is never acknowledged.
          if (report.ok) resolve(report.value);
          else reject(errorOf(kind, report.fault, report.message));
        },
      };
      const deadline = setTimeout(() => {
        if (waiting.delete(item)) letGo(item);
        reject(new StoreUnavailable(`the store did not commit within ${limits.storeDeadline} ms`));
      }, limits.storeDeadline);
      itemsHeld += 1;
      bytesHeld += packed.length;
      waiting.add(item);
      // Everything of this turn of the event loop goes together.
      if (waiting.size === 1 && flight === null) queueMicrotask(depart);
    }),
    open: () => refusal(0) === null,
    async drain() {
      closing = true;
      if (dead === null && (flight !== null || waiting.size > 0)) await new Promise<void>((resolve) => { drained = resolve; });
    },
    end(why) {
      if (dead !== null) return;
      dead = why;
      for (const item of [...flight ?? [], ...waiting]) {
        letGo(item);
        item.settle({ ok: false, fault: 'unavailable', message: why });
      }
      flight = null;
      waiting.clear();
      drained?.();
    },
    ended: () => dead,
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

function errorOf(kind: string, fault: 'unavailable' | 'full' | 'conflict' | 'refused', message: string): Error {
  if (fault === 'full') return new StoreFull(message);
  if (fault === 'conflict') return new ObjectConflict(message);
  // A recording that cannot be stored must look like a store that cannot store: nothing of it may be acknowledged.
  return fault === 'unavailable' || kind === 'record' ? new StoreUnavailable(message) : new Error(message);
}
