import { randomUUID, type KeyObject } from 'node:crypto';
import type { Limits } from '../../model/limits.ts';
import type { Retention } from '../../model/retention.ts';
import { StoreUnavailable, type CaptureFilter, type Store } from '../../model/store.ts';
import type { RestoringStore } from '../archive/restoring.ts';
import { commitQueue } from '../commit-queue.ts';
import type { GivenBucket } from '../bucket/bucket.ts';
import { openLargeBodies, type LargeBodies } from '../bucket/large-bodies.ts';
import { withPlaced, type InBucket } from '../bucket/placed.ts';
import type { Durability } from '../durability.ts';
import { erase, sight, type Erasing } from '../erasure/erase.ts';
import { proofsIn } from '../erasure/proof.ts';
import { evicting, fullness } from '../eviction.ts';
import { partsIn } from '../parts-in.ts';
import { oneQuestionThreads } from '../one-question-threads.ts';
import { saidOnce } from '../said-once.ts';
import { sealOf } from '../seal.ts';
import { keyedDigest } from '../secret-key.ts';
import { defaultLookedAt } from '../tally.ts';
import { committer } from './commit.ts';
import { connect, type Connection, type Place } from './connection.ts';
import { lane } from './lane.ts';
import { listen } from './listener.ts';
import type { ScanData } from './scan-thread.ts';
import { migrate } from './schema.ts';
import { vacuum } from './vacuum.ts';
import type { WriteArgs, WriteName, WriteResult } from './writes.ts';

export interface PostgresStoreOptions {
  /** postgres://user:password@host:port/database?sslmode=... */
  readonly url: string;
  readonly durability: Durability;
  /** of keyed hashes (persons, recipients); the same for all gateways on one database: store/secret-key.ts */
  readonly key: Uint8Array;
  /** seals what is personal (store/seal.ts), the same for all gateways on one database; absent or null: it is kept as it is */
  readonly sealKey?: KeyObject | null;
  readonly limits: Pick<Limits, 'storeDeadline' | 'storeQueue' | 'storeQueueBytes'>;
  /** ms since the epoch */
  readonly now: () => number;
  /** s without a heartbeat after which another gateway is dead; a gateway beats every 5 s */
  readonly silence?: number;
  /** absent or null: everything is kept */
  readonly retention?: Retention | null;
  /** where large bodies lie; closed with the store. Absent or null: in the database */
  readonly bucket?: GivenBucket | null;
  /** how many captures are looked at for a total that sums cannot tell */
  readonly lookedAt?: number;
}

/** What a shared store knows besides. */
export interface SharedStore extends RestoringStore {
  /** Notes which CA certificates services of this gateway trust; false where another living gateway has none of them. */
  trust(instance: string, certificates: readonly string[]): Promise<boolean>;
}

/** How many captures one transaction deletes: between two of them, calls are recorded. */
const removedAtOnce = 200;
/** Lists and counts may take this much longer than what a call waits for. */
const searchPatience = 10;
/** Writes of one transaction: other gateways wait for it, and the deadline is for all of them together. */
const writesAtOnce = 100;
/** ms: what an index over everything may take when a new version makes one */
const migrationPatience = 600_000;

/**
 * The shared store: several gateways on one database. One connection writes (commit.ts), one answers what calls and the live feed ask by id, one
 * lists, counts and searches, one listens for what the other gateways commit. Each is opened again when it is lost.
 * Rejects with StoreUnavailable, saying why, when the server cannot be reached or could not keep its promises.
 */
