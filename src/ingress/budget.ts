import type { Limits } from '../model/limits.ts';

/** Bytes that all calls together may hold until they are answered, bodies and mails alike: many clients cannot fill the memory. */
export interface Budget {
  /** false: over the budget, nothing was taken */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

/** How many bodies of the full size may be held at once. */
const bodiesAtOnce = 32;

/** One for all ways in. */
export function createBudget(limits: Pick<Limits, 'httpBody'>): Budget {
  const total = bodiesAtOnce * limits.httpBody;
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > total) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}
