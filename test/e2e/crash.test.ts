import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { load, storedIds, targetOf, type Target } from '../support/acknowledged-load.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/**
 * Promise P1: what was acknowledged is committed. Twenty clients write down every id they were given; the gateway is
 * killed with SIGKILL at some moment under load, started again on its data, and asked for every id.
 */
const rounds = Number(process.env['FOURTHWALL_CRASH_ROUNDS'] ?? 5);

let gateway: RunningGateway | undefined;
afterEach(() => discard(gateway));

it(`no acknowledged capture is lost when the gateway is killed under load over SMTP and HTTP, ${rounds} rounds`, async () => {
  const acknowledged: string[] = [];
  gateway = await startGateway();
  const lost: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = acknowledged.length;
    const running: RunningGateway = gateway;
    // a different moment each round, and always in the middle of traffic
    await new Promise<void>((resolve, reject) => {
      let killed = false;
      const kill = (): void => { if (!killed) { killed = true; running.process.kill('SIGKILL'); } };
      load(targetOf(running), acknowledged, kill, before + 200 + Math.floor(Math.random() * 400)).then(resolve, reject);
    });
    await running.kill();
    gateway = await startGateway({ directory: running.directory });
    const stored = await storedIds(gateway);
    lost.push(...acknowledged.filter((id) => !stored.has(id)));
    expect(acknowledged.length).toBeGreaterThan(before + 199);
  }
  expect(lost).toEqual([]);
}, 60_000 + rounds * 30_000);

it('a control that acknowledges before it commits is caught by the same test', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  const child = spawn(process.execPath, [fileURLToPath(new URL('./apps/ack-first-gateway.ts', import.meta.url)), directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line') as [string];
  const acknowledged: string[] = [];
  await load(JSON.parse(line) as Target, acknowledged, () => child.kill('SIGKILL'), 300);
  gateway = await startGateway({ directory });
  const stored = await storedIds(gateway);
  expect(stored.size).toBeGreaterThan(0);
  expect(acknowledged.filter((id) => !stored.has(id)).length).toBeGreaterThan(0);
  await rm(directory, { recursive: true, force: true });
}, 60_000);
