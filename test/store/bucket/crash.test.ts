import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../../src/model/store.ts';
import { s3Bucket } from '../../../src/store/bucket/s3.ts';
import { recording } from '../../contract/store-drafts.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { startS3 } from '../../support/s3.ts';
import { openAt } from '../postgres/open.ts';
import { discard, openIn, temporary } from '../sqlite/open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));
const later = (): number => Date.now() + 2 * 3_600_000;

/** At one of these requests: before it was done, or when it was done and before its answer can have been acted on. */
const moments = [['PUT', false], ['PUT', true], ['DELETE', false], ['DELETE', true]] as const;

test.each(['sqlite', 'postgres'].flatMap((engine) => moments.map(([method, done]) => [engine, method, done ? 'after' : 'before'] as const)))(
  '%s: kill -9 at an upload or a removal leaves no body without its object, and no object in the end without its body (%s, %s)', async (engine, method, moment) => {
    const s3 = await startS3();
    const directory = temporary();
    const acknowledged = join(directory, 'acknowledged');
    const url = engine === 'postgres' ? await server.database() : '';
    const child: ChildProcess = spawn(process.execPath, [writer], {
      env: { ...process.env, WRITER: JSON.stringify({ store: engine === 'sqlite' ? { path: join(directory, 'store.db') } : { url }, s3: s3.settings, acknowledged }) }, stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    const gone = once(child, 'exit');
    const nth = method === 'PUT' ? 10 : 4;
    let seen = 0;
    s3.fault = (request, done) => {
      if (request.method !== method || done !== (moment === 'after')) return null;
      seen += 1;
      if (seen < nth) return null;
      child.kill('SIGKILL');
      // what it was asked for is done all the same, as by a bucket that had all of it already
      return null;
    };
    await gone;
    s3.fault = () => null;
    expect(said).toBe('');
    expect(seen).toBeGreaterThanOrEqual(nth);
    const ids = existsSync(acknowledged) ? readFileSync(acknowledged, 'utf8').trim().split('\n') : [];
    expect(ids.length).toBeGreaterThan(0);

    const bucket = { bucket: s3Bucket(s3.settings, { deadline: 2_000 }), from: 262_144 };
    const store: Store = engine === 'sqlite' ? await openIn(directory, { now: later, bucket }) : await openAt(url, { now: later, bucket });
    await store.begin('next');
    const kept = (await store.list({}, 500)).items.map(({ id }) => id);
    expect(ids.filter((id) => !kept.includes(id))).toEqual([]);
    // also those that were committed and not acknowledged any more
    for (const id of kept) expect(await store.requestBody(id)).toHaveLength(300_000);
    const small = recording();
    await store.record(small);
    await store.remove({ ids: [small.draft.id] });
    expect([...s3.objects.values()].filter(({ length }) => length === 300_000)).toHaveLength(kept.length);
    expect((await store.bucket())!.garbage).toBe(0);
    await store.remove({});
    expect([...s3.objects.keys()].filter((key) => !key.startsWith('store-'))).toEqual([]);
    await store.close('next');
    await s3.close();
    discard(directory);
  });
