import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { ended, fourthwallRun, plainEnv, printed, root } from './fourthwall-run.ts';

let gateway: RunningGateway;
let directory: string;
beforeAll(async () => {
  gateway = await startGateway();
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-run-test-'));
});
afterAll(async () => {
  await discard(gateway);
  await rm(directory, { recursive: true, force: true });
});

const printEnv = [process.execPath, '-e', 'console.log(JSON.stringify(process.env))'];
const cli = ['src/cli/fourthwall.ts', 'run'];

describe('the command', () => {
  it.each([[['-c', 'exit 0'], 0], [['-c', 'exit 7'], 7], [['-c', 'kill -TERM $$'], 143], [['-c', 'kill -KILL $$'], 137]])('sh %j ends with %i, and so do we', async (args, code) => {
    expect((await fourthwallRun(gateway, ['sh', ...args])).code).toBe(code);
  });

  it('has our standard streams', async () => {
    expect(await fourthwallRun(gateway, ['sh', '-c', 'echo out; echo err >&2'])).toEqual({ code: 0, out: 'out\n', err: 'err\n' });
  });

  it('is said to be missing with 127, and not executable with 126', async () => {
    expect(await fourthwallRun(gateway, ['no-such-command'])).toMatchObject({ code: 127, err: 'fourthwall: no-such-command cannot be started: there is no such command\n' });
    const file = join(directory, 'not-executable');
    await writeFile(file, 'x', { mode: 0o600 });
    expect(await fourthwallRun(gateway, [file])).toMatchObject({ code: 126, err: `fourthwall: ${file} cannot be started: it is not executable\n` });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('gets our %s and may end as it likes', async (signal) => {
    const child = spawn(process.execPath, [...cli, '--url', gateway.control, '--', process.execPath, '-e',
      `process.on('${signal}', () => { console.log('told'); process.exit(5); }); setInterval(() => {}, 1000); console.log('ready')`], { cwd: root, env: plainEnv(), stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');
    child.kill(signal);
    expect((await lines.next()).value).toBe('told');
    expect(await once(child, 'close')).toEqual([5, null]);
  });

  it('does not start without a gateway', async () => {
    const { code, out, err } = await ended(process.execPath, [...cli, '--url', 'http://127.0.0.1:1', '--', 'echo', 'started'], plainEnv());
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^fourthwall: http:\/\/127\.0\.0\.1:1 does not answer: /);
  });

  it('does not start under a name that is none', async () => {
    expect(await fourthwallRun(gateway, ['echo', 'started'], { options: ['--run', 'a b'] })).toMatchObject({ code: 2, out: '' });
    expect(await fourthwallRun(gateway, ['echo', 'started'], { options: ['--service', 'Shop!'] })).toMatchObject({ code: 2, out: '' });
  });

  it('does not start through a gateway that takes no HTTP', async () => {
    const control = createServer((_request, response) => void response.setHeader('content-type', 'application/json')
      .end(JSON.stringify({ proxyUrl: null, smtp: null, smtps: null, smtpUser: 'unattributed', env: { FOURTHWALL_URL: 'http://127.0.0.1' } }))).listen(0, '127.0.0.1');
    await once(control, 'listening');
    const { port } = control.address() as AddressInfo;
    const { code, out, err } = await ended(process.execPath, [...cli, '--url', `http://127.0.0.1:${port}`, '--', 'echo', 'started'], plainEnv());
    control.close();
    expect([code, out, err]).toEqual([2, '', 'fourthwall: the gateway has no HTTP port open (--http-port off), so nothing can be run through it\n']);
  });
});

describe('fourthwall env', () => {
  it('writes the files and names them where the service will see them', async () => {
    const folder = join(directory, 'files for a container');
    const { code, out } = await ended(process.execPath, ['src/cli/fourthwall.ts', 'env', '--url', gateway.control, '--service', 'shop', '--format', 'dotenv', '--write', folder, '--files', '/etc/fourthwall'], plainEnv());
    expect(code).toBe(0);
    expect(parseEnv(out)).toMatchObject({
      NODE_OPTIONS: '--require /etc/fourthwall/preload.cjs', NODE_EXTRA_CA_CERTS: '/etc/fourthwall/ca.pem', SSL_CERT_FILE: '/etc/fourthwall/ca-bundle.pem',
      HTTPS_PROXY: `http://shop:token@127.0.0.1:${gateway.ports['http']}`,
    });
    expect((await readdir(folder)).sort()).toEqual(['ca-bundle.pem', 'ca.pem', 'preload.cjs', 'truststore.p12']);
    expect(await readFile(join(folder, 'ca.pem'), 'utf8')).toBe(await readFile(gateway.caFile, 'utf8'));
  });

  it('is a shell\'s whole set-up', async () => {
    const { code, out } = await ended('sh', ['-c', `eval "$("$NODE" src/cli/fourthwall.ts env --url "$URL" --service shop --run by-shell)" && exec "$NODE" test/clients/apps/calls.mjs fetch`], plainEnv({ NODE: process.execPath, URL: gateway.control }));
    expect(code).toBe(0);
    expect(await gateway.api(`/api/captures/${(JSON.parse(out) as { capture: string }).capture}`)).toMatchObject({ service: 'shop', run: 'by-shell' });
  });
});

describe('its environment', () => {
  const environment = async (more: Parameters<typeof fourthwallRun>[2] = {}): Promise<Record<string, string>> => printed(await fourthwallRun(gateway, printEnv, more));

  it('names the gateway, the service, the space and the run', async () => {
    const env = await environment({ options: ['--space', 'blue', '--service', 'shop', '--run', 'ci-7'] });
    const proxy = `http://blue%2Fshop+ci-7:token@127.0.0.1:${gateway.ports['http']}`;
    expect(env).toMatchObject({
      HTTPS_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy, FOURTHWALL_PROXY: proxy, FOURTHWALL_RUN: 'ci-7', FOURTHWALL_URL: gateway.control,
      SMTP_HOST: '127.0.0.1', SMTP_PORT: String(gateway.ports['smtp']), SMTP_USER: 'blue/shop+ci-7', FOURTHWALL_SMTPS: `127.0.0.1:${gateway.ports['smtps']}`,
    });
  });

  it('registers no run', async () => {
    await environment({ options: ['--run', 'never-opened'] });
    expect((await gateway.api<{ items: { name: string }[] }>('/api/runs')).items.map(({ name }) => name)).not.toContain('never-opened');
  });

  it('replaces NO_PROXY, by which calls would leave', async () => {
    const env = await environment({ env: { NO_PROXY: 'api.stripe.com', no_proxy: '*' }, options: ['--bypass', 'db', '*.internal.test'] });
    expect([env['NO_PROXY'], env['no_proxy']]).toEqual(Array.from({ length: 2 }, () => 'localhost,127.0.0.1,::1,db,.internal.test'));
    expect(env['FOURTHWALL_BYPASS']).toBe('db,*.internal.test');
  });

  it('keeps what NODE_OPTIONS and JAVA_TOOL_OPTIONS said', async () => {
    const env = await environment({ env: { NODE_OPTIONS: '--max-old-space-size=300', JAVA_TOOL_OPTIONS: '-Xmx64m' } });
    expect(env['NODE_OPTIONS']).toMatch(/^--require \S+\/preload\.cjs --max-old-space-size=300$/);
    expect(env['JAVA_TOOL_OPTIONS']).toMatch(/^-Xmx64m .* -Djavax\.net\.ssl\.trustStore=\S+\/truststore\.p12 -Djavax\.net\.ssl\.trustStorePassword=changeit$/);
    expect(env['JAVA_TOOL_OPTIONS']).toContain(` -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=${gateway.ports['http']} -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${gateway.ports['http']} -Dhttp.nonProxyHosts=localhost|127.*|[::1]`);
  });

  it('loads the preload from a directory with blanks and quotes in its name', async () => {
    const odd = join(directory, `it's "odd" \\ here`);
    await mkdir(odd);
    const { code, out } = await fourthwallRun(gateway, [process.execPath, '-p', `Symbol.for('fourthwall.preload') in globalThis`], { env: { TMPDIR: odd } });
    expect([code, out]).toEqual([0, 'true\n']);
  });

  it('keeps roots that it trusted already, and its files go with it', async () => {
    const own = join(directory, 'own.pem');
    await writeFile(own, '-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----');
    const { out } = await fourthwallRun(gateway, ['sh', '-c', 'echo "$NODE_EXTRA_CA_CERTS"; grep -c BEGIN "$NODE_EXTRA_CA_CERTS"; grep -c ^ours "$SSL_CERT_FILE"; stat -c %a "$(dirname "$SSL_CERT_FILE")"'], { env: { NODE_EXTRA_CA_CERTS: own } });
    const [file, certificates, inBundle, mode] = out.split('\n');
    expect([certificates, inBundle, mode]).toEqual(['2', '1', '700']);
    expect(existsSync(file!)).toBe(false);
  });
});
