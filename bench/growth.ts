/**
 * A store that has grown: lists, filters, counts and full text of the real program on so many captures, beside the same questions on an empty store; how it starts,
 * what it holds in memory, and how fast captures were recorded from the first to the last.
 *   node growth.ts [--captures 1000000] [--engine sqlite|postgres] [--rounds 20] [--keep]
 * Captures are recorded through the store itself (growth-captures.ts says which), then asked for over HTTP. A figure counts only where the answers are right: every total that the
 * generator knows is compared.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultLimits } from '../src/model/limits.ts';
import { openPostgresStore } from '../src/store/postgres/store.ts';
import { secretKey } from '../src/store/secret-key.ts';
import { openSqliteStore } from '../src/store/sqlite/store.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { began, recordingOf, vocabulary } from './growth-captures.ts';
import { spread } from './gateway.ts';

const { values } = parseArgs({ options: {
  captures: { type: 'string', default: '1000000' }, engine: { type: 'string', default: 'sqlite' }, rounds: { type: 'string', default: '20' }, keep: { type: 'boolean', default: false } } });
const all = Number(values.captures);
const rounds = Number(values.rounds);
const directory = await mkdtemp(join(tmpdir(), 'fourthwall-growth-'));
const say = (line: string): void => { process.stdout.write(`${line}\n`); };

const server = values.engine === 'postgres' ? await startPostgres(tmpdir()) : null;
if (server !== null) {
  // an ordinary small server; fsync stays on
  await server.stop();
  await server.start({ shared_buffers: '1GB', effective_cache_size: '4GB', max_wal_size: '4GB' });
}

interface Grown { readonly name: string; readonly data: string; readonly store: string }

async function grow(name: string, count: number): Promise<Grown> {
  const data = join(directory, name);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const url = await server?.database();
  const common = { durability: 'process' as const, key: secretKey({ data }), limits: { ...defaultLimits, storeDeadline: 60_000 }, now: Date.now };
  const store = url === undefined ? await openSqliteStore({ path: join(data, 'fourthwall.db'), ...common }) : await openPostgresStore({ url, ...common });
  await store.begin('growth');
  let next = 0;
  let from = performance.now();
  const writer = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      await store.record(recordingOf(n, all));
      if ((n + 1) % 100_000 === 0) {
        say(`${name}: ${n + 1} recorded, the last 100,000 at ${Math.round(100_000_000 / (performance.now() - from))}/s, ${megabytes(process.memoryUsage().rss)} here`);
        from = performance.now();
      }
    }
  };
  await Promise.all(Array.from({ length: 200 }, writer));
  await store.close('growth');
  return { name, data, store: url ?? `sqlite:${join(data, 'fourthwall.db')}` };
}

// a bench that fails leaves nothing running
const children = new Set<ChildProcess>();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });

interface Asked { readonly control: string; readonly startMs: number; memory(): Promise<number>; stop(): Promise<void> }

async function start({ name, data, store }: Grown): Promise<Asked> {
  const config = join(directory, `${name}-config`);
  await mkdir(config, { recursive: true });
  await writeFile(join(config, 'policy.yaml'), 'version: 1\ndefault: reject\nrules: []\n');
  const at = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../src/cli/fourthwall.ts', import.meta.url)), 'start',
    ...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((port) => [`--${port}-port`, '0']), '--data', data, '--config', config, '--log-level', 'error'],
    { env: { ...process.env, FOURTHWALL_STORE: store }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith('fourthwall ready ')) continue;
    const startMs = performance.now() - at;
    return {
      startMs,
      control: `http://127.0.0.1:${/control=(\d+)/.exec(line)![1]}`,
      memory: async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))![1]) * 1024,
      async stop() {
        child.kill('SIGTERM');
        await once(child, 'exit');
        children.delete(child);
      },
    };
  }
  throw new Error('the gateway did not start');
}

const day = (n: number): string => new Date(began + n * 86_400_000).toISOString();
/** What people and tests ask; `total`: what the generator knows. */
const questions: readonly { readonly ask: string; readonly path: string; readonly total?: (one: ReturnType<typeof recordingOf>['draft']) => boolean }[] = [
  { ask: 'the newest', path: '/api/captures', total: () => true },
  { ask: 'a page in the middle', path: `/api/captures?before=${all >> 1}`, total: () => true },
  { ask: 'a common channel', path: '/api/captures?channel=email', total: (one) => one.channels[0] === 'email' },
  { ask: 'two common values', path: '/api/captures?channel=email&service=crm', total: (one) => one.channels[0] === 'email' && one.origin.service === 'crm' },
  { ask: 'two common values that exclude each other', path: '/api/captures?channel=email&provider=stripe', total: () => false },
  { ask: 'a service only the oldest have', path: '/api/captures?service=legacy&action=capture', total: (one) => one.origin.service === 'legacy' && one.decision.action === 'capture' },
  { ask: 'a service only the newest have', path: '/api/captures?service=newsletter', total: (one) => one.origin.service === 'newsletter' },
  { ask: 'rejected', path: '/api/captures?action=reject', total: (one) => one.decision.action === 'reject' },
  { ask: 'real recipients', path: '/api/captures?standing=real' },
  { ask: 'findings', path: '/api/captures?finding=placeholder', total: (one) => one.findings.length > 0 },
  { ask: 'a host', path: '/api/captures?host=api.twilio.com' },
  { ask: 'a host and a service only the oldest have', path: '/api/captures?host=api.twilio.com&service=legacy' },
  { ask: 'a run', path: '/api/captures?run=ci-77', total: (one) => one.run === 'ci-77' },
  { ask: 'a run and a channel', path: '/api/captures?run=ci-3&channel=payment', total: (one) => one.run === 'ci-3' && one.channels[0] === 'payment' },
  { ask: 'a recipient', path: '/api/captures?recipient=customer7@mail7.example' },
  { ask: 'a domain', path: `/api/captures?recipient=${encodeURIComponent('*@mail7.example')}` },
  { ask: 'an order', path: `/api/captures?key=${encodeURIComponent(`order:ORD-${all >> 3}`)}`, total: (one) => one.keys[0]!.value === `ORD-${all >> 3}` },
  { ask: 'since yesterday', path: `/api/captures?since=${day(6)}` },
  { ask: 'one hour long ago', path: `/api/captures?since=${day(2)}&until=${new Date(began + 2 * 86_400_000 + 3_600_000).toISOString()}` },
  { ask: 'a channel until long ago', path: `/api/captures?channel=sms&until=${day(1)}` },
  { ask: 'a word most have', path: `/api/captures?q=${vocabulary[0]}` },
  { ask: 'a common word', path: `/api/captures?q=${vocabulary[30]}` },
  { ask: 'a rare word', path: `/api/captures?q=${vocabulary[9_000]}` },
  { ask: 'a word of one order', path: `/api/captures?q=${encodeURIComponent(`"ORD-${all >> 3}"`)}` },
  { ask: 'two common words', path: `/api/captures?q=${vocabulary[5]}+${vocabulary[9]}` },
  { ask: 'a phrase', path: `/api/captures?q=${encodeURIComponent(`"${vocabulary[3]} ${vocabulary[4]}"`)}` },
  { ask: 'the beginning of a word', path: `/api/captures?q=${vocabulary[3_000]!.slice(0, 5)}*` },
  { ask: 'a word and a service', path: `/api/captures?q=${vocabulary[30]}&service=billing` },
  { ask: 'a word only the oldest can have', path: `/api/captures?q=${vocabulary[30]}&service=legacy` },
  { ask: 'a word nobody said', path: '/api/captures?q=zzzzzz' },
  { ask: 'counts of everything', path: '/api/counts?by=channel,provider,service,run,action,outcome,standing,finding' },
  { ask: 'counts of a channel', path: '/api/counts?by=channel,provider,service,run,action,outcome,standing,finding&channel=sms' },
  { ask: 'counts of a word', path: `/api/counts?by=channel,provider,service,run,action,outcome,standing,finding&q=${vocabulary[30]}` },
  { ask: 'counts since yesterday', path: `/api/counts?by=channel,provider,service,run,action,outcome,standing,finding&since=${day(6)}` },
  { ask: 'one whole capture', path: '/api/captures/latest' },
];

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;
const milliseconds = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
/** The value that a share of them does not exceed. */
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;

