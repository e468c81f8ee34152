/** How many different members were seen lately. Holds at most `most` of them, the newest, so it counts up to `most`. */
export interface DistinctWindow {
  /** Notes the members as seen at `at` (ms); returns how many different ones were seen within `perMs` before it. */
  see(members: readonly string[], at: number): number;
}

/** @param seen members of before, the oldest first */
export function distinctWindow({ perMs, most, seen = [] }: {
  readonly perMs: number; readonly most: number; readonly seen?: readonly { readonly member: string; readonly at: number }[];
}): DistinctWindow {
  const times = new Map<string, number>(seen.map(({ member, at }) => [member, at]));
  return {
    see(members, at) {
      for (const member of members.slice(0, most)) {
        // Set anew, so that the map stays in the order of last sight.
        times.delete(member);
        times.set(member, at);
      }
      for (const [member, last] of times) {
        if (last > at - perMs && times.size <= most) break;
        times.delete(member);
      }
      return times.size;
    },
  };
}
