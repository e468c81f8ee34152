import type { CaptureFilter } from '../../model/store.ts';
import type { Tallies } from '../../model/upkeep.ts';
import type { ArchivedCapture, ArchivedObject, ArchivedPolicy, ArchivedRun } from './record.ts';

/** Everything of a store as it stood at one moment, oldest first, read as it is asked for: memory holds one capture and one body. */
export interface Snapshot {
  /** version of its schema */
  readonly schema: number;
  /** then bodies have other names in it than the sha256 of their bytes */
  readonly sealed: boolean;
  counts(filter: CaptureFilter): Promise<Tallies>;
  policies(): AsyncIterable<ArchivedPolicy>;
  /** those that captures of the filter name; without a filter all */
  runs(filter: CaptureFilter): AsyncIterable<ArchivedRun>;
  captures(filter: CaptureFilter): AsyncIterable<ArchivedCapture>;
  /** throws where it is not, byte for byte, what was kept; `sha256` in hex, as the captures of the snapshot have it */
  body(sha256: string): Promise<Uint8Array>;
  objects(): AsyncIterable<ArchivedObject>;
  close(): Promise<void>;
}

/** Without a filter everything is meant, and what belongs to no capture with it. */
export function everything(filter: CaptureFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}
