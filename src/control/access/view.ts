import type { CaptureFilter, Store } from '../../model/store.ts';
import type { CaptureSummary } from '../../model/capture.ts';
import type { Event } from '../../model/event.ts';
import type { Claim, Run } from '../../model/run.ts';
import { Problem } from '../problem.ts';
import { isScoped, narrowed, sees, type Caller } from './caller.ts';

/** What the routes may ask of the store. A method of the store that is not here is reached by no caller. */
export type StoreView = Pick<Store,
  | 'capture' | 'requestBody' | 'replyBody' | 'attachment' | 'list' | 'counts' | 'facetCounts' | 'patch' | 'remove' | 'callback' | 'pendingEnrichment'
  | 'run' | 'runs' | 'openRun' | 'closeRun' | 'events' | 'oldestEvent' | 'lastSeq' | 'subscribe' | 'instances' | 'breakers' | 'resetBreaker' | 'policy'
  | 'allObjects' | 'putObjects' | 'removeObjects' | 'healthy' | 'holding' | 'bucket' | 'callbackCounts' | 'audits' | 'sight' | 'erase' | 'erasures'>;

/** How many runs are looked at to find those a narrowed caller may see. */
const mostRuns = 10_000;

/** The store as this caller sees it: what lies outside is not there. */
export function viewFor(store: Store, caller: Caller): StoreView {
  if (!isScoped(caller) && caller.role !== 'ci') return store;
  const mine = (capture: CaptureSummary | null): boolean => capture !== null && sees(caller, capture);
  const find: Store['capture'] = async (id) => {
    if (id === 'latest') {
      const [latest] = (await store.list(narrowed({ direction: ['out'] }, caller), caller.role === 'ci' ? 100 : 1)).items.filter(mine);
      return latest === undefined ? null : store.capture(latest.id);
    }
    const capture = await store.capture(id);
    return mine(capture) ? capture : null;
  };
  /** the same bytes, of a capture of theirs */
  const within = async <T>(id: string, read: (id: string) => Promise<T>, none: T): Promise<T> => {
    const capture = await find(id);
    return capture === null ? none : read(capture.id);
  };
  const size = (filter: CaptureFilter): Promise<number> => sizeOf(store, filter);
  /** A run is theirs by its space; for some services, by its captures, or while it has none. */
  const myRun = async (run: Run | null): Promise<boolean> => {
    if (run === null || (caller.spaces.length > 0 && (run.space === null || !caller.spaces.includes(run.space)))) return false;
    return caller.services.length === 0 || await size({ run: [run.name] }) === 0 || await size(narrowed({ run: [run.name] }, caller)) > 0;
  };
  const refused = async (): Promise<never> => { throw notTheirs('this is about every space and service'); };
  return {
    capture: find,
    requestBody: (id) => within(id, store.requestBody, null),
    replyBody: (id) => within(id, store.replyBody, null),
    attachment: (id, n) => within(id, (found) => store.attachment(found, n), null),
    list: (filter, limit) => store.list(narrowed(filter, caller), limit),
    counts: (filter, by) => store.counts(narrowed(filter, caller), by),
    facetCounts: (filter, by) => store.facetCounts(narrowed(filter, caller), by),
    patch: (id, change) => within(id, (found) => store.patch(found, change), false),
    remove: ({ ids, ...filter }) => store.remove({ ...narrowed(filter, caller), ...ids === undefined ? {} : { ids } }),
    async callback(id) {
      const callback = await store.callback(id);
      return callback === null || await find(callback.capture) === null ? null : callback;
    },
    pendingEnrichment: store.pendingEnrichment,
    async run(name) {
      const run = await store.run(name);
      return await myRun(run) ? run : null;
    },
    async runs({ open, limit }) {
      const all = await store.runs({ ...open === undefined ? {} : { open }, limit: isScoped(caller) ? mostRuns : limit });
      const found: Run[] = [];
      for (const run of all) {
        if (found.length === limit) break;
        if (await myRun(run)) found.push(run);
      }
      return found;
    },
    async openRun(run) {
      const before = await store.run(run.name);
      if (before !== null && !await myRun(before)) throw new Problem(409, 'Run is taken', `the name ${run.name} is taken by a run that is not yours; take another`, { name: 'name' });
      if (before !== null) await checkWhollyTheirs(store, caller, before);
      if (caller.spaces.length > 0 && (run.space === null || !caller.spaces.includes(run.space))) throw notTheirs(`a run of yours is in one of the spaces ${caller.spaces.join(', ')}; say space`);
      if (caller.services.length > 0 && !run.claims.every((claim) => claimsTheirs(caller, claim))) throw notTheirs(`a run of yours claims by one of the services ${caller.services.join(', ')} only`);
      return store.openRun(run);
    },
    async closeRun(name) {
      const run = await store.run(name);
      if (run === null || !await myRun(run)) return null;
      await checkWhollyTheirs(store, caller, run);
      return store.closeRun(name);
    },
    events: async (after, limit) => {
      // A page without any of theirs is not the end.
      for (let from = after; ;) {
        const page = await store.events(from, limit);
        const shown: Event[] = [];
        for (const event of page) if (!isScoped(caller) || await mayKnow(event, find, caller)) shown.push(event);
        if (shown.length > 0 || page.length < limit) return shown;
        from = page.at(-1)!.seq;
      }
    },
    oldestEvent: store.oldestEvent,
    lastSeq: store.lastSeq,
    subscribe: store.subscribe,
    instances: store.instances,
    async breakers(of) {
      return (await store.breakers(of)).filter(({ space, service }) => sees({ ...caller, role: 'admin' }, { space, service, run: null }));
    },
    resetBreaker: async (subject) => (sees({ ...caller, role: 'admin' }, { ...subject, run: null }) ? store.resetBreaker(subject) : false),
    policy: store.policy,
    allObjects: isScoped(caller) ? refused : store.allObjects,
    putObjects: isScoped(caller) ? refused : store.putObjects,
    removeObjects: isScoped(caller) ? refused : store.removeObjects,
    healthy: store.healthy,
    holding: isScoped(caller) ? refused : store.holding,
    bucket: isScoped(caller) ? refused : store.bucket,
    callbackCounts: isScoped(caller) ? refused : store.callbackCounts,
    audits: isScoped(caller) ? refused : store.audits,
    sight: refused,
    erase: refused,
    erasures: refused,
  };
}

