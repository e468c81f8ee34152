const day = 86_400;

/** The same day and time some months on; the last day of a month that is shorter. Seconds since the epoch, in UTC. */
export function addMonths(at: number, months: number): number {
  const date = new Date(at * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()) / 1000;
}

export interface Cadence { readonly interval: string; readonly count: number }

/** `steps` intervals after the anchor. Counted from the anchor, so that the 31st comes back after a February. */
export function step(anchor: number, { interval, count }: Cadence, steps: number): number {
  const many = count * steps;
  switch (interval) {
    case 'day': return anchor + many * day;
    case 'week': return anchor + many * 7 * day;
    case 'year': return addMonths(anchor, many * 12);
    default: return addMonths(anchor, many);
  }
}

/** The first boundary after `at`. */
export function nextBoundary(anchor: number, cadence: Cadence, at: number): number {
  if (at < anchor) return anchor;
  let steps = 1;
  while (step(anchor, cadence, steps) <= at) steps += 1;
  return step(anchor, cadence, steps);
}
