import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { everyHost } from './clients-table.ts';
import { ended, fourthwallRun, plainEnv, printed } from './fourthwall-run.ts';

/** Real programs of other runtimes. A runtime or library that is not on this machine is said to be missing, not passed over. */
interface Call { readonly status?: number; readonly capture?: string; readonly error?: string; readonly missing?: string }

const works = (file: string, ...args: string[]): boolean => spawnSync(file, args, { stdio: 'ignore' }).status === 0;
const python = works('python3', '--version');
const go = works('go', 'version');
const java = works('java', '--version');
const apps = fileURLToPath(new URL('./apps/', import.meta.url));
const built = mkdtempSync(join(tmpdir(), 'fourthwall-go-'));
const goCalls = join(built, 'calls');

let gateway: RunningGateway;
let strict: RunningGateway;
beforeAll(async () => {
  [gateway, strict] = await Promise.all([startGateway({ policy: everyHost }), startGateway()]);
  if (go) {
    const made = await ended('go', ['build', '-o', goCalls, '.'], plainEnv({ GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' }), join(apps, 'go'));
    expect(made, made.err).toMatchObject({ code: 0 });
  }
}, 180_000);
afterAll(async () => {
  await discard(gateway);
  await discard(strict);
  rmSync(built, { recursive: true, force: true });
});

it.skipIf(python)('Python is not run here: there is no python3 on this machine', () => undefined);
it.skipIf(go)('Go is not run here: there is no go on this machine', () => undefined);

it.skipIf(java)('Java is not run here: there is no java on this machine', () => undefined);

it.runIf(java)('Java java.net.http is captured under `fourthwall run`', async () => {
  const { capture } = printed<Call>(await fourthwallRun(gateway, ['java', join(apps, 'Calls.java')], { options: ['--service', 'shop'] }));
  expect(await gateway.api(`/api/captures/${capture}`)).toMatchObject({ service: 'shop', run: 'other-runtimes', action: 'capture' });
});

const pythonCalls = ['with_urllib', 'with_requests', 'with_boto3', 'with_stripe', 'with_twilio', 'with_sendgrid', 'with_smtplib'];
const goes = ['net/http', 'net/smtp'];

describe.each([
  ...python ? pythonCalls.map((call) => ({ runtime: 'Python', command: ['python3', join(apps, 'calls.py')], call })) : [],
  ...go ? goes.map((call) => ({ runtime: 'Go', command: [goCalls], call })) : [],
])('$runtime $call', ({ command, call }) => {
  it('is captured under `fourthwall run`, as its service and run', async ({ skip }) => {
    const { missing, capture, error } = printed<Call>(await fourthwallRun(gateway, [...command, call], { options: ['--service', 'shop', '--run', 'other-runtimes'] }));
    if (missing !== undefined) skip(`the library ${missing} is not installed on this machine`);
    expect(error).toBeUndefined();
    expect(await gateway.api(`/api/captures/${capture}`)).toMatchObject({ service: 'shop', run: 'other-runtimes', action: 'capture' });
  });

  it('is captured when the network leads to the gateway', async ({ skip }) => {
    const { http, tls, smtp, smtps } = gateway.ports;
    const bundle = join(gateway.directory, 'data', 'ca', 'ca-bundle.pem');
    const [file = '', ...args] = [...command, call];
    const { missing, capture, error } = printed<Call>(await ended(file, args, plainEnv({
      TRANSPARENT_PORTS: JSON.stringify({ 80: http, 443: tls, 587: smtp, 465: smtps }), SSL_CERT_FILE: bundle, REQUESTS_CA_BUNDLE: bundle, AWS_CA_BUNDLE: bundle,
    })));
    if (missing !== undefined) skip(`the library ${missing} is not installed on this machine`);
    expect(error).toBeUndefined();
    expect(await gateway.api(`/api/captures/${capture}`)).toMatchObject({ action: 'capture', run: null });
  });
});

describe.each([
  ...python ? [{ runtime: 'Python', command: ['python3', join(apps, 'calls.py'), 'unknown_host'] }] : [],
  ...go ? [{ runtime: 'Go', command: [goCalls, 'an unknown host'] }] : [],
])('$runtime under `fourthwall run`', ({ command }) => {
  it('is refused a host that no rule allows', async () => {
    const { error, status } = printed<Call>(await fourthwallRun(strict, command, { options: ['--service', 'shop'] }));
    expect([status, error?.includes('403') === true || error?.includes('Forbidden') === true]).toEqual([undefined, true]);
    expect(await strict.api('/api/captures/latest')).toMatchObject({ service: 'shop', action: 'reject', rule: 'default' });
  });
});
