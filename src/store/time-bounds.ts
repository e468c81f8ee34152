/** Captures are numbered in blocks of 1,024, and of each block the oldest and the newest time is known: `spans`, kept by triggers. */
const bits = 10;

/** Numbers between which everything lies that has a time asked for; between `whole`, everything has one. All inclusive. */
export interface TimeBounds {
  readonly from: number;
  readonly to: number;
  readonly whole: { readonly from: number; readonly to: number } | null;
}

/**
 * @param hit the first and the last block that touch the time asked for
 * @param doubtful those from the first to the last that do not lie within it, in order
 */
export function timeBounds(hit: { readonly first: number; readonly last: number }, doubtful: readonly number[]): TimeBounds {
  // Times are nearly, not exactly, in the order of the numbers: the longest stretch without a doubtful block need not be looked at.
  const edges = [hit.first - 1, ...doubtful, hit.last + 1];
  const stretches = edges.slice(1).map((edge, at) => ({ first: edges[at]! + 1, last: edge - 1 })).filter(({ first, last }) => last >= first);
  const longest = stretches.toSorted((one, other) => (other.last - other.first) - (one.last - one.first))[0];
  return { from: hit.first * 2 ** bits, to: endOf(hit.last), whole: longest === undefined ? null : { from: longest.first * 2 ** bits, to: endOf(longest.last) } };
}

function endOf(block: number): number {
  return (block + 1) * 2 ** bits - 1;
}
