import type { Store } from '../../model/store.ts';
import type { Tallies } from '../../model/upkeep.ts';
import type { Seal } from '../seal.ts';
import type { Restored, RestoredPart } from './record.ts';

/** A store that takes in what an export held: for `fourthwall store import`, never for a gateway. */
export interface RestoringStore extends Store {
  /**
   * All of it in one transaction; what is there already (a capture, policy, run or object of that name) stays as it is and is not counted. Captures get numbers
   * of their own, are marked as imported, and sound in the log as 'recorded' with `imported: true`; runs come in closed, callbacks that were still to be sent as skipped.
   */
  restore(records: readonly Restored[]): Promise<Tallies>;
}

/** What the store calls the body of a part whose bytes came with an earlier one. */
export function nameOf(seal: Seal, { sha256, digest }: RestoredPart): Uint8Array {
  if (seal.keyId === null) return Buffer.from(sha256, 'hex');
  if (digest === undefined) throw new Error(`body ${sha256.slice(0, 12)} came without its name`);
  return digest;
}
