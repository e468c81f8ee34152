import { spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { afterAll, describe, expect, it } from 'vitest';
import { discard, startGateway } from '../support/gateway.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true, force: true }))));

/** Runs `fourthwall start` until it ends by itself. */
async function ended(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  made.push(directory);
  await mkdir(join(directory, 'config'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, 'config', name)), { recursive: true });
    await writeFile(join(directory, 'config', name), text);
  }
  const child = spawn(process.execPath, ['src/cli/fourthwall.ts', 'start', '--config', join(directory, 'config'), '--data', join(directory, 'data'), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out, err };
}

const everyPort = ['http', 'tls', 'smtp', 'smtps', 'control', 'preview'];
const free = everyPort.flatMap((name) => [`--${name}-port`, '0']);
const policy = 'version: 1\ndefault: reject\nrules: []\n';

describe('fourthwall start', () => {
  it.each([
    ['a role that is none', 'users: [{ name: ann, password: "${HOME}", role: boss }]', /users\[0\]\.role/],
    ['a password written out', 'users: [{ name: ann, password: hunter2, role: reader }]', /users\[0\]\.password: .*secrets are never written here/],
    ['a variable that is not set', 'users: [{ name: ann, password: "${NOT_SET_ANYWHERE}", role: reader }]', /NOT_SET_ANYWHERE/],
    ['a space that is none', 'tokens: [{ name: t, token: "${HOME}", role: ci, spaces: ["Blue Space"] }]', /tokens\[0\]\.spaces\[0\]/],
    ['two tokens that are the same', 'tokens: [{ name: a, token: "${HOME}", role: ci }, { name: b, token: "${HOME}", role: admin }]', /tokens\[1\]\.token/],
    ['a user twice', 'users: [{ name: ann, password: "${HOME}", role: reader }, { name: ann, password: "${PATH}", role: admin }]', /users\[1\]\.name/],
  ])('ends with 2 for %s, and tells no secret', async (_what, gateway, told) => {
    const { code, out, err } = await ended(free, { 'policy.yaml': policy, 'gateway.yaml': `${gateway}\n` });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(told);
    expect(err).not.toContain('hunter2');
  });

  it('holds roles, scopes and users that were refused before; with users no token is made for other machines', async () => {
    const gateway = await startGateway({
      args: ['--control-host', '0.0.0.0'], env: { FOURTHWALL_TOKEN: '', ANN: 'a password of ann', CI: 'a-token-of-ci' },
      gateway: 'users: [{ name: ann, password: "${ANN}", role: reader, spaces: [blue] }]\ntokens: [{ name: ci, token: "${CI}", role: ci, services: [shop] }]\n',
    });
    try {
      const me = async (init: RequestInit): Promise<unknown> => (await fetch(`${gateway.control}/api/me`, init)).json();
      expect(await me({})).toMatchObject({ status: 401 });
      expect(await me({ headers: { authorization: 'Bearer a-token-of-ci' } })).toEqual({ name: 'ci', role: 'ci', masked: true, spaces: [], services: ['shop'] });
      const signed = await fetch(`${gateway.control}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'ann', password: 'a password of ann' }) });
      expect(await me({ headers: { cookie: signed.headers.get('set-cookie')!.split(';')[0]! } })).toEqual({ name: 'ann', role: 'reader', masked: true, spaces: ['blue'], services: [] });
      expect(gateway.log()).not.toMatch(/token=|a password of ann|a-token-of-ci/);
    } finally {
      await discard(gateway);
    }
  });

  it('prints one ready line with every listener in the order of the table and nothing else on standard output', async () => {
    const gateway = await startGateway();
    try {
      expect(Object.keys(gateway.ports)).toEqual(everyPort);
      for (const port of Object.values(gateway.ports)) expect(port).toBeGreaterThan(0);
      expect((await stat(join(gateway.directory, 'data', 'ca', 'ca-key.pem'))).mode & 0o777).toBe(0o600);
    } finally {
      await discard(gateway);
    }
  });

  it('ends with 0 after a drain on SIGTERM, and what it acknowledged is there after a restart', async () => {
    const first = await startGateway();
    const sent = await createTransport({ host: '127.0.0.1', port: first.ports['smtp'], ignoreTLS: true }).sendMail({ from: 'a@example.test', to: 'b@example.test', subject: 'kept', text: 'x' });
    expect(await first.stop()).toBe(0);
    const second = await startGateway({ directory: first.directory });
    try {
      const id = /captured (cap_\w+)/.exec(sent.response)![1];
      expect(await second.api(`/api/captures/${id}`)).toMatchObject({ title: 'kept', outcome: 'captured' });
    } finally {
      await discard(second);
    }
  });

  it('ends with 2 and names every wrong flag at once', async () => {
    const { code, out, err } = await ended(['--http-port', 'many', '--colour', 'blue']);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('--http-port');
    expect(err).toContain('--colour');
  });

  it('ends with 2 and names file, line, key, found and expected of every problem in all files', async () => {
    const { code, err } = await ended(free, {
      'gateway.yaml': 'durability: perhaps\n',
      'policy.yaml': 'version: 1\ndefault: forward\nrules:\n  - { id: a, when: { hosts: x }, then: capture, because: y }\n',
      'seeds/stripe.yaml': 'provider: stripe\nobjects:\n  customer:\n    cus_1: { emial: ada@example.test }\n',
    });
    expect(code).toBe(2);
    expect(err).toMatch(/gateway\.yaml:1.*durability.*perhaps/s);
    expect(err).toMatch(/policy\.yaml:2.*default.*forward/s);
    expect(err).toMatch(/policy\.yaml:4.*hosts/s);
    expect(err).toMatch(/seeds.stripe\.yaml:4:5: objects\.customer\.cus_1: .*emial/);
  });

  it('names dns behind the other listeners, and ends with 2 where it could not know which address to answer', async () => {
    const gateway = await startGateway({ args: ['--dns-port', '0'] });
    try {
      expect(Object.keys(gateway.ports)).toEqual([...everyPort, 'dns']);
      const resolver = new Resolver();
      resolver.setServers([`127.0.0.1:${gateway.ports['dns']}`]);
      expect(await resolver.resolve4('api.stripe.com')).toEqual(['127.0.0.1']);
    } finally {
      await discard(gateway);
    }
    const { code, err } = await ended([...free, '--dns-port', '0', '--host', '0.0.0.0'], { 'policy.yaml': policy });
    expect(code).toBe(2);
    expect(err).toContain('--dns-port: expected gateway.yaml with dns: { answer:');
  });

  it('ends with 2 on a first start without a policy', async () => {
    const { code, err } = await ended(free);
    expect(code).toBe(2);
    expect(err).toContain('policy.yaml');
  });

  it('ends with 1 and one plain line when a port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, out, err } = await ended([...free.slice(2), '--http-port', String(port)], { 'policy.yaml': policy });
    taken.close();
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/EADDRINUSE|in use/);
  });

  it('ends with 1 and never recreates a store that is not one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
    made.push(directory);
    const file = join(directory, 'other.db');
    await writeFile(file, 'this is no database, it is somebody\'s diary\n'.repeat(200));
    const { code, err } = await ended([...free, '--store', `sqlite:${file}`], { 'policy.yaml': policy });
    expect(code).toBe(1);
    expect(err).toContain('other.db');
    expect((await stat(file)).size).toBe('this is no database, it is somebody\'s diary\n'.length * 200);
  });
});