/** What is done to a run is done to every call of it: refused where it holds or claims calls of others. */
export async function checkWhollyTheirs(store: Pick<Store, 'counts'>, caller: Caller, { name, claims }: Run): Promise<void> {
  if (!isScoped(caller)) return;
  if (await sizeOf(store, { run: [name] }) !== await sizeOf(store, narrowed({ run: [name] }, caller))) throw notTheirs(`the run ${name} has captures of others`);
  if (caller.services.length > 0 && !claims.every((claim) => claimsTheirs(caller, claim))) throw notTheirs(`the run ${name} claims calls of others`);
}

function claimsTheirs({ services }: Caller, claim: Claim): boolean {
  return claim.kind === 'service' && services.includes(claim.service);
}

async function sizeOf(store: Pick<Store, 'counts'>, filter: CaptureFilter): Promise<number> {
  return (await store.counts(filter, 'action')).reduce((sum, { count }) => sum + count, 0);
}

/** What happened to a capture of theirs, and what concerns the whole gateway. A capture that is gone may have been anybody's. */
async function mayKnow({ kind, capture, data }: Event, find: Store['capture'], caller: Caller): Promise<boolean> {
  if (capture !== null) return await find(capture) !== null;
  if (kind === 'policy' || kind === 'instance' || kind === 'ca' || kind === 'store-error') return true;
  const { space, service } = data;
  return kind === 'tripped' && typeof service === 'string' && sees({ ...caller, role: 'admin' }, { space: typeof space === 'string' ? space : null, service, run: null });
}

function notTheirs(why: string): Problem {
  return new Problem(403, 'Not allowed', why);
}
