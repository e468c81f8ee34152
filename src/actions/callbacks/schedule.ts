/** ms between one attempt and the next; after the last of them it is given up */
const pauses = [1_000, 5_000, 30_000, 120_000, 600_000];

/** How long to wait after the nth attempt (from 1); null = that was the last. */
export function pauseAfter(attempt: number): number | null {
  return pauses[attempt - 1] ?? null;
}
