import type { Scope } from '../../model/store.ts';
import { digestOf } from './sql.ts';

/**
 * Where an object of a scope may stand, the nearest first: its own, then for every run of its account, then of every account (seeds) for its
 * run, then for all. Some of them are the same place.
 */
export function objectDigests({ provider, account, run }: Scope, kind: string, id: string): readonly Buffer[] {
  return [[account, run], [account, ''], ['', run], ['', '']].map(([whose, which]) => digestOf('object', provider, whose!, which!, kind, id));
}

export function nearest<Row extends { readonly digest: Uint8Array }>(rows: readonly Row[], digests: readonly Buffer[]): Row | undefined {
  for (const digest of digests) {
    const found = rows.find((row) => digest.equals(row.digest));
    if (found !== undefined) return found;
  }
  return undefined;
}
