import { hardCap, type Holding, type Quota, type Retention } from '../model/retention.ts';

/** What one step of an eviction looks at. */
export type EvictionStep =
  | { readonly cause: 'age'; /** RFC 3339: what is older goes */ readonly before: string }
  | { readonly cause: 'bounds'; readonly of: { readonly kind: 'all' | Quota['kind']; readonly name: string }; readonly captures: number | null; readonly bytes: number | null; readonly quota: object | null };

/** Age first, then every quota, then the whole: so that what a quota gives back is not taken from others. */
export function evictionSteps({ days, captures, bytes, quotas }: Retention, at: string): readonly EvictionStep[] {
  return [
    { cause: 'age', before: new Date(Date.parse(at) - days * 86_400_000).toISOString() },
    ...quotas.map((quota): EvictionStep => ({ cause: 'bounds', of: { kind: quota.kind, name: quota.name }, captures: quota.captures, bytes: quota.bytes, quota: { [quota.kind]: quota.name } })),
    { cause: 'bounds', of: { kind: 'all', name: '' }, captures, bytes, quota: null },
  ];
}

export interface Candidate { readonly seq: number; readonly bytes: number }

/** How much too much is kept; null where nothing is. */
export function excess(held: Holding | undefined, { captures, bytes }: { readonly captures: number | null; readonly bytes: number | null }): Holding | null {
  if (held === undefined) return null;
  const over = { captures: captures === null ? 0 : Math.max(0, held.captures - captures), bytes: bytes === null ? 0 : Math.max(0, held.bytes - bytes) };
  return over.captures === 0 && over.bytes === 0 ? null : over;
}

/** Of the oldest that may go, as many as it takes: first for the number, then what is still too much in bytes. */
export function toEvict(candidates: readonly Candidate[], over: Holding): { readonly captures: readonly number[]; readonly bytes: readonly number[] } {
  const captures = candidates.slice(0, over.captures);
  let bytes = over.bytes - captures.reduce((sum, candidate) => sum + candidate.bytes, 0);
  const more: number[] = [];
  for (const candidate of candidates.slice(captures.length)) {
    if (bytes <= 0) break;
    more.push(candidate.seq);
    bytes -= candidate.bytes;
  }
  return { captures: captures.map(({ seq }) => seq), bytes: more };
}

/** Why no new call is taken, for its caller; null while there is room. */
export function fullness({ captures, bytes }: Holding, retention: Pick<Retention, 'captures' | 'bytes'> | null): string | null {
  if (retention === null) return null;
  const cap = hardCap(retention);
  const what = captures >= cap.captures ? `${captures} captures of at most ${cap.captures}` : bytes >= cap.bytes ? `${bytes} bytes of at most ${cap.bytes}` : null;
  return what === null ? null : `the store is full: it keeps ${what}, all pinned, of open runs or still open; unpin captures or close runs`;
}

/** Events that go with one step, for each capture that may: a capture has about three. */
export const eventsPerCapture = 10;

/** Of the first events of the log, the last that goes: none of them, and none before it, is young enough to stay. Null = all stay. */
export function oldEvents(first: readonly { readonly seq: number; readonly at: string }[], { days }: Pick<Retention, 'days'>, at: string): number | null {
  const before = new Date(Date.parse(at) - days * 86_400_000).toISOString();
  const young = first.findIndex((event) => event.at >= before);
  return (young < 0 ? first : first.slice(0, young)).at(-1)?.seq ?? null;
}

/** What evictions of one store have in common. */
export interface Evicting {
  readonly retention: Retention;
  /** May the attempt to make room for a call be made again? Where nothing could go, not for a second. */
  mayTry(at: string): boolean;
  nothingWent(at: string): void;
  /** how many went for a call since this was last asked */
  taken(): number;
  took(count: number): void;
}

const pause = 1_000;

/** How many go to make room for one call, where a burst was faster than the evictor. */
export const atOnceForACall = 20;

export function evicting(retention: Retention | null): Evicting | null {
  if (retention === null) return null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    retention,
    mayTry: (at) => Math.abs(Date.parse(at) - failedAt) >= pause,
    nothingWent(at) { failedAt = Date.parse(at); },
    taken() {
      const was = count;
      count = 0;
      return was;
    },
    took(more) { count += more; },
  };
}
