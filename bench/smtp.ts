/**
 * SMTP capture beside `smtp-sink`, which throws everything away: the ceiling. Same client (`smtp-source`), same
 * messages, in turn A B A B; server on processor 0, client on processor 1 where `taskset` exists. A round counts only
 * when the client ended well and the store holds as many more captures as messages were sent.
 *   node smtp.ts [rounds=5] [messages=2000] [bytes=4096] [sessions=20]
 * Needs Debian's `postfix` (smtp-source, smtp-sink).
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { existsSync } from 'node:fs';
import { shown, spread, startGateway } from './gateway.ts';

const [rounds = 5, messages = 2000, bytes = 4096, sessions = 20] = process.argv.slice(2).map(Number);
const sinkPort = 20_025;
const at = (name: string): string | undefined => [`/usr/sbin/${name}`, `/usr/bin/${name}`].find((path) => existsSync(path));
const source = at('smtp-source');
const sink = at('smtp-sink');
if (source === undefined || sink === undefined) {
  process.stderr.write('smtp-source and smtp-sink are not installed: nothing was measured (Debian: apt-get install postfix)\n');
  process.exit(2);
}
const taskset = at('taskset');
const pinned = (processor: number): string[] => (taskset === undefined ? [] : [taskset, '-c', String(processor)]);

/** messages per second; -d: keep the connection */
async function send(port: number, keep: boolean): Promise<number> {
  const args = [...pinned(1), source!, ...(keep ? ['-d'] : []), '-s', String(sessions), '-m', String(messages), '-l', String(bytes),
    '-f', 'bench@example.test', '-t', 'someone@example.test', `127.0.0.1:${port}`];
  const started = process.hrtime.bigint();
  const child = spawn(args[0]!, args.slice(1), { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit') as [number | null];
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: this round does not count`);
  return messages / (Number(process.hrtime.bigint() - started) / 1e9);
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const up = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (up) return;
    spawnSync('sleep', ['0.05']);
  }
  throw new Error(`nothing listens on ${port}`);
}

const gateway = await startGateway(pinned(0));
const ceiling = spawn(pinned(0)[0] ?? sink, [...pinned(0).slice(1), ...(taskset === undefined ? [] : [sink]), '-u', 'nobody', `127.0.0.1:${sinkPort}`, '1000'], { stdio: 'ignore' });
process.on('exit', () => ceiling.kill());
await listening(sinkPort);
const wrong: string[] = [];
for (const keep of [true, false]) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const before = await gateway.stored();
    const rate = await send(gateway.ports['smtp']!, keep);
    const stored = await gateway.stored() - before;
    if (stored !== messages) wrong.push(`${stored} stored of ${messages} sent`);
    const top = await send(sinkPort, keep);
    if (round === 0) continue; // warm-up
    ours.push(rate);
    theirs.push(top);
  }
  const ratios = ours.map((rate, index) => rate / theirs[index]!);
  process.stdout.write(`${keep ? 'kept connections' : 'one connection a message'}, ${bytes} bytes, ${sessions} sessions, ${messages} messages, ${rounds} rounds:\n`
    + `  fourthwall ${shown(spread(ours))} msg/s, smtp-sink ${shown(spread(theirs))} msg/s, ratio ${shown(spread(ratios), 2)}\n`);
}
process.stdout.write(wrong.length === 0 ? 'stored = sent in every round\n' : `NOT VALID: ${wrong.join('; ')}\n`);
ceiling.kill();
await gateway.stop();
process.exit(wrong.length === 0 ? 0 : 1);
