import { createSecretKey } from 'node:crypto';
import { ulid } from 'ulid';
import { RunsOpen, type ErasureCounts, type ErasureOrder, type ErasureProof, type Sighting, type StorageForgets, type Subject } from '../../model/erasure.ts';
import type { Found, ScanOrder } from './found.ts';
import type { ErasedPart, ErasurePart } from './parts.ts';
import type { UnchainedProof } from './proof.ts';
import { subjectHash } from './spelling.ts';

/** What an engine does of an erasure. */
export interface Erasing {
  readonly key: Uint8Array;
  readonly now: () => number;
  scan(order: ScanOrder): Promise<Found>;
  /** one transaction */
  erase(part: ErasurePart): Promise<ErasedPart>;
  /** removes from the bucket what was deleted */
  collect(): Promise<void>;
  /** how many objects that were deleted still lie there; null: there is no bucket */
  waiting(): Promise<number | null>;
  /** makes the storage itself forget what was deleted; `sure`: nothing of the subjects is meant to be there, not even as a part of something longer */
  forget(subjects: readonly Subject[], sure: boolean): Promise<StorageForgets>;
  /** counts what was recorded since the second look, puts the proof at the end of the chain and keeps it */
  prove(proof: UnchainedProof): Promise<ErasureProof>;
}

/** How often it is tried until a look finds nothing. */
const passes = 3;
/** Captures, rows of one transaction: between two of them, calls are recorded. */
const atOnce = 200;

export async function sight(engine: Pick<Erasing, 'key' | 'scan' | 'waiting'>, order: Pick<ErasureOrder, 'subjects' | 'linked'>): Promise<Sighting> {
  const found = await engine.scan({ ...order, key: engine.key });
  return sightingOf(engine, order.subjects, { found, waiting: await engine.waiting() });
}

/** Throws RunsOpen, and erases nothing, where open registered runs have something of it. */
export async function erase(engine: Erasing, { subjects, linked, actor }: ErasureOrder): Promise<ErasureProof> {
  const { key, now } = engine;
  const id = `era_${ulid(now())}`;
  const erased = { captures: 0, bodies: 0, callbacks: 0, objects: 0, identities: 0, tallies: 0, runs: 0, notes: 0, policies: 0 };
  const events: [number, number][] = [];
  let found = await engine.scan({ subjects, linked, key });
  if (found.openRuns.length > 0) throw new RunsOpen(found.openRuns);
  // Once the identity is gone, nobody knows any more what it was linked with.
  const { linked: { captures: linkedCaptures } } = found;
  for (let pass = 0; pass < passes && anyOf(found); pass += 1) {
    for (const part of partsOf(found, id, subjects)) {
      const gone = await engine.erase(part);
      erased[counterOf[part.kind]] += gone.count;
      erased.bodies += gone.bodies;
      if (part.kind === 'captures') erased.callbacks += gone.callbacks;
      for (const seq of gone.events) {
        const stretch = events.at(-1);
        if (stretch !== undefined && stretch[1] === seq - 1) stretch[1] = seq;
        else events.push([seq, seq]);
      }
    }
    found = await engine.scan({ subjects, linked, key });
  }
  await engine.collect();
  const after = sightingOf(engine, subjects, { found, waiting: await engine.waiting() });
  const storage = await engine.forget(subjects, after.clean && after.near.count === 0);
  return engine.prove({
    id, at: new Date(now()).toISOString(), actor, subjects: after.subjects, linked: linked ? 'erased' : 'left', erased, events,
    clean: after.clean && (storage.engine !== 'sqlite' || storage.files.found === 0 || after.near.count > 0),
    left: { found: after.found, captures: after.captures, openRuns: after.openRuns, linkedCaptures, near: after.near.count },
    scan: { ...after.scanned, later: 0 }, storage, bucket: after.bucket,
  });
}

const counterOf: Readonly<Record<ErasurePart['kind'], keyof ErasureCounts>> = {
  captures: 'captures', objects: 'objects', callbacks: 'callbacks', tallies: 'tallies', runs: 'runs', policies: 'policies', notes: 'notes', identities: 'identities', index: 'notes',
};

/** Captures of runs that were opened meanwhile, and calls without an outcome, stay: the proof names them. */
function goingOf({ captures, openRuns }: Found): readonly number[] {
  return captures.filter(({ run, outcome }) => outcome !== 'pending' && (run === null || !openRuns.includes(run))).map(({ seq }) => seq);
}

function anyOf(found: Found): boolean {
  const { objects, callbacks, tallies, runs, policies, events, audits, identities, terms, search } = found;
  return [goingOf(found), objects, callbacks, tallies, runs, policies, events, audits, identities, terms, search].some((list) => list.length > 0);
}

function* partsOf(found: Found, erasure: string, subjects: readonly Subject[]): Generator<ErasurePart> {
  const { openRuns } = found;
  // First: with the last capture of a person its identities go too.
  for (const hashes of pages(found.identities)) yield { kind: 'identities', hashes };
  for (const seqs of pages(goingOf(found))) yield { kind: 'captures', erasure, seqs };
  for (const objects of pages(found.objects.filter(({ run }) => !openRuns.includes(run)))) yield { kind: 'objects', ords: objects.map(({ ord }) => ord) };
  for (const ids of pages(found.callbacks)) yield { kind: 'callbacks', ids };
  for (const tallies of pages(found.tallies)) yield { kind: 'tallies', tallies };
  for (const names of pages(found.runs.filter((run) => !openRuns.includes(run)))) yield { kind: 'runs', names, subjects };
  for (const sha256s of pages(found.policies)) yield { kind: 'policies', sha256s };
  for (const events of pages(found.events)) yield { kind: 'notes', events, audits: [], subjects };
  for (const audits of pages(found.audits)) yield { kind: 'notes', events: [], audits, subjects };
  for (const terms of pages(found.terms)) yield { kind: 'index', terms, search: [] };
  for (const search of pages(found.search)) yield { kind: 'index', terms: [], search };
}

function* pages<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += atOnce) yield items.slice(from, from + atOnce);
}

function sightingOf({ key: secret }: Pick<Erasing, 'key'>, subjects: readonly Subject[], { found, waiting }: { readonly found: Found; readonly waiting: number | null }): Sighting {
  const key = createSecretKey(secret);
  const counts = {
    captures: found.captures.length, callbacks: found.callbacks.length, objects: found.objects.length, identities: found.identities.length, tallies: found.tallies.length,
    runs: found.runs.length, notes: found.events.length + found.audits.length + found.terms.length + found.search.length, policies: found.policies.length,
  };
  return {
    subjects: subjects.map((subject) => ({ kind: subject.kind, hash: subjectHash(key, subject) })),
    clean: Object.values(counts).every((count) => count === 0) && found.scanned.unread === 0 && (waiting ?? 0) === 0,
    found: counts,
    places: found.places,
    captures: found.captures.slice(0, 100).map(({ id }) => id),
    objects: found.objects.slice(0, 100).map(({ provider, kind, id }) => ({ provider, kind, id })),
    openRuns: found.openRuns,
    pending: found.captures.filter(({ outcome }) => outcome === 'pending').slice(0, 100).map(({ id }) => id),
    linked: found.linked,
    near: { count: found.near.length, captures: found.near.slice(0, 100) },
    scanned: found.scanned,
    bucket: waiting === null ? null : { waiting },
  };
}
