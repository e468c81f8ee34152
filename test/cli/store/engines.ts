import { createSecretKey } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeKeeper } from '../../../src/assembly/store-keeper.ts';
import { run } from '../../../src/cli/run.ts';
import type { Io } from '../../../src/cli/io.ts';
import { defaultLimits } from '../../../src/model/limits.ts';
import type { RestoringStore } from '../../../src/store/archive/restoring.ts';
import { s3Bucket, type S3Settings } from '../../../src/store/bucket/s3.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';

export const engines = ['sqlite', 'postgres'] as const;
export type Engine = (typeof engines)[number];

export interface Ran { readonly code: number; readonly out: string; readonly err: string }

/** What a store is set up with besides; none of it by itself. */
export interface With {
  /** 64 hex digits */
  readonly storeKey?: string;
  readonly bucket?: S3Settings;
}

/** bodies of so many bytes lie in the bucket */
export const bucketFrom = 256 * 1024;

/** A store of one engine, and the command line that is told of it. */
export interface Place {
  readonly engine: Engine;
  readonly store: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  open(now?: () => number): Promise<RestoringStore>;
  fourthwall(argv: readonly string[], more?: Partial<Io>): Promise<Ran>;
}

export interface Places {
  readonly directory: string;
  readonly server: PostgresServer;
  place(engine: Engine, more?: With): Promise<Place>;
  /** another place with what is in this one, which nobody has open */
  copy(of: Place): Promise<Place>;
  close(): Promise<void>;
}

const key = Buffer.alloc(32, 7);

export async function places(): Promise<Places> {
  const directory = mkdtempSync(join(tmpdir(), 'fourthwall-upkeep-'));
  const server = await startPostgres();
  let made = 0;
  const placeAt = (engine: Engine, url: string, { storeKey, bucket }: With = {}): Place => {
    made += 1;
    const data = join(directory, `data-${made}`);
    const path = join(data, 'fourthwall.db');
    const store = engine === 'sqlite' ? `sqlite:${path}` : url;
    const config = join(directory, `config-${made}`);
    const env = {
      FOURTHWALL_STORE: store, FOURTHWALL_DATA: data, FOURTHWALL_CONFIG: config, FOURTHWALL_HASH_KEY: key.toString('hex'),
      ...storeKey === undefined ? {} : { FOURTHWALL_STORE_KEY: storeKey }, ...bucket === undefined ? {} : { S3_ACCESS: bucket.accessKey, S3_SECRET: bucket.secretKey },
    };
    mkdirSync(config);
    if (bucket !== undefined) {
      const { endpoint, region, name } = bucket;
      writeFileSync(join(config, 'gateway.yaml'), `bucket: { endpoint: "${endpoint}", region: ${region}, name: ${name}, accessKey: "\${S3_ACCESS}", secretKey: "\${S3_SECRET}", from: ${bucketFrom} }\n`);
    }
    const common = {
      durability: 'process', key, limits: { ...defaultLimits, storeDeadline: 20_000 }, sealKey: storeKey === undefined ? null : createSecretKey(Buffer.from(storeKey, 'hex')),
    } as const;
    const given = () => ({ ...common, bucket: bucket === undefined ? null : { bucket: s3Bucket(bucket, { deadline: 5_000 }), from: bucketFrom } });
    return {
      engine, store, data, env,
      open: (now = Date.now) => (engine === 'sqlite' ? openSqliteStore({ path, now, ...given() }) : openPostgresStore({ url, now, ...given() })),
      async fourthwall(argv, more = {}) {
        const [out, err]: Uint8Array[][] = [[], []];
        const code = await run(['store', ...argv], {
          env, openStore: storeKeeper, stdout: { write: (chunk) => out!.push(Buffer.from(chunk)) }, stderr: { write: (chunk) => err!.push(Buffer.from(chunk)) }, ...more,
        });
        return { code, out: Buffer.concat(out!).toString(), err: Buffer.concat(err!).toString() };
      },
    };
  };
  return {
    directory, server,
    place: async (engine, more) => placeAt(engine, engine === 'sqlite' ? '' : await server.database(), more),
    async copy(of) {
      if (of.engine === 'sqlite') {
        const place = placeAt('sqlite', '');
        cpSync(of.data, place.data, { recursive: true });
        return place;
      }
      const url = new URL(of.store);
      const name = `copy_${made}`;
      await server.query(new URL('/postgres', url).href, `CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)} STRATEGY file_copy`);
      return placeAt('postgres', new URL(`/${name}`, url).href);
    },
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
