import type { KeyObject } from 'node:crypto';
import type { OpenStoreKeeper } from '../cli/store-keeper.ts';
import type { BucketPlace } from '../config/gateway-file.ts';
import { readGatewayFile } from '../config/read-gateway-file.ts';
import type { StoreLocation } from '../config/options.ts';
import { defaultLimits } from '../model/limits.ts';
import { StoreUnavailable } from '../model/store.ts';
import { Unsound, type Tallies } from '../model/upkeep.ts';
import { problemText } from '../policy/problem.ts';
import { fileSource, streamSource, writeFileOf, type Source } from '../store/archive/files.ts';
import { inspect } from '../store/archive/inspect.ts';
import { noTallies } from '../store/archive/record.ts';
import type { RestoringStore } from '../store/archive/restoring.ts';
import { takeIn } from '../store/archive/take-in.ts';
import type { ReadWith } from '../store/archive/whole-body.ts';
import { archive } from '../store/archive/write-archive.ts';
import { s3Bucket } from '../store/bucket/s3.ts';
import { connect, type Connection } from '../store/postgres/connection.ts';
import { openInspection as inspectPostgres } from '../store/postgres/read-check.ts';
import { openSnapshot as readPostgres } from '../store/postgres/read-export.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import * as postgres from '../store/postgres/upkeep.ts';
import { sealOf } from '../store/seal.ts';
import { secretKey } from '../store/secret-key.ts';
import { openInspection as inspectSqlite } from '../store/sqlite/read-check.ts';
import { openSnapshot as readSqlite } from '../store/sqlite/read-export.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import * as sqlite from '../store/sqlite/upkeep.ts';

/** ms for one statement: nobody waits for an answer to a call here */
const patience = 3_600_000;
/** ms that the bucket may take for one body */
const bucketPatience = 60_000;
/** ms for a transaction of an import */
const importPatience = 120_000;

/** The store that --store names, for `fourthwall store`. */
export const storeKeeper: OpenStoreKeeper = ({ location, data, config, storeKey, env }) => ({
  sealed: storeKey !== null,

  async check(options) {
    return readingWith({ config, storeKey, env }, async (given) => {
      const inspection = location.kind === 'sqlite' ? inspectSqlite(location.path, given) : await onConnection(location.url, (connection) => inspectPostgres(connection, given));
      return inspect(inspection, options).finally(() => inspection.close());
    });
  },

  async compact(options) {
    if (location.kind === 'sqlite') return sqlite.compactStore(location.path);
    return onConnection(location.url, (connection) => postgres.compactStore(connection, options).finally(() => connection.end()));
  },

  async migrate(options) {
    if (location.kind === 'sqlite') return sqlite.migrateStore(location.path, options);
    return onConnection(location.url, (connection) => postgres.migrateStore(connection, options).finally(() => connection.end()));
  },

  async known() {
    const { everyProvider } = await import('../providers/index.ts');
    return { providers: everyProvider.map(({ name }) => name), channels: everyProvider.flatMap(({ channels }) => channels) };
  },

  async export({ file, write }, filter) {
    return readingWith({ config, storeKey, env }, async (given) => {
      const snapshot = location.kind === 'sqlite' ? readSqlite(location.path, given) : await onConnection(location.url, (connection) => readPostgres(connection, given));
      let counts: Tallies = noTallies;
      const chunks = soundly(archive({ snapshot, filter, at: new Date().toISOString(), wrote: (all) => { counts = all; } }));
      try {
        if (file === null) for await (const chunk of chunks) await write(chunk);
        else await writeFileOf(file, chunks).catch((error: unknown) => { throw fromFile(file, 'written', error); });
        return counts;
      } finally {
        await snapshot.close();
      }
    });
  },

  async import(file) {
    const source: Source = await (file === null ? streamSource(process.stdin) : fileSource(file)).catch((error: unknown) => { throw fromFile(file ?? 'standard input', 'read', error); });
    let store: RestoringStore | null = null;
    try {
      return await takeIn(() => readable(source), async () => {
        const key = secretKey({ data, fromEnvironment: env['FOURTHWALL_HASH_KEY'], storeKey });
        store = await openToRestore(location, { key, sealKey: storeKey, place: await bucketOf(config, env) });
        return store;
      }, sealOf(storeKey));
    } finally {
      // It never began as an instance, so there is none to be stopped.
      await (store as RestoringStore | null)?.close('');
      await source.close();
    }
  },
});

/** SQLite is locked for us alone by being opened; a PostgreSQL that gateways have is refused, since their calls would wait for every transaction of ours. */
async function openToRestore(location: StoreLocation, { key, sealKey, place }: { readonly key: Uint8Array; readonly sealKey: KeyObject | null; readonly place: BucketPlace | null }): Promise<RestoringStore> {
  const common = { durability: 'power', key, sealKey, bucket: place === null ? null : { bucket: s3Bucket(place, { deadline: importPatience }), from: place.from }, limits: { ...defaultLimits, storeDeadline: importPatience }, now: Date.now } as const;
  if (location.kind === 'sqlite') return openSqliteStore({ path: location.path, ...common });
  await onConnection(location.url, (connection) => postgres.deserted(connection).finally(() => connection.end()));
  return openPostgresStore({ url: location.url, ...common });
}

interface Outside { readonly config: string; readonly storeKey: KeyObject | null; readonly env: Readonly<Record<string, string | undefined>> }

async function readingWith<T>({ config, storeKey, env }: Outside, work: (given: ReadWith) => Promise<T>): Promise<T> {
  const place = await bucketOf(config, env);
  const bucket = place === null ? null : s3Bucket(place, { deadline: bucketPatience });
  try {
    return await work({ seal: sealOf(storeKey), bucket });
  } finally {
    await bucket?.close();
  }
}

/** The bucket of gateway.yaml, read as `start` reads it; null where it names none. */
async function bucketOf(config: string, env: Outside['env']): Promise<BucketPlace | null> {
  const { everyProvider } = await import('../providers/index.ts');
  const load = await readGatewayFile(config, env, everyProvider);
  if (load.kind === 'problems') throw new StoreUnavailable(`gateway.yaml, which may name the bucket of the store, cannot be used: ${load.problems.map(problemText).join('; ')}`);
  return load.file.bucket;
}

async function onConnection<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect({ url, durability: 'power', deadline: patience }, 'upkeep');
  try {
    return await work(connection);
  } catch (error) {
    connection.cut('it failed');
    throw error;
  }
}

/** What cannot be read of a store while it is exported is a flaw of the store. */
async function* soundly(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw error instanceof StoreUnavailable ? error : new Unsound(`the store cannot be exported: ${(error as Error).message}`, { cause: error });
  }
}

/** Damaged compression is a flaw of the file, as a damaged line is. */
async function* readable(source: Source): AsyncGenerator<Uint8Array> {
  try {
    yield* source.chunks();
  } catch (error) {
    throw new Unsound(`it cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
}

function fromFile(file: string, done: string, error: unknown): Error {
  if (error instanceof Unsound || error instanceof StoreUnavailable) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new StoreUnavailable(code === 'EEXIST' ? `${file} is there already; name another file` : `${file} cannot be ${done}: ${message}`, { cause: error });
}
