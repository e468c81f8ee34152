import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunningGateway } from '../support/gateway.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = fileURLToPath(new URL('../../src/cli/fourthwall.ts', import.meta.url));

export interface Ended { readonly code: number | null; readonly out: string; readonly err: string }

/** The environment of these tests without what vitest and the machine put there. */
export function plainEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...TMPDIR === undefined ? {} : { TMPDIR }, ...more };
}

/** `fourthwall run [options] -- command`, as a real process. */
export async function fourthwallRun(gateway: RunningGateway, command: readonly string[], more: { readonly options?: readonly string[]; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {}): Promise<Ended> {
  return ended(process.execPath, [cli, 'run', '--url', gateway.control, ...more.options ?? [], '--', ...command], plainEnv(more.env), more.cwd);
}

export async function ended(file: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd: string = root): Promise<Ended> {
  const child = spawn(file, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out, err };
}

/** What a script of test/clients/apps printed as JSON. */
export function printed<T>({ code, out, err }: Ended): T {
  if (code !== 0) throw new Error(`ended with ${code}:\n${err}\n${out}`);
  return JSON.parse(out) as T;
}
