import { ambiguous, claims } from '../model/attribution.ts';
import type { CaptureSummary } from '../model/capture.ts';
import type { Event } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import type { CaptureFilter, Store } from '../model/store.ts';
import { mayBeTheirs, sees, type Caller } from './access/caller.ts';
import { watch } from './changes.ts';
import { callsOnly } from './filters.ts';
import { judgedCapture } from './judged-capture.ts';
import { everyCapture } from './pages.ts';
import type { Doubt, Facts, JudgedCapture } from './verdict.ts';
import { beganBefore, eventsOf, holdsCrash, holdsEvent, windowOf } from './window.ts';
import type { Window } from './window.ts';

type Log = Pick<Store, 'list' | 'counts' | 'capture' | 'run' | 'events' | 'oldestEvent' | 'lastSeq' | 'instances' | 'pendingEnrichment' | 'subscribe'>;

export interface Question {
  /** as the caller sees it */
  readonly store: Log;
  /** all there is, whoever may see it: what is missing or in doubt there may be the caller's. Absent = `store` */
  readonly everything?: Pick<Store, 'list' | 'counts' | 'capture' | 'events' | 'lastSeq' | 'instances'>;
  /** absent = one who sees everything */
  readonly caller?: Pick<Caller, 'spaces' | 'services' | 'role'>;
  readonly filter: CaptureFilter;
  /** does the verdict depend on content that is read after the acknowledgement? */
  readonly content: boolean;
  /** ms to wait for what is still open */
  readonly settle: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

type Scoped = Pick<Caller, 'spaces' | 'services' | 'role'>;

export interface Scope {
  readonly runs: readonly Run[];
  readonly window: Window;
}

/** More than this in one scope is not judged: narrow it by run or time. */
export const mostCaptures = 100_000;

/** Gathers from the store all that a verdict depends on. Reads only. */
export async function gatherFacts(asked: Question): Promise<{ readonly facts: Facts; readonly scope: Scope }> {
  const question: Question = { ...asked, filter: callsOnly(asked.filter) };
  const { store, filter, caller = unscoped, everything = store } = question;
  const names = filter.run ?? [];
  const found = await Promise.all(names.map((name) => store.run(name)));
  const runs = found.filter((run) => run !== null);
  const unknown = names.filter((_name, at) => found[at] === null);
  await settled(question);

  const whole = await windowOf(store, filter, runs);
  // Read before the end is pinned: reading may be what writes a remembered store fault into the log.
  const log: Event[] = [];
  for await (const event of eventsOf(everything, whole)) {
    if (isOthers(event, caller)) continue;
    if (event.kind !== 'outcome' && event.kind !== 'enriched' && event.kind !== 'changed') log.push(event);
  }
  const upTo = await everything.lastSeq();
  const window = bare(filter) ? { ...whole, fromSeq: await afterLastClearing(everything, log) } : whole;

  const captures = await gathered(store, everyCapture(store, filter, upTo), () => true);
  const around = aroundOf(filter, window, caller);
  const unattributed = runs.length === 0 ? none
    : unnamed(await gathered(everything, everyCapture(everything, around, upTo), (capture) => capture.run === null && mayBeTheirs(caller, capture)), caller);
  const facts: Facts = {
    captures: captures.judged,
    unattributed: unattributed.judged,
    doubts: [
      ...unknown.map((name): Doubt => ({ cause: 'unknown-run', captures: [], why: `no run ${JSON.stringify(name)} was ever opened or named by a call` })),
      ...captures.tooMany || unattributed.tooMany ? [{ cause: 'too-many', captures: [], why: `more than ${mostCaptures} captures in scope: narrow it by run or time` }] : [],
      ...await ambiguousCalls(store, around, upTo, runs),
      ...await crashes(everything, window),
      ...faults(log, window, around, names),
      ...await missing(everything, log, window, upTo, names),
      ...await begunBeforeTheLog(store, window, filter, runs),
      ...tripped(log.map((event) => namedFor(event, caller)), window, around, names, [...captures.judged, ...unattributed.judged]),
      ...await unread(question),
      ...await imported(store, captures, runs),
    ],
  };
  return { facts, scope: { runs, window } };
}

const unscoped = { spaces: [], services: [], role: 'admin' } as const;

/** Of another space's or service's call for sure. */
function isOthers({ kind, data }: Event, caller: Scoped): boolean {
  if (kind !== 'tripped' && kind !== 'tls-rejected') return false;
  return !mayBeTheirs(caller, { space: typeof data['space'] === 'string' ? data['space'] : null, service: text(data['service']) });
}

/** A breaker of nobody known may be theirs; the call that tripped it is not for them to see. */
function namedFor(event: Event, caller: Scoped): Event {
  const { data } = event;
  return sees({ ...caller, role: 'admin' }, { space: typeof data['space'] === 'string' ? data['space'] : null, service: text(data['service']), run: null }) ? event : { ...event, capture: null };
}

interface Gathered { readonly judged: readonly (JudgedCapture & { readonly space: string | null })[]; /** ids */ readonly imported: readonly string[]; readonly tooMany: boolean }
const none: Gathered = { judged: [], imported: [], tooMany: false };

async function gathered(store: Pick<Store, 'capture'>, pages: AsyncIterable<CaptureSummary>, wanted: (summary: CaptureSummary) => boolean): Promise<Gathered> {
  const judged: (JudgedCapture & { readonly space: string | null })[] = [];
  const elsewhere: string[] = [];
  let looked = 0;
  for await (const summary of pages) {
    looked += 1;
    if (looked > mostCaptures) return { judged: judged.toReversed(), imported: elsewhere.toReversed(), tooMany: true };
    if (!wanted(summary)) continue;
    judged.push({ ...await judgedCapture(store, summary), space: summary.space });
    if (summary.imported === true) elsewhere.push(summary.id);
  }
  return { judged: judged.toReversed(), imported: elsewhere.toReversed(), tooMany: false };
}

/** What may be theirs and is not for them to see counts, and is not named. */
function unnamed({ judged, tooMany }: Gathered, caller: Scoped): Gathered {
  return { tooMany, imported: [], judged: judged.map((one) => (sees({ ...caller, role: 'admin' }, { ...one, run: null }) ? one : { ...one, id: '' })) };
}

/** Waits until no outcome in scope is open and, where content counts, all of it is read; no longer than `settle`. */
async function settled(question: Question): Promise<void> {
  const { store, filter, now, settle, signal } = question;
  const changes = watch(store, now, signal);
  const deadline = now() + settle;
  try {
    do {
      const open = await store.list({ ...filter, outcome: ['pending'] }, 1);
      if (open.items.length === 0 && (await unread(question)).length === 0) return;
    } while (await changes.next(deadline) === 'changed');
  } finally {
    changes.stop();
  }
}

/** Captures that the filter may come to match, or that may come to have findings, once their content is read. */
async function unread({ store, filter, content }: Pick<Question, 'store' | 'filter' | 'content'>): Promise<readonly Doubt[]> {
  if (!content && filter.q === undefined && filter.finding === undefined && filter.key === undefined) return [];
  const waiting = new Set(await store.pendingEnrichment(1_000));
  if (waiting.size === 0) return [];
  const { q: _q, finding: _finding, key: _key, ...plain } = filter;
  const ids: string[] = [];
  for await (const { id } of everyCapture(store, plain, Number.MAX_SAFE_INTEGER - 1)) if (waiting.has(id)) ids.push(id);
  return ids.length === 0 && waiting.size < 1_000 ? [] : [{ cause: 'unread', captures: ids, why: `the content of ${ids.length} captures is not read yet` }];
}

/** What was taken in from an export says what happened elsewhere, and nobody here saw the window of such a run. */
async function imported(store: Log, { imported: ids }: Gathered, runs: readonly Run[]): Promise<readonly Doubt[]> {
  const openings = await Promise.all(runs.map(({ openedSeq }) => store.events(openedSeq - 1, 1)));
  const names = runs.filter((_run, at) => openings[at]?.[0]?.data['imported'] === true).map(({ name }) => name);
  if (ids.length === 0 && names.length === 0) return [];
  const what = [...ids.length === 0 ? [] : [`${ids.length} captures in scope`], ...names.length === 0 ? [] : [`the run ${names.join(', ')}`]].join(' and ');
  return [{ cause: 'imported', captures: ids, why: `${what} came from an export: they do not tell what was sent through this gateway` }];
}

/** Nothing says where the window begins: then it is all that is kept. */
function bare(filter: CaptureFilter): boolean {
  return filter.run === undefined && filter.after === undefined && filter.since === undefined;
}

/**
 * Somebody who cleared the store and then went to work asks about what came after the clearing: the last deletion that left
 * nothing before it. What retention evicts or an erasure takes is no clearing: nobody meant it. Asked by seq, never by time: a clock that was set back would make a late capture look like the oldest.
 */
async function afterLastClearing(store: Pick<Store, 'list'>, log: readonly Event[]): Promise<number> {
  const deletions = log.filter(({ kind, data }) => kind === 'deleted' && data['evicted'] === undefined && data['erased'] === undefined).map(({ seq }) => seq);
  // all clearings stand before all other deletions, so halving finds the last of them
  let [cleared, rest] = [0, deletions.length];
  while (cleared < rest) {
    const middle = Math.floor((cleared + rest) / 2);
    const { items } = await store.list({ before: deletions[middle]! }, 1);
    if (items.length === 0) cleared = middle + 1;
    else rest = middle;
  }
  return deletions[cleared - 1] ?? 0;
}

/** The same question about the same stretch of the log, whatever the run; and whatever the space or service that the caller is held to, as `mayBeTheirs` tells those. */
function aroundOf({ run: _run, space, service, ...others }: CaptureFilter, window: Window, caller: Scoped): CaptureFilter {
  const rest: CaptureFilter = {
    ...others,
    ...space === undefined || caller.spaces.length > 0 ? {} : { space },
    ...service === undefined || caller.services.length > 0 ? {} : { service },
  };
  return { ...rest, after: window.fromSeq, ...window.toSeq === null ? {} : { before: window.toSeq + 1 } };
}

async function ambiguousCalls(store: Log, around: CaptureFilter, upTo: number, runs: readonly Run[]): Promise<readonly Doubt[]> {
  if (runs.length === 0) return [];
  const ids: string[] = [];
  for await (const capture of everyCapture(store, { ...around, run: [ambiguous] }, upTo)) {
    if (runs.some((run) => claims(run, capture))) ids.unshift(capture.id);
  }
  return ids.length === 0 ? [] : [{ cause: 'ambiguous-run', captures: ids, why: `${ids.length} calls were claimed by this run and another one` }];
}

async function crashes(store: Pick<Store, 'instances'>, window: Window): Promise<readonly Doubt[]> {
  const all = await store.instances();
  return all.filter((instance) => holdsCrash(window, instance, all)).map((instance): Doubt => ({
    cause: 'crash', captures: [],
    why: `the gateway ${instance.id} stopped without saying so after event ${instance.crashedSeq}; calls may have been lost before they were recorded`,
  }));
}

/** Not known to be another run's or another service's. */
function ours({ run, data }: Event, filter: CaptureFilter, runs: readonly string[]): boolean {
  return (run === null || runs.length === 0 || runs.includes(run))
    && (typeof data['service'] !== 'string' || filter.service === undefined || filter.service.includes(data['service']));
}

/** Store errors and broken handshakes; one that is known to be another run's or another service's is not ours. */
function faults(log: readonly Event[], window: Window, filter: CaptureFilter, runs: readonly string[]): readonly Doubt[] {
  return log.flatMap((event): readonly Doubt[] => {
    switch (event.kind) {
      case 'store-error': {
        // Written once the store was back: the fault itself began at `since`.
        const began = typeof event.data['since'] === 'string' ? event.data['since'] : event.at;
        const inside = holdsEvent(window, event) || (window.until !== null && began <= window.until);
        return inside ? [{ cause: 'store-error', captures: [], why: `the store failed at ${began}: calls of that time may not be recorded` }] : [];
      }
      case 'tls-rejected': return holdsEvent(window, event) && ours(event, filter, runs)
        ? [{ cause: 'tls-rejected', captures: [], why: `a client broke off TLS to ${text(event.data['host'])} (${text(event.data['why'])}): what it wanted to send is not known` }] : [];
      default: return [];
    }
  });
}

/** A mailshot that was stopped is no real send, but what the application would have done next is not known: never a pass. */
function tripped(log: readonly Event[], window: Window, filter: CaptureFilter, runs: readonly string[], captures: readonly JudgedCapture[]): readonly Doubt[] {
  const trips = log.filter((event) => event.kind === 'tripped' && event.data['state'] === 'tripped' && holdsEvent(window, event) && ours(event, filter, runs));
  const refused = captures.filter(({ rule }) => rule === 'gateway:breaker').map(({ id }) => id);
  if (trips.length === 0 && refused.length === 0) return [];
  const named = trips.flatMap(({ capture }) => (capture === null ? [] : [capture]));
  const services = [...new Set(trips.map(({ data }) => text(data['service'])))];
  return [{
    cause: 'breaker', captures: [...new Set([...named, ...refused])],
    why: services.length > 0 ? `the mailshot breaker of ${services.join(', ')} tripped: a forward aimed at too many real recipients, and nothing of that service is forwarded until it is reset`
      : `${refused.length} forwards were refused by a mailshot breaker that had tripped before`,
  }];
}

/** Every capture ever recorded in the window must still be there: the log keeps its 'recorded' when the capture goes. */
async function missing(store: Pick<Store, 'counts'>, log: readonly Event[], window: Window, upTo: number, names: readonly string[]): Promise<readonly Doubt[]> {
  const end = Math.min(window.toSeq ?? upTo, upTo);
  const recorded = log.filter(({ kind, seq }) => kind === 'recorded' && seq > window.fromSeq && seq <= end);
  const stretch: CaptureFilter = { after: window.fromSeq, before: end + 1 };
  // Every capture has exactly one action; `total` of a list would not heed `before`.
  const kept = (await store.counts(stretch, 'action')).reduce((sum, { count }) => sum + count, 0);
  if (recorded.length <= kept) return [];
  // Something is gone. For a run, only what was its own or nobody's matters.
  const perRun = new Map((await store.counts(stretch, 'run')).map(({ value, count }) => [value, count]));
  const attributed = [...perRun.values()].reduce((sum, count) => sum + count, 0);
  const gone = (run: string | null, left: number): number => recorded.filter((event) => event.run === run).length - left;
  const relevant = names.length === 0 || gone(null, kept - attributed) > 0 || names.some((name) => gone(name, perRun.get(name) ?? 0) > 0);
  return relevant ? [{ cause: 'eviction', captures: [], why: `${recorded.length - kept} captures of this window are no longer kept` }] : [];
}

/** What happened in a stretch that the log no longer holds is not known: neither what was recorded nor what failed. Asked last, so that what went meanwhile counts. */
async function begunBeforeTheLog(store: Pick<Store, 'oldestEvent'>, window: Window, filter: CaptureFilter, runs: readonly Run[]): Promise<readonly Doubt[]> {
  const oldest = await store.oldestEvent();
  if (oldest === null || window.fromSeq >= oldest.seq - 1) return [];
  // A time alone: then it is enough that the log goes back far enough before it.
  if (runs.length === 0 && filter.after === undefined && filter.since !== undefined && beganBefore(filter.since) >= oldest.at) return [];
  return [{ cause: 'eviction', captures: [], why: `the log of events is kept from event ${oldest.seq} (${oldest.at}) on, and this window begins before it` }];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}
