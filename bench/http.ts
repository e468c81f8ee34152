/**
 * HTTP capture beside a bare Fastify handler that answers the same status and throws the body away: the ceiling. Same
 * client (autocannon), same request, in turn A B A B; server on processor 0, client on processor 1 where `taskset` exists.
 * A round counts only without errors and when the store holds as many more captures as answers were given.
 *   node http.ts [rounds=5] [seconds=5] [connections=50]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { shown, spread, startGateway } from './gateway.ts';

const [rounds = 5, seconds = 5, connections = 50] = process.argv.slice(2).map(Number);
const taskset = ['/usr/bin/taskset'].find((path) => existsSync(path));
const pinned = (processor: number): string[] => (taskset === undefined ? [] : [taskset, '-c', String(processor)]);
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

interface Round { readonly rate: number; readonly answers: number; readonly p99: number }

async function load(url: string): Promise<Round> {
  const args = [...pinned(1), process.execPath, here('http-load.ts'), url, String(seconds), String(connections)];
  const child = spawn(args[0]!, args.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  if (code !== 0) throw new Error('the load ended with an error: this round does not count');
  return JSON.parse(out) as Round;
}

const gateway = await startGateway(pinned(0));
const args = [...pinned(0), process.execPath, here('http-ceiling.ts')];
const ceiling = spawn(args[0]!, args.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => ceiling.kill());
const [port] = await once(createInterface({ input: ceiling.stdout }), 'line') as [string];
const ours: Round[] = [];
const theirs: Round[] = [];
const wrong: string[] = [];
for (let round = 0; round <= rounds; round++) {
  const before = await gateway.stored();
  const mine = await load(`http://127.0.0.1:${gateway.ports['http']}/~/api.sendgrid.com/v3/mail/send`);
  const stored = await gateway.stored() - before;
  // calls still open when the clock stopped are stored, though their answer was not counted
  if (stored < mine.answers || stored > mine.answers + connections) wrong.push(`${stored} stored of ${mine.answers} answered`);
  const top = await load(`http://127.0.0.1:${port}/v3/mail/send`);
  if (round === 0) continue; // warm-up
  ours.push(mine);
  theirs.push(top);
}
const ratios = ours.map(({ rate }, index) => rate / theirs[index]!.rate);
process.stdout.write(`POST /v3/mail/send, ${connections} connections, ${seconds} s, ${rounds} rounds:\n`
  + `  fourthwall ${shown(spread(ours.map(({ rate }) => rate)))} req/s, p99 ${shown(spread(ours.map(({ p99 }) => p99)))} ms\n`
  + `  bare fastify ${shown(spread(theirs.map(({ rate }) => rate)))} req/s, p99 ${shown(spread(theirs.map(({ p99 }) => p99)))} ms\n`
  + `  ratio ${shown(spread(ratios), 2)}\n`
  + (wrong.length === 0 ? 'stored = answered in every round\n' : `NOT VALID: ${wrong.join('; ')}\n`));
ceiling.kill();
await gateway.stop();
process.exit(wrong.length === 0 ? 0 : 1);
