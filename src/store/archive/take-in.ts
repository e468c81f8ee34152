import { StoreUnavailable } from '../../model/store.ts';
import { Unsound, type TakenIn, type Tallies } from '../../model/upkeep.ts';
import { plain, type Seal } from '../seal.ts';
import { digestSet, type DigestSet } from './digest-set.ts';
import { readArchive } from './read-archive.ts';
import { noTallies, sumOf, type Restored, type RestoredPart } from './record.ts';
import type { RestoringStore } from './restoring.ts';

/** Records and bytes of one transaction. */
const mostAtOnce = 200;
const bytesAtOnce = 8 * 1024 * 1024;

/**
 * Reads an export twice: the first time to its end, so that nothing is written of one that is not good from the first line to the last. `chunks` begins it anew each time.
 * `open` is asked for the store in between. What was written before a failure stays and is whole: the next time it is there already.
 */
export async function takeIn(chunks: () => AsyncIterable<Uint8Array>, open: () => Promise<Pick<RestoringStore, 'restore'>>, seal: Seal = plain): Promise<TakenIn> {
  const again = digestSet();
  for await (const record of readArchive(chunks())) for (const { bytes, sha256 } of partsOf(record)) if (bytes === null) again.add(sha256);
  const store = await open();
  let [added, skipped] = [noTallies, noTallies];
  let batch: Restored[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    if (batch.length === 0) return;
    const given = batch.reduce((sum, { kind }) => sumOf(sum, { ...noTallies, [kind]: 1 }), noTallies);
    const taken = await store.restore(batch).catch((error: unknown) => {
      const why = `${error instanceof Error ? error.message : String(error)} (nothing of this and what follows was written; ${added.capture} captures before it were)`;
      throw error instanceof StoreUnavailable ? new StoreUnavailable(why, { cause: error }) : new Unsound(why, { cause: error });
    });
    [added, skipped] = [sumOf(added, taken), sumOf(skipped, difference(given, taken))];
    batch = [];
    bytes = 0;
  };
  /** of bodies that come again, by sha256: where it is sealed, their names cannot be told without their bytes */
  const names = new Map<string, Uint8Array>();
  for await (const read of readArchive(chunks())) {
    const record = seal.keyId === null ? read : named(read, seal, again, names);
    batch.push(record);
    bytes += weightOf(record);
    if (batch.length >= mostAtOnce || bytes >= bytesAtOnce) await write();
  }
  await write();
  return { added, skipped };
}

function partsOf(record: Restored): readonly RestoredPart[] {
  return record.kind === 'capture' ? record.parts : [];
}

function named(record: Restored, seal: Seal, again: DigestSet, names: Map<string, Uint8Array>): Restored {
  if (record.kind !== 'capture') return record;
  for (const { bytes, sha256 } of record.parts) if (bytes !== null && again.has(sha256)) names.set(sha256, seal.digest(bytes));
  return { ...record, parts: record.parts.map((part) => (part.bytes === null ? { ...part, digest: names.get(part.sha256)! } : part)) };
}

function difference(one: Tallies, other: Tallies): Tallies {
  return { policy: one.policy - other.policy, run: one.run - other.run, capture: one.capture - other.capture, object: one.object - other.object };
}

function weightOf(record: Restored): number {
  if (record.kind !== 'capture') return JSON.stringify(record).length;
  const { parts, ...rest } = record;
  return parts.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), JSON.stringify(rest).length);
}
