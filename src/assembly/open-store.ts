import type { BucketPlace } from '../config/gateway-file.ts';
import type { StoreLocation } from '../config/options.ts';
import type { Store } from '../model/store.ts';
import { s3Bucket } from '../store/bucket/s3.ts';
import { openPostgresStore, type PostgresStoreOptions, type SharedStore } from '../store/postgres/store.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';

/** `shared`: what is to be known of other gateways that use the same store at the same time; null = there can be none. */
export interface OpenedStore { readonly store: Store; readonly shared: Pick<SharedStore, 'trust'> | null }

/** Opens the store that --store names, with the bucket that gateway.yaml names. `report` is told what is found wrong with it after the start. */
export async function openStore(location: StoreLocation, place: BucketPlace | null, given: Omit<PostgresStoreOptions, 'url' | 'bucket'>, report: (problem: string) => void): Promise<OpenedStore> {
  const common = { ...given, bucket: place === null ? null : { bucket: s3Bucket(place, { deadline: given.limits.storeDeadline }), from: place.from } };
  switch (location.kind) {
    case 'sqlite': return { store: await openSqliteStore({ path: location.path, ...common, report }), shared: null };
    case 'postgres': {
      const shared = await openPostgresStore({ url: location.url, ...common });
      return { store: shared, shared };
    }
  }
}
