import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/** `fourthwall doctor` beside a real gateway; what is outside stands on 127.0.0.2. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const outside = createServer((_request, response) => response.end('a real vendor'));
let gateway: RunningGateway;
let outsidePort: number;
beforeAll(async () => {
  outside.listen(0, '127.0.0.2');
  await once(outside, 'listening');
  outsidePort = (outside.address() as AddressInfo).port;
  gateway = await startGateway({ args: ['--dns-port', '0'] });
});
afterAll(async () => { outside.close(); await discard(gateway); });

interface Finding { readonly check: string; readonly subject: string; readonly state: string; readonly what: string; readonly remedy: string | null }

async function doctor(env: Readonly<Record<string, string>>, ...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ['src/cli/fourthwall.ts', 'doctor', '--url', gateway.control, ...args], {
    cwd: root, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out };
}

describe('fourthwall doctor', () => {
  it('finds nothing where the environment is the gateway\'s own and the rest is closed: 0', async () => {
    const { env } = await gateway.api<{ env: Record<string, string> }>('/api/connection?service=shop');
    const { code, out } = await doctor(env, '--json', '--tcp', '127.0.0.2:1', '--resolver', `127.0.0.1:${gateway.ports['dns']}`, '--canary', 'https://api.stripe.com/v1/balance');
    const { bypassed, findings } = JSON.parse(out) as { bypassed: boolean; findings: readonly Finding[] };
    expect([code, bypassed, findings.filter(({ state }) => state !== 'closed')]).toEqual([0, false, []]);
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(['tcp', 'dns', 'settings', 'ca', 'canary']));
    expect(findings.filter(({ check }) => check === 'canary').map(({ what }) => what)).toEqual(expect.arrayContaining([expect.stringMatching(/^captured as cap_/)]));
  });

  it('finds each way round and says how to close it: 1', async () => {
    const { code, out } = await doctor({ NO_PROXY: '*' }, '--tcp', `127.0.0.2:${outsidePort}`, '--resolver', `127.0.0.1:${gateway.ports['dns']}`, '--canary', `http://127.0.0.2:${outsidePort}/`);
    expect(code).toBe(1);
    expect(out).toMatch(/BYPASS {2}tcp {7}127\.0\.0\.2:\d+: .*\n\s+-> let the network drop/);
    expect(out).toMatch(/BYPASS {2}settings {2}NO_PROXY: excepts "\*"/);
    expect(out).toMatch(/BYPASS {2}canary {4}Node https .*answered 200 by somebody who is not the gateway/);
    expect(out).toMatch(/ok {6}dns/);
    expect(out).toMatch(/\d ways round the gateway\n$/);
  });
});
