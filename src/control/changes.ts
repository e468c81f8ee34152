import type { Store } from '../model/store.ts';

/** Waits for commits without ever asking on a timer, and without missing one between two looks. */
export interface Changes {
  /** Resolves at the first commit since the last call (or since `watch`), at the deadline (ms since the epoch), or when aborted. */
  next(deadline: number): Promise<'changed' | 'deadline' | 'aborted'>;
  stop(): void;
}

/** Call it before the first look at the store; call `stop` in a `finally`. */
export function watch(store: Pick<Store, 'subscribe'>, now: () => number, signal: AbortSignal): Changes {
  let changed = false;
  let wake: (() => void) | null = null;
  const nudge = (): void => { wake?.(); };
  const unsubscribe = store.subscribe(() => {
    changed = true;
    nudge();
  });
  signal.addEventListener('abort', nudge);
  return {
    async next(deadline) {
      if (!changed && !signal.aborted && now() < deadline) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(deadline - now(), 2 ** 31 - 1));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = null;
      }
      if (signal.aborted) return 'aborted';
      if (!changed) return 'deadline';
      changed = false;
      return 'changed';
    },
    stop() {
      unsubscribe();
      signal.removeEventListener('abort', nudge);
    },
  };
}