const empty = await grow('empty', 0);
const grown = await grow('grown', all);
const sizes = server === null ? await Promise.all((await readdir(grown.data)).filter((file) => file.startsWith('fourthwall.db')).map(async (file) => (await stat(join(grown.data, file))).size))
  : [Number((await server.query<{ size: string }>(grown.store, 'SELECT pg_database_size(current_database()) AS size'))[0]!.size)];
say(`${values.engine}: ${all} captures, ${megabytes(sizes.reduce((sum, size) => sum + size, 0))} stored`);

const starts: { empty: number[]; grown: number[] } = { empty: [], grown: [] };
for (let round = 0; round < 5; round += 1) {
  for (const [which, store] of [['empty', empty], ['grown', grown]] as const) {
    const gateway = await start(store);
    starts[which].push(gateway.startMs);
    await gateway.stop();
  }
}
say(`start to ready: empty ${milliseconds(spread(starts.empty)[1])} ms, grown ${milliseconds(spread(starts.grown)[1])} ms (${starts.grown.map(milliseconds).join(', ')})`);

const [small, large] = [await start(empty), await start(grown)];
const before = await large.memory();
const wrong: string[] = [];
const every: number[] = [];
const known = new Map(questions.filter(({ total }) => total !== undefined).map(({ ask }) => [ask, 0]));
for (let n = 0; n < all; n += 1) {
  const { draft } = recordingOf(n, all);
  for (const { ask, total } of questions) if (total?.(draft) === true) known.set(ask, known.get(ask)! + 1);
}
say('question | empty p50 | grown p50 | grown p95 | worst (ms) | total');
for (const { ask, path, total } of questions) {
  const times: { small: number[]; large: number[] } = { small: [], large: [] };
  let last: { total?: number; totalExact?: boolean } = {};
  for (let round = -2; round < rounds; round += 1) {
    for (const [which, { control }] of [['small', small], ['large', large]] as const) {
      const at = performance.now();
      const response = await fetch(`${control}${path}`);
      const text = await response.text();
      const took = performance.now() - at;
      if (which === 'large' && !response.ok) wrong.push(`${ask}: ${response.status} ${text.slice(0, 200)}`);
      if (which === 'large') last = JSON.parse(text) as typeof last;
      if (round >= 0) times[which].push(took);
    }
  }
  for (const list of [times.small, times.large]) list.sort((a, b) => a - b);
  every.push(...times.large);
  if (total !== undefined && last.totalExact !== false && last.total !== known.get(ask)) wrong.push(`${ask}: the total is ${last.total}, ${known.get(ask)} were recorded`);
  say(`${ask} | ${milliseconds(quantile(times.small, 0.5))} | ${milliseconds(quantile(times.large, 0.5))} | ${milliseconds(quantile(times.large, 0.95))} | ${milliseconds(times.large.at(-1)!)} | ${
    last.total === undefined ? '' : `${last.total}${last.totalExact === false ? '+' : ''}`}`);
}
every.sort((a, b) => a - b);
say(`all questions: p50 ${milliseconds(quantile(every, 0.5))} ms, p95 ${milliseconds(quantile(every, 0.95))} ms, worst ${milliseconds(every.at(-1)!)} ms`);
say(`memory of the gateway: ${megabytes(before)} after the start, ${megabytes(await large.memory())} after all questions; on the empty store ${megabytes(await small.memory())}`);
await small.stop();
await large.stop();
say(wrong.length === 0 ? 'stored = sent, and every total that is known is right' : `NOT VALID:\n${wrong.join('\n')}`);
await server?.close();
if (values.keep && server === null) say(`kept in ${directory}`);
else await rm(directory, { recursive: true, force: true });
process.exit(wrong.length === 0 ? 0 : 1);
