/** Filters of a list that are looked up among the terms under their own name. */
export const termFilters = ['run', 'space', 'service', 'channel', 'provider', 'operation', 'action', 'outcome', 'liveness', 'standing',
  'recipient', 'person', 'host', 'key', 'trace', 'finding', 'tag', 'direction'] as const;
export type TermFilter = typeof termFilters[number];

/** Names with few values, which make up a capture's profile. Changed only with a migration: what stands in `postings` and what in `profile_terms` follows from it. */
export const profileNames = ['space', 'service', 'channel', 'provider', 'operation', 'action', 'outcome', 'liveness', 'standing', 'finding', 'direction'] as const;
/** Names with any number of values: each capture has a posting for each of its values. The run has a column of its own. */
export const postedNames = ['recipient', 'person', 'host', 'key', 'trace', 'tag'] as const;
/** Of recipients, by the filter's pattern '*@domain'. */
const domainName = 'domain';

export function isOfProfile(name: string): boolean {
  return (profileNames as readonly string[]).includes(name);
}

export function isPosted(name: string): boolean {
  return name === domainName || (postedNames as readonly string[]).includes(name);
}

/** One spelling for instants, as captures have it. Throws RangeError for what is no date. */
export function instant(text: string): string {
  return new Date(text).toISOString();
}
