import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface RunningGateway {
  readonly directory: string;
  /** numbers from the ready line: http, tls, smtp, smtps, control, preview, 'reverse:<host>' */
  readonly ports: Readonly<Record<string, number>>;
  readonly control: string;
  readonly caFile: string;
  readonly process: ChildProcess;
  /** what it logged so far */
  log(): string;
  /** proxy address for a service, as interface.md writes it */
  proxy(user?: string): string;
  api<T = Record<string, unknown>>(path: string, init?: RequestInit): Promise<T>;
  /** SIGTERM, resolves with the exit code */
  stop(): Promise<number | null>;
  /** SIGKILL */
  kill(): Promise<void>;
}

export interface GatewaySettings {
  readonly policy?: string;
  readonly gateway?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** default 'info' */
  readonly logLevel?: string;
  readonly args?: readonly string[];
  /** a program that runs the gateway as its own process, such as a tracer */
  readonly under?: readonly string[];
  /** an earlier gateway's directory, to start again on its data */
  readonly directory?: string;
}

/** The real program, as a child process on free ports, with its own data and config directories. */
export async function startGateway(settings: GatewaySettings = {}): Promise<RunningGateway> {
  const directory = settings.directory ?? await mkdtemp(join(tmpdir(), 'fourthwall-'));
  const config = join(directory, 'config');
  await mkdir(config, { recursive: true });
  if (settings.gateway !== undefined) await writeFile(join(config, 'gateway.yaml'), settings.gateway);
  await writeFile(join(config, 'policy.yaml'), settings.policy ?? capturePolicy);
  const [command = process.execPath, ...before] = [...(settings.under ?? []), process.execPath];
  const child = spawn(command, [
    ...before, 'src/cli/fourthwall.ts', 'start',
    ...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']),
    '--data', join(directory, 'data'), '--config', config, '--log-level', settings.logLevel ?? 'info', ...(settings.args ?? []),
  ], { cwd: root, env: { ...process.env, ...settings.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => { log += chunk.toString(); });
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => { if (line.startsWith('fourthwall ready ')) resolve(line); });
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code} before it was ready:\n${log}`)));
  });
  const line = await ready;
  const ports = Object.fromEntries([...line.matchAll(/(\S+)=(\d+)/g)].map(([, name, port]) => [name!, Number(port)]));
  const control = `http://127.0.0.1:${ports['control']}`;
  return {
    directory,
    ports,
    control,
    caFile: join(directory, 'data', 'ca', 'ca.pem'),
    process: child,
    log: () => log,
    proxy: (user = 'shop') => `http://${user}:token@127.0.0.1:${ports['http']}`,
    async api<T>(path: string, init?: RequestInit) {
      const response = await fetch(`${control}${path}`, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${path}: ${response.status} ${text}`);
      return (text === '' ? null : JSON.parse(text)) as T;
    },
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit') as [number | null];
      return code;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Ends the gateway and removes what it wrote. */
export async function discard(gateway: RunningGateway | undefined): Promise<void> {
  if (gateway === undefined) return;
  await gateway.kill();
  await rm(gateway.directory, { recursive: true, force: true });
}

export const capturePolicy = `version: 1
safe: { emails: ["*@example.test"], phones: ["+15005550006"] }
default: reject
rules:
  - { id: live-keys, when: { provider: stripe, liveness: live }, then: reject, because: a live key is never used }
  - { id: no-blocked, when: { recipients: { some: "blocked@example.test" } }, then: reject, because: this mailbox is closed }
  - { id: no-blocked-phone, when: { recipients: { some: "+15005550009" } }, then: reject, because: this number is closed }
  - { id: everything-we-understand, when: { channel: [email, sms, voice, push, chat, payment, verification] }, then: capture, because: staging sends nothing }
`;

/** Runs a small application of test/e2e/apps in its own process and gives what it printed as JSON. */
export async function runApp<T>(app: string, env: Readonly<Record<string, string>>): Promise<T> {
  const child = spawn(process.execPath, [join(root, 'test/e2e/apps', app)], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  if (code !== 0) throw new Error(`${app} ended with ${code}:\n${err}\n${out}`);
  return JSON.parse(out) as T;
}

/** What a service's environment holds when the proxy is its egress. */
export function proxyEnv(gateway: RunningGateway, user = 'shop'): Record<string, string> {
  const proxy = gateway.proxy(user);
  return {
    HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '',
    NODE_EXTRA_CA_CERTS: gateway.caFile, TWILIO_CA_BUNDLE: gateway.caFile,
  };
}
