import type { KeyObject } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import type { Limits } from '../../model/limits.ts';
import type { Retention } from '../../model/retention.ts';
import { StoreUnavailable, type CaptureFilter, type Store } from '../../model/store.ts';
import type { RestoringStore } from '../archive/restoring.ts';
import type { GivenBucket } from '../bucket/bucket.ts';
import { openLargeBodies, type LargeBodies } from '../bucket/large-bodies.ts';
import { withPlaced, type InBucket } from '../bucket/placed.ts';
import type { Durability } from '../durability.ts';
import { fullness } from '../eviction.ts';
import { damaged } from './database.ts';
import { erase, sight, type Erasing } from '../erasure/erase.ts';
import { proofsIn } from '../erasure/proof.ts';
import { checkFile } from './file-check.ts';
import { filesHold } from './files-hold.ts';
import { groupCommit } from './group-commit.ts';
import { oneQuestionThreads } from '../one-question-threads.ts';
import { questions } from './questions.ts';
import { partsIn } from '../parts-in.ts';
import type { ReaderData } from './reader-thread.ts';
import type { WriterData } from './writer-thread.ts';
import type { ScanData } from './scan-thread.ts';
import { sealOf } from '../seal.ts';
import { saidOnce } from '../said-once.ts';
import { defaultLookedAt } from '../tally.ts';
import { startThread } from './worker.ts';
import type { WriteArgs, WriteResult } from './writes.ts';

export interface SqliteStoreOptions {
  /** the database file; its directory is made (0700) where it is missing */
  readonly path: string;
  readonly durability: Durability;
  /** of keyed hashes (persons, recipients): store/secret-key.ts */
  readonly key: Uint8Array;
  /** seals what is personal (store/seal.ts); absent or null: it is kept as it is */
  readonly sealKey?: KeyObject | null;
  readonly limits: Pick<Limits, 'storeDeadline' | 'storeQueue' | 'storeQueueBytes'>;
  /** ms since the epoch */
  readonly now: () => number;
  /** upper bound of the file, in pages of 4 KiB; beyond it the store is full */
  readonly maxPages?: number;
  /** absent or null: everything is kept */
  readonly retention?: Retention | null;
  /** where large bodies lie; closed with the store. Absent or null: in the database */
  readonly bucket?: GivenBucket | null;
  /** how many captures are looked at for a total that sums cannot tell */
  readonly lookedAt?: number;
  /** bytes: a larger file is walked after the start */
  readonly checkedAtStart?: number;
  /** told once where the walk after the start finds damage, or cannot be made */
  readonly report?: (problem: string) => void;
}

/** So much is walked in about 0.2 s. */
const smallFile = 64 * 1024 * 1024;

/** How many captures one transaction deletes: between two of them, calls are recorded. */
const removedAtOnce = 200;
/** Lists and counts may take this much longer than what a call waits for. */
const searchPatience = 10;

/**
 * The embedded store. One thread writes (group-commit.ts), one answers what calls and the live feed ask by id, one lists,
 * counts and searches: a search over everything never delays an answer.
 * Rejects with StoreUnavailable, saying why, when the file cannot be used; it never makes a new one in place of a bad one.
 */
