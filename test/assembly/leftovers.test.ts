import { expect, it } from 'vitest';
import { createLeftovers } from '../../src/assembly/leftovers.ts';

it('takes over what was pending at two heartbeats in a row, and nothing that was read meanwhile', async () => {
  const pending = [['a', 'b'], ['b', 'c'], ['c'], []];
  const taken: string[] = [];
  const look = createLeftovers({ store: { pendingEnrichment: async () => pending.shift()! }, notify: (id) => taken.push(id) });
  const seen: string[][] = [];
  for (let n = 0; n < 4; n += 1) {
    await look();
    seen.push(taken.splice(0));
  }
  expect(seen).toEqual([[], ['b'], ['c'], []]);
});
