import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { Agent, request } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/**
 * Promise P1: what was acknowledged is committed. Twenty clients write down every id they were given; the gateway is
 * killed with SIGKILL at some moment under load, started again on its data, and asked for every id.
 */
const rounds = Number(process.env['FOURTHWALL_CRASH_ROUNDS'] ?? 5);
const clients = 10;

let gateway: RunningGateway | undefined;
afterEach(() => discard(gateway));

interface Target { readonly smtp: number; readonly http: number }

/** Sends over both protocols until the other side is gone. Resolves to every id that was acknowledged. */
async function load({ smtp, http }: Target, acknowledged: string[], enough: () => void, wanted: number): Promise<void> {
  const noted = (id: string | undefined): void => {
    if (id === undefined) throw new Error('an acknowledgement without an id');
    acknowledged.push(id);
    if (acknowledged.length >= wanted) enough();
  };
  const agent = new Agent({ connections: clients, headersTimeout: 5_000 });
  const transport = createTransport({ host: '127.0.0.1', port: smtp, ignoreTLS: true, pool: true, maxConnections: clients, maxMessages: Infinity });
  const mails = async (): Promise<void> => {
    for (let n = 0; ; n++) {
      const sent = await transport.sendMail({ from: 'load@example.test', to: `m${n}@example.test`, subject: `mail ${n}`, text: 'x'.repeat(500) });
      noted(/captured (cap_\w+)/.exec(sent.response)?.[1]);
    }
  };
  const calls = async (): Promise<void> => {
    for (let n = 0; ; n++) {
      const response = await request(`http://127.0.0.1:${http}/~/api.sendgrid.com/v3/mail/send`, {
        dispatcher: agent, method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
        body: JSON.stringify({ personalizations: [{ to: [{ email: `h${n}@example.test` }] }], from: { email: 'a@example.test' }, subject: `call ${n}`, content: [{ type: 'text/plain', value: 'x' }] }),
      });
      await response.body.dump();
      if (response.statusCode !== 202) throw new Error(`not acknowledged: ${response.statusCode}`);
      noted(response.headers['x-fourthwall-capture'] as string | undefined);
    }
  };
  await Promise.allSettled(Array.from({ length: clients }, () => [mails(), calls()]).flat());
  transport.close();
  await agent.destroy();
}

async function storedIds(running: RunningGateway): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let before: number | null = null; ;) {
    const page: { items: { id: string }[]; next: number | null } = await running.api(`/api/captures?limit=500${before === null ? '' : `&before=${before}`}`);
    for (const { id } of page.items) ids.add(id);
    if (page.next === null) return ids;
    before = page.next;
  }
}

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
      load({ smtp: running.ports['smtp']!, http: running.ports['http']! }, acknowledged, kill, before + 200 + Math.floor(Math.random() * 400)).then(resolve, reject);
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
