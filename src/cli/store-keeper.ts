import type { KeyObject } from 'node:crypto';
import type { StoreLocation } from '../config/options.ts';
import type { KnownNames } from '../control/filters.ts';
import type { CaptureFilter } from '../model/store.ts';
import type { Checked, Compacted, Migration, TakenIn, Tallies } from '../model/upkeep.ts';

/** Work on a store without a gateway. Rejects with StoreUnavailable where it cannot be had, with Unsound where it or the file is not good. */
export interface StoreKeeper {
  /** it is opened with a key */
  readonly sealed: boolean;
  check(options: { readonly deep: boolean }): Promise<Checked>;
  compact(options: { readonly full: boolean }): Promise<Compacted>;
  migrate(options: { readonly dry: boolean }): Promise<Migration>;
  /** what filters may name */
  known(): Promise<KnownNames>;
  /** @param file a path; null = `write` is given the bytes */
  export(to: { readonly file: string | null; readonly write: (chunk: Uint8Array) => Promise<void> }, filter: CaptureFilter): Promise<Tallies>;
  /** @param file a path; null = standard input */
  import(file: string | null): Promise<TakenIn>;
}

/**
 * @param data directory of the hash key
 * @param config directory of gateway.yaml, which names the bucket
 * @param env without FOURTHWALL_STORE_KEY
 */
export type OpenStoreKeeper = (where: { readonly location: StoreLocation; readonly data: string; readonly config: string; readonly storeKey: KeyObject | null; readonly env: Readonly<Record<string, string | undefined>> }) => StoreKeeper;
