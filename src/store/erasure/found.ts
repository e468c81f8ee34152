import type { Scanned, Subject } from '../../model/erasure.ts';
import type { InBucket } from '../bucket/placed.ts';
import type { Seal } from '../seal.ts';

/** Asks the database; `?1` stands for the first value on every engine. */
export interface Reader {
  readonly engine: 'sqlite' | 'postgres';
  /** how this store keeps what is personal */
  readonly seal: Seal;
  /** a body that lies in the bucket, whole and checked; rejects where it cannot be had */
  whole(body: InBucket): Promise<Uint8Array>;
  all<R>(text: string, ...values: readonly (string | number)[]): Promise<readonly R[]>;
}

export interface ScanOrder {
  readonly subjects: readonly Subject[];
  readonly linked: boolean;
  readonly key: Uint8Array;
}

export interface FoundCapture { readonly seq: number; readonly id: string; readonly run: string | null; readonly outcome: string }
export interface FoundObject { readonly ord: number; readonly provider: string; readonly kind: string; readonly id: string; readonly run: string }
export interface FoundTally { readonly name: string; readonly subject: string; readonly bucket: string }

/** What a scan found, by the keys under which it can be deleted. */
export interface Found {
  readonly captures: readonly FoundCapture[];
  readonly objects: readonly FoundObject[];
  readonly callbacks: readonly string[];
  readonly tallies: readonly FoundTally[];
  readonly runs: readonly string[];
  readonly policies: readonly string[];
  readonly events: readonly number[];
  readonly audits: readonly number[];
  readonly identities: readonly string[];
  /** index rows that belong to no capture */
  readonly terms: readonly number[];
  readonly search: readonly number[];
  readonly openRuns: readonly string[];
  readonly linked: { readonly identities: readonly { readonly kind: string; readonly hash: string }[]; readonly captures: number };
  readonly near: readonly string[];
  readonly places: Readonly<Record<string, number>>;
  readonly scanned: Scanned;
}
