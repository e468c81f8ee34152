import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProxyAgent, request } from 'undici';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/** `fourthwall assert` in the real situations its three answers are about. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const partner = createServer((_incoming, outgoing) => outgoing.end('a real answer'));
let gateway: RunningGateway;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  partner.listen(0, '127.0.0.1');
  await once(partner, 'listening');
  const port = (partner.address() as { port: number }).port;
  gateway = await startGateway({
    policy: `version: 1
safe: { emails: ["*@example.test"] }
internal: [{ hosts: [localhost], cidrs: ["127.0.0.0/8", "::1/128"], ports: [${port}] }]
default: reject
rules:
  - { id: a-hole, when: { host: localhost, port: ${port} }, then: { forward: {} }, because: somebody believed this partner is harmless }
  - { id: understood, when: { channel: [email, sms, payment] }, then: capture, because: staging sends nothing }
`,
  });
});
afterAll(async () => {
  partner.close();
  await discard(gateway);
  await rm(scratch, { recursive: true, force: true });
});

async function fourthwall(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['src/cli/fourthwall.ts', ...args, '--url', gateway.control], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out, err };
}

const mail = (run: string): Promise<unknown> => createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true, auth: { user: `shop+${run}`, pass: 'x' } })
  .sendMail({ from: 'a@example.test', to: 'ann@example.test', subject: 'hello', text: 'x' });
const openRun = (name: string): Promise<unknown> =>
  gateway.api('/api/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, claims: [] }) });

describe('fourthwall assert', () => {
  it('says pass (0) when the run\'s mail was captured and nothing left', async () => {
    await openRun('good');
    await mail('good');
    const { code, out, err } = await fourthwall('assert', '--run', 'good', '--expect', 'no-real-sends,no-unrecognized,min-captures=1');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/pass/i);
  });

  it('says fail (1) when a call was forwarded by a rule that is not internal, and names offender, rule and the line to change', async () => {
    await openRun('leaky');
    await mail('leaky');
    const agent = new ProxyAgent({ uri: `http://127.0.0.1:${gateway.ports['http']}`, token: `Basic ${Buffer.from('shop+leaky:x').toString('base64')}`, proxyTunnel: false });
    const port = (partner.address() as { port: number }).port;
    const response = await request(`http://localhost:${port}/partner`, { dispatcher: agent });
    expect(await response.body.text()).toBe('a real answer');
    expect(response.headers['x-fourthwall-action']).toBe('forward');
    await agent.close();
    const junit = join(scratch, 'verdict.xml');
    const { code, out } = await fourthwall('assert', '--run', 'leaky', '--expect', 'no-real-sends', '--junit', junit);
    expect(code).toBe(1);
    expect(out).toContain('a-hole');
    expect(out).toContain(`localhost:${port}/partner`);
    expect(await readFile(junit, 'utf8')).toMatch(/<failure[^>]*>[^]*a-hole/);
  });

  it('says inconclusive (3) for a run nobody has heard of', async () => {
    const { code, out } = await fourthwall('assert', '--run', 'never-was', '--expect', 'no-real-sends');
    expect(code).toBe(3);
    expect(out).toMatch(/inconclusive/i);
    expect(out).toContain('never-was');
  });

  it('says inconclusive (3) when nothing was captured, unless min-captures=0 is said', async () => {
    await openRun('silent');
    expect((await fourthwall('assert', '--run', 'silent')).code).toBe(3);
    expect((await fourthwall('assert', '--run', 'silent', '--expect', 'no-real-sends,min-captures=0')).code).toBe(0);
  });

  it('says inconclusive (3) when the gateway crashed and was started again inside the run', async () => {
    await openRun('crashed');
    await mail('crashed');
    expect((await fourthwall('assert', '--run', 'crashed')).code).toBe(0);
    await gateway.kill();
    gateway = await startGateway({ directory: gateway.directory, policy: await readFile(join(gateway.directory, 'config', 'policy.yaml'), 'utf8') });
    await mail('crashed');
    const { code, out } = await fourthwall('assert', '--run', 'crashed');
    expect(code).toBe(3);
    expect(out).toMatch(/crash/i);
  });

  it('says what is wrong and ends with 2 for an unknown expectation or an unreachable gateway', async () => {
    const typo = await fourthwall('assert', '--expect', 'no-real-send');
    expect(typo.code).toBe(2);
    expect(typo.err).toContain('no-real-send');
    const child = spawn(process.execPath, ['src/cli/fourthwall.ts', 'assert', '--url', 'http://127.0.0.1:1'], { cwd: root, stdio: 'ignore' });
    expect((await once(child, 'close'))[0]).toBe(2);
  });
});