export async function openPostgresStore({ url, durability, key, sealKey = null, limits, now, silence = 15, retention = null, bucket = null, lookedAt = defaultLookedAt }: PostgresStoreOptions): Promise<SharedStore> {
  const deadline = limits.storeDeadline;
  const place: Place = { url, durability, deadline };
  const writer = randomUUID();
  let self: string | null = null;
  const listeners = new Set<() => void>();
  const tell = (): void => { for (const listener of listeners) listener(); };

  const migrating = await connect({ ...place, deadline: migrationPatience }, 'schema');
  const seal = sealOf(sealKey);
  await migrate(migrating, undefined, seal.keyId).finally(() => migrating.end());
  const open = (purpose: string, patience = deadline) => (): Promise<Connection> => connect({ ...place, deadline: patience }, purpose);
  const listener = await listen({ open: open('listener'), writer, heard: tell });

  const committing = committer({ open: open('writer'), writer, secret: key, seal, evicting: evicting(retention), deadline, silence, told: listener.known });
  const queue = commitQueue<WriteName>({ commit: committing.commit, most: writesAtOnce, limits, now, committed: tell });
  const write = <K extends WriteName>(kind: K, args: WriteArgs<K>): Promise<WriteResult<K>> => queue.write(kind, args) as Promise<WriteResult<K>>;
  const lookup = lane({ open: open('lookup'), deadline, most: limits.storeQueue, prepared: true, moment: false, seal });
  const search = lane({ open: open('search', deadline * searchPatience), deadline: deadline * searchPatience, most: limits.storeQueue, prepared: false, moment: true, seal });

  const threads = oneQuestionThreads('scan-thread', import.meta.url);
  const patient: Place = { ...place, deadline: migrationPatience };
  const audits: Store['audits'] = ({ before, limit, action }) => search.ask('audits', { before: before ?? null, limit, action: action ?? null });
  const erasing: Erasing = {
    key, now,
    scan: (order) => threads.ask({ place: patient, sealKey, scan: order } satisfies ScanData, (body: InBucket) => large.whole(async () => body)),
    erase: (part) => write('erase', part),
    forget: () => vacuum(patient),
    prove: (proof) => write('prove', proof),
    collect: () => large.collect(),
    waiting: async () => (bucket === null ? null : (await lookup.ask('bucketCounts', null)).garbage),
  };

  const close = async (): Promise<void> => {
    await queue.drain();
    queue.end('the store is closed');
    await Promise.all([committing.close(), lookup.close(), search.close(), listener.close(), threads.stop()]);
  };

  const remove = async (filter: CaptureFilter & { readonly ids?: readonly string[] }): Promise<number> => {
    const { ids, ...rest } = filter;
    const seqs = await search.ask('seqsOf', { filter: rest, ids: ids ?? null });
    let removed = 0;
    for (let from = 0; from < seqs.length; from += removedAtOnce) removed += await write('remove', { seqs: seqs.slice(from, from + removedAtOnce) });
    if (removed > 0) await large.collect();
    return removed;
  };

  let large: LargeBodies;
  try {
    const mine = keyedDigest(key, 'the key of every keyed hash in this store');
    if (await write('agree', { name: 'hash key', value: mine }) !== mine) {
      throw new StoreUnavailable('the gateways on this database use another hash key, so persons and recipients would not be recognised; give this one their <data>/hash.key, or the same FOURTHWALL_HASH_KEY to all');
    }
    large = await openLargeBodies({
      given: bucket, seal: sealOf(sealKey), limits, now, books: {
        intend: (objects) => write('intend', { objects }),
        discard: (objects) => write('discard', { objects }),
        collected: (objects) => write('collected', { objects }),
        mark: (object) => write('mark', { object }),
        due: (asked) => lookup.ask('objectsDue', asked),
        counts: () => lookup.ask('bucketCounts', null),
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
  const keep = <K extends keyof typeof partsIn>(kind: K, args: WriteArgs<K>): Promise<WriteResult<K>> =>
    // The map from names to functions cannot be followed by the type checker through a name.
    large.place(() => partsIn[kind](args as never), (placed) => write(kind, withPlaced(args, placed)));

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
    async evict(limit) {
      const { evicted, before } = await write('evict', { limit });
      if (evicted + before > 0) await large.collect();
      return evicted;
    },
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
    resendCallback: (id, target) => write('resendCallback', { id, url: target }),
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
    subscribe(heard) {
      const own = (): void => heard();
      listeners.add(own);
      return () => { listeners.delete(own); };
    },
    append: (event) => write('append', event),

    async begin(instance) {
      self = instance;
      await listener.holdFor(instance);
      await write('begin', { instance });
    },
    heartbeat: (instance) => write('heartbeat', { instance }),
    trust: (instance, certificates) => write('trust', { instance, certificates }),
    instances: () => lookup.ask('instances', { self }),

    sight: (order) => sight(erasing, order),
    erase: (order) => erase(erasing, order),
    erasures: () => proofsIn({ audits }),
    audit: (entry) => write('audit', entry),
    audits,

    keepPolicy: (sha256, text) => write('keepPolicy', { sha256, text }),
    policy: (sha256) => lookup.ask('policy', { sha256 }),

    bucket: () => large.state(),
    async healthy() {
      if (!queue.open()) return false;
      return write('probe', null).then(() => true, () => false);
    },
    async close(instance) {
      await large.close();
      await write('stop', { instance }).catch((error: unknown) => {
        // Closing twice, or a store that failed before: the missing stop is what the others show as a crash.
        if (!(error instanceof StoreUnavailable)) throw error;
      });
      await close();
    },
  };
}
