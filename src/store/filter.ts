/** Filters of a list that are looked up in the inverted index under their own name. */
export const termFilters = ['run', 'space', 'service', 'channel', 'provider', 'operation', 'action', 'outcome', 'liveness', 'standing',
  'recipient', 'person', 'host', 'key', 'trace', 'finding', 'tag', 'direction'] as const;
export type TermFilter = typeof termFilters[number];

/** One spelling for instants, as captures have it. Throws RangeError for what is no date. */
export function instant(text: string): string {
  return new Date(text).toISOString();
}
