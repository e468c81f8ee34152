import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { defaultLimits } from '../../../src/model/limits.ts';
import { s3Bucket, type S3Settings } from '../../../src/store/bucket/s3.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { http, recording } from '../../contract/store-drafts.ts';

/** Records large bodies without end, four at a time, removes every third, and writes the id of each acknowledged capture to a file, until it is killed. What it is told comes in WRITER. */
const { store: at, s3, acknowledged } = JSON.parse(process.env['WRITER']!) as { readonly store: { readonly path: string } | { readonly url: string }; readonly s3: S3Settings; readonly acknowledged: string };
const common = {
  durability: 'process', key: new Uint8Array(32).fill(7), limits: defaultLimits, now: Date.now, bucket: { bucket: s3Bucket(s3, { deadline: 2_000 }), from: 262_144 },
} as const;
const store = 'path' in at ? await openSqliteStore({ path: at.path, ...common }) : await openPostgresStore({ url: at.url, ...common });
await store.begin('writer');

let nth = 0;
async function client(): Promise<never> {
  for (;;) {
    nth += 1;
    const id = `cap_W${String(nth).padStart(25, '0')}`;
    const remove = nth % 3 === 0;
    await store.record(recording({ id, request: http({ body: randomBytes(300_000) }) }));
    if (!remove) appendFileSync(acknowledged, `${id}\n`);
    else await store.remove({ ids: [id] });
  }
}
await Promise.all(Array.from({ length: 4 }, client));