export async function openSqliteStore({
  path, durability, key, sealKey = null, limits, now, maxPages, retention = null, bucket = null, lookedAt = defaultLookedAt, checkedAtStart = smallFile, report = () => undefined,
}: SqliteStoreOptions): Promise<RestoringStore> {
  const check = !existsSync(path) || statSync(path).size <= checkedAtStart;
  const writer = await startThread('writer-thread', { path, durability, key, sealKey, maxPages, retention, check } satisfies WriterData);
  const [lookupThread, searchThread] = await Promise.all([startThread('reader-thread', { path, sealKey } satisfies ReaderData), startThread('reader-thread', { path, sealKey } satisfies ReaderData)])
    .catch(async (error: unknown) => {
      await writer.terminate();
      throw error;
    });
  const listeners = new Set<() => void>();
  const { write, compact, vacuum, open, end, close } = groupCommit({ worker: writer, limits, now, committed: () => { for (const listener of listeners) listener(); } });
  const lookup = questions({ worker: lookupThread, deadline: limits.storeDeadline, most: limits.storeQueue });
  const search = questions({ worker: searchThread, deadline: limits.storeDeadline * searchPatience, most: limits.storeQueue });

  const threads = oneQuestionThreads('scan-thread', import.meta.url);
  /** The writer last: the last connection empties the log into the file, and readers cannot. */
  const closeThreads = async (): Promise<void> => {
    await Promise.all([lookup.close(), search.close(), threads.stop()]);
    await close();
  };
  const large: LargeBodies = await openLargeBodies({
    given: bucket, seal: sealOf(sealKey), limits, now, books: {
      intend: (objects) => write('intend', { objects }),
      discard: (objects) => write('discard', { objects }),
      collected: (objects) => write('collected', { objects }),
      mark: (object) => write('mark', { object }),
      due: (asked) => lookup.ask('objectsDue', asked),
      counts: () => lookup.ask('bucketCounts', null),
    },
  }).catch(async (error: unknown) => {
    await closeThreads();
    throw error;
  });
  const keep = <K extends keyof typeof partsIn>(kind: K, args: WriteArgs<K>): Promise<WriteResult<K>> =>
    // The map from names to functions cannot be followed by the type checker through a name.
    large.place(() => partsIn[kind](args as never), (placed) => write(kind, withPlaced(args, placed)));

  /** The log can only be emptied while no reader stands in it: ask when both have answered what they had. */
  const forget = async (): Promise<boolean> => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await compact()) return true;
      await Promise.all([lookup.ask('nothing', null), search.ask('nothing', null)]);
    }
    return false;
  };

  /** The files still hold what was deleted: they are emptied when a deletion or a run of evictions is over, and again the next time where a reader was in the way. */
  let owed = false;

  const remove = async (filter: CaptureFilter & { readonly ids?: readonly string[] }): Promise<number> => {
    const { ids, ...rest } = filter;
    const seqs = await search.ask('seqsOf', { filter: rest, ids: ids ?? null });
    let removed = 0;
    for (let from = 0; from < seqs.length; from += removedAtOnce) removed += await write('remove', { seqs: seqs.slice(from, from + removedAtOnce) });
    if (removed > 0) {
      owed = !(await forget());
      await large.collect();
    }
    return removed;
  };

  const evict = async (limit: number): Promise<number> => {
    const { evicted, before, events } = await write('evict', { limit });
    owed ||= evicted + before + events > 0;
    if (owed && evicted < limit) owed = !(await forget());
    if (evicted + before > 0) await large.collect();
    return evicted;
  };

  const walk = check ? null : checkFile(path);
  let closing = false;
  void walk?.ended.then(async (found) => {
    if (closing) return;
    if ('failed' in found) report(`the file of the store could not be checked (${found.failed}); it is used unchecked until the next start`);
    else if (found.damaged !== null) {
      const why = damaged(found.damaged);
      for (const each of [end, lookup.end, search.end]) each(why);
      report(`${why}. Nothing is recorded or shown any more`);
    } else if (owed) owed = !(await forget());
  });
  const audits: Store['audits'] = ({ before, limit, action }) => search.ask('audits', { before: before ?? null, limit, action: action ?? null });
  const erasing: Erasing = {
    key, now,
    scan: (order) => threads.ask({ path, sealKey, scan: order } satisfies ScanData, (body: InBucket) => large.whole(async () => body)),
    erase: (part) => write('erase', part),
    prove: (proof) => write('prove', proof),
    collect: () => large.collect(),
    waiting: async () => (bucket === null ? null : (await lookup.ask('bucketCounts', null)).garbage),
    async forget(subjects, sure) {
      const logEmptied = await forget();
      owed ||= !logEmptied;
      const files = await filesHold(path, subjects);
      // What lies in a free place of a page is written over only with the page.
      if (files.found === 0 || !sure) return { engine: 'sqlite', logEmptied, vacuumed: false, files };
      const vacuumed = await vacuum();
      return { engine: 'sqlite', logEmptied: await forget(), vacuumed, files: await filesHold(path, subjects) };
    },
  };

  return {
    record: (recording) => keep('record', { ...recording, draft: saidOnce(recording.draft) }),
    outcome: (id, outcome, reply, passed) => keep('outcome', { id, outcome, reply, passed: passed ?? null }),
    enrich: (id, enrichment) => keep('enrich', { id, enrichment }),
    pendingEnrichment: (limit) => lookup.ask('pendingEnrichment', { limit }),

    capture: (id) => lookup.ask('capture', { id }),
    requestBody: (id) => large.whole(() => lookup.ask('bytesOf', { id, role: 'request' })),
    replyBody: (id) => large.whole(() => lookup.ask('bytesOf', { id, role: 'reply' })),
    attachment: (id, n) => large.wholeContent(() => lookup.ask('attachment', { id, n })),
    list: (filter, limit) => search.ask('list', { filter, limit, lookedAt }),
    counts: (filter, by) => search.ask('counts', { filter, by }),
    facetCounts: (filter, by) => search.ask('facetCounts', { filter, by, lookedAt }),
    patch: (id, change) => write('patch', { id, patch: change }),
    remove,
    evict,
    async holding() {
      const held = await lookup.ask('holding', null);
      return { ...held, full: fullness(held, retention) };
    },
    heldBack: () => search.ask('heldBack', null),

    recall: (scope, kind, id) => lookup.ask('recall', { scope, kind, id }),
    objects: (scope, kind, options) => lookup.ask('objects', { scope, kind, options }),
    allObjects: (provider, limit) => search.ask('allObjects', { provider, limit }),
    putObjects: (seeds) => write('putObjects', { seeds }),
    removeObjects: (provider) => write('removeObjects', { provider }),

    scopeOf: (id) => lookup.ask('scopeOf', { id }),
    addConsequences: (id, { remember, callbacks, chosen }) => write('addConsequences', { id, remember, callbacks, chosen: chosen ?? null }),

    leaseCallbacks: (lease) => write('leaseCallbacks', lease),
    settleCallback: (result) => write('settleCallback', result),
    callback: (id) => lookup.ask('callback', { id }),
    resendCallback: (id, url) => write('resendCallback', { id, url }),
    callbackCounts: () => search.ask('callbackCounts', null),

    restore: (records) => keep('restore', { records }),

    openRun: (run) => write('openRun', run),
    closeRun: (name) => write('closeRun', { name }),
    run: (name) => lookup.ask('run', { name }),
    runs: ({ open: opened, limit }) => lookup.ask('runs', { open: opened ?? null, limit }),

    tally: (counted) => write('tally', counted),
    trip: (tripped) => write('trip', tripped),
    resetBreaker: (subject) => write('resetBreaker', subject),
    breakers: (of) => lookup.ask('breakers', { of }),

    count: (name, subject) => write('count', { name, subject }),

    events: (after, limit) => lookup.ask('events', { after, limit }),
    oldestEvent: () => lookup.ask('oldestEvent', null),
    lastSeq: () => lookup.ask('lastSeq', null),
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => { listeners.delete(own); };
    },
    append: (event) => write('append', event),

    begin: (instance) => write('begin', { instance }),
    heartbeat: (instance) => write('heartbeat', { instance }),
    instances: () => lookup.ask('instances', null),

    sight: (order) => sight(erasing, order),
    erase: (order) => erase(erasing, order),
    erasures: () => proofsIn({ audits }),
    audit: (entry) => write('audit', entry),
    audits,

    keepPolicy: (sha256, text) => write('keepPolicy', { sha256, text }),
    policy: (sha256) => lookup.ask('policy', { sha256 }),

    bucket: () => large.state(),
    async healthy() {
      if (!open()) return false;
      return write('probe', null).then(() => true, () => false);
    },
    async close(instance) {
      await large.close();
      closing = true;
      await walk?.stop();
      await write('stop', { instance }).catch((error: unknown) => {
        // Closing twice, or a store that failed before: the missing stop is what the next start shows as a crash.
        if (!(error instanceof StoreUnavailable)) throw error;
      });
      await closeThreads();
    },
  };
}
