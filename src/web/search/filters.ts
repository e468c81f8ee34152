/** Filters of GET /api/captures that a person may type as `name:value`; the same names stand in the page's URL. */
export const filterNames = [
  'channel', 'provider', 'service', 'run', 'action', 'outcome', 'standing', 'finding', 'recipient', 'person', 'host', 'operation',
  'liveness', 'key', 'trace', 'tag', 'space', 'direction', 'since', 'until',
] as const;
export type FilterName = (typeof filterNames)[number];

/** Values that are always the same; the others are offered from what was captured. */
export const knownValues: Partial<Record<FilterName, readonly string[]>> = {
  channel: ['email', 'sms', 'voice', 'push', 'chat', 'payment', 'verification'],
  action: ['capture', 'forward', 'reject'],
  outcome: ['pending', 'captured', 'forwarded', 'relayed', 'rejected', 'failed', 'unknown'],
  standing: ['real', 'unknown', 'invalid', 'reserved', 'safe'],
  liveness: ['live', 'test', 'unknown'],
  direction: ['out', 'callback'],
};

export interface Chip { readonly name: FilterName; readonly value: string }

export function isFilterName(name: string): name is FilterName {
  return (filterNames as readonly string[]).includes(name);
}

/** The page's query as the API takes it: only names it knows, so that a stray parameter is not a 400. */
export function apiQuery(query: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams();
  for (const [name, value] of query) if ((name === 'q' || isFilterName(name)) && value !== '') kept.append(name, value);
  return kept;
}

export function chipsOf(query: URLSearchParams): readonly Chip[] {
  return [...query].flatMap(([name, value]) => isFilterName(name) && value !== '' ? [{ name, value }] : []);
}

export function withChip(query: URLSearchParams, chip: Chip): URLSearchParams {
  const next = new URLSearchParams(query);
  if (!next.getAll(chip.name).includes(chip.value)) next.append(chip.name, chip.value);
  return next;
}

export function withoutChip(query: URLSearchParams, chip: Chip): URLSearchParams {
  return new URLSearchParams([...query].filter(([name, value]) => name !== chip.name || value !== chip.value));
}

export function withText(query: URLSearchParams, text: string): URLSearchParams {
  const next = new URLSearchParams(query);
  if (text === '') next.delete('q');
  else next.set('q', text);
  return next;
}

/**
 * Takes the finished `name:value` words out of what was typed: `service:shop refund` is the chip service=shop and the
 * text `refund`. A value with spaces is quoted: `run:"nightly 7"`. An unknown name, and what stands in a quoted phrase,
 * stays text.
 */
export function readTyped(text: string): { readonly text: string; readonly chips: readonly Chip[] } {
  const chips: Chip[] = [];
  const rest = text.replace(/"[^"]*"|(^|\s)([a-z]+):(?:"([^"]+)"|([^\s"]+))(?=\s|$)/g, (whole, lead?: string, name?: string, quoted?: string, bare?: string) => {
    if (name === undefined || !isFilterName(name)) return whole;
    chips.push({ name, value: quoted ?? bare ?? '' });
    return lead ?? '';
  });
  return { text: chips.length === 0 ? text : rest.trim(), chips };
}
