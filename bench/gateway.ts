import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

export interface BenchedGateway {
  readonly ports: Readonly<Record<string, number>>;
  /** captures in the store */
  stored(): Promise<number>;
  stop(): Promise<void>;
}

/** The real program with the default durability (`power`), on an empty store, pinned to one processor where taskset exists. */
export async function startGateway(pin: readonly string[]): Promise<BenchedGateway> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-bench-'));
  await mkdir(join(directory, 'config'));
  await writeFile(join(directory, 'config', 'policy.yaml'), [
    'version: 1', 'default: reject', 'rules:',
    '  - { id: everything, when: { channel: [email, sms, payment] }, then: capture, because: a benchmark sends nothing }', '',
  ].join('\n'));
  const [command = process.execPath, ...rest] = [...pin, process.execPath, join(root, 'src/cli/fourthwall.ts'), 'start',
    ...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']),
    '--data', join(directory, 'data'), '--config', join(directory, 'config'), '--log-level', 'error'];
  const child = spawn(command, rest, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  // a bench that fails leaves nothing running
  process.on('exit', () => child.kill('SIGKILL'));
  const ports = await readyPorts(child);
  return {
    ports,
    async stored() {
      const page = await (await fetch(`http://127.0.0.1:${ports['control']}/api/captures?limit=1`)).json() as { total: number };
      return page.total;
    },
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function readyPorts(child: ChildProcess): Promise<Record<string, number>> {
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith('fourthwall ready ')) {
      return Object.fromEntries([...line.matchAll(/(\S+)=(\d+)/g)].map(([, name, port]) => [name!, Number(port)]));
    }
  }
  throw new Error('the gateway did not start');
}

/** [lowest, median, highest] */
export function spread(values: readonly number[]): readonly [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
}

export const shown = ([low, middle, high]: readonly [number, number, number], digits = 0): string =>
  `${middle.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
