import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { load, storedIds, targetOf, type Target } from '../support/acknowledged-load.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { startPostgres, type PostgresServer } from '../support/postgres.ts';

/** As crash.test.ts, on PostgreSQL, and with several gateways on one database. */
const rounds = Number(process.env['FOURTHWALL_CRASH_ROUNDS'] ?? 5);
const hashKey = 'ab'.repeat(32);

let server: PostgresServer;
let store: readonly string[];
const started: RunningGateway[] = [];
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());
beforeEach(async () => { store = ['--store', await server.database()]; });
afterEach(async () => { for (const gateway of started.splice(0)) await discard(gateway); });

const start = async (settings: { readonly directory?: string } = {}): Promise<RunningGateway> => {
  const gateway = await startGateway({ ...settings, args: store, env: { FOURTHWALL_HASH_KEY: hashKey } });
  started.push(gateway);
  return gateway;
};
/** Kills it in the middle of its traffic, at a different moment each time. Resolves when nobody sends any more. */
const killedUnderLoad = async (gateway: RunningGateway, acknowledged: string[], clients = 10): Promise<void> => {
  const kill = (): void => { gateway.process.kill('SIGKILL'); };
  await load(targetOf(gateway), acknowledged, kill, acknowledged.length + 100 + Math.floor(Math.random() * 200), clients);
  await gateway.kill();
};
const missing = async (from: RunningGateway, acknowledged: readonly string[]): Promise<readonly string[]> => {
  const stored = await storedIds(from);
  return acknowledged.filter((id) => !stored.has(id));
};

describe('kill -9 under load on PostgreSQL', () => {
  it(`loses no acknowledged capture, ${rounds} rounds over SMTP and HTTP`, async () => {
    const acknowledged: string[] = [];
    let gateway = await start();
    for (let round = 0; round < rounds; round++) {
      const before = acknowledged.length;
      await killedUnderLoad(gateway, acknowledged);
      expect(acknowledged.length).toBeGreaterThan(before + 99);
      gateway = await start({ directory: gateway.directory });
    }
    expect(await missing(gateway, acknowledged)).toEqual([]);
    const said = await gateway.api<{ verdict: string; reasons: readonly { expectation: string }[] }>('/api/assert?expect=min-captures=1');
    expect(said.verdict).toBe('inconclusive');
  }, 60_000 + rounds * 30_000);

  it('is a test that catches a gateway which acknowledges before it commits', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
    const child = spawn(process.execPath, [fileURLToPath(new URL('./apps/ack-first-gateway.ts', import.meta.url)), directory, ...store], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: child.stdout }), 'line') as [string];
    const acknowledged: string[] = [];
    await load(JSON.parse(line) as Target, acknowledged, () => child.kill('SIGKILL'), 300);
    const stored = await server.query<{ id: string }>(store[1]!, 'SELECT id FROM fourthwall.captures');
    expect(stored.length).toBeGreaterThan(0);
    const ids = new Set(stored.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id)).length).toBeGreaterThan(0);
    await rm(directory, { recursive: true, force: true });
  }, 120_000);
});

interface Said { readonly verdict: string; readonly reasons: readonly { readonly expectation: string; readonly why: string }[]; readonly counts: Readonly<Record<string, number>> }

describe('two gateways on one PostgreSQL', () => {
  const mail = async (gateway: RunningGateway, user: string, to = 'ann@example.test'): Promise<unknown> =>
    createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true, auth: { user, pass: 'x' } }).sendMail({ from: 'a@example.test', to, subject: 'hello', text: 'x' });
  const verdicts = async (gateways: readonly RunningGateway[], run: string, expected: string): Promise<readonly Said[]> =>
    Promise.all(gateways.map((gateway) => gateway.api<Said>(`/api/assert?run=${run}&expect=${expected}&settle=0`)));
  const openRun = (gateway: RunningGateway, name: string, claims: readonly object[] = []): Promise<unknown> =>
    gateway.api('/api/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, claims }) });

  it('give one verdict of a run that is spread over both, whichever is asked', async () => {
    const a = await start();
    const b = await start({ directory: a.directory });
    await openRun(a, 'spread', [{ service: 'shop' }]);
    await mail(a, 'shop');
    await mail(b, 'shop');
    const [atA, atB] = await verdicts([a, b], 'spread', 'no-real-sends,no-unrecognized,no-real-recipients,min-captures=2');
    expect([atA!.verdict, atB!.verdict]).toEqual(['pass', 'pass']);
    expect(atB).toEqual(atA);
    await mail(b, 'shop', 'somebody@gmail.com');
    for (const said of await verdicts([a, b], 'spread', 'no-real-recipients')) expect(said).toMatchObject({ verdict: 'fail', reasons: [{ expectation: 'no-real-recipients' }] });
    await b.api('/api/runs/spread/close', { method: 'POST' });
    await mail(a, 'shop');
    expect((await a.api<{ total: number }>('/api/captures?run=spread')).total).toBe(3);
  }, 120_000);

  it('lose nothing when one is killed under load: the other goes on, has all of it, and no verdict over it passes', async () => {
    const a = await start();
    const b = await start({ directory: a.directory });
    await openRun(b, 'nightly');
    await mail(b, 'shop+nightly');
    const [ofA, ofB]: [string[], string[]] = [[], []];
    let died = false;
    const running = load(targetOf(b), ofB, () => { if (died) b.process.emit('enough'); }, 1, 3);
    await killedUnderLoad(a, ofA, 3);
    died = true;
    const before = ofB.length;
    while (ofB.length < before + 100) await once(b.process, 'enough');
    const [said] = await verdicts([b], 'nightly', 'min-captures=1');
    expect(said!.verdict).toBe('inconclusive');
    expect(await missing(b, [...ofA, ...ofB])).toEqual([]);
    expect((await request(`${b.control}/readyz`)).statusCode).toBe(200);
    b.process.kill('SIGKILL');
    await running;
    const stored = new Set((await server.query<{ id: string }>(store[1]!, 'SELECT id FROM fourthwall.captures')).map(({ id }) => id));
    expect([...ofA, ...ofB].filter((id) => !stored.has(id))).toEqual([]);
  }, 120_000);

  it('do not start with another certificate authority than the one that runs', async () => {
    await start();
    await expect(start()).rejects.toThrow(/another gateway on this database signs with another CA/);
  }, 120_000);

  it('refuse, in time and for a while, when the database is gone, and go on without a restart when it is back', async () => {
    const a = await start();
    await openRun(a, 'gap');
    await mail(a, 'shop+gap');
    await server.stop('kill');
    const call = (): ReturnType<typeof request> => request(`http://127.0.0.1:${a.ports['http']}/~/api.sendgrid.com/v3/mail/send`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ personalizations: [{ to: [{ email: 'h@example.test' }] }], from: { email: 'a@example.test' }, subject: 's', content: [{ type: 'text/plain', value: 'x' }] }) });
    try {
      const at = performance.now();
      const { statusCode, headers } = await call();
      expect([statusCode, headers['retry-after']]).toEqual([503, expect.any(String)]);
      await expect(mail(a, 'shop')).rejects.toMatchObject({ responseCode: 451 });
      expect((await request(`${a.control}/readyz`)).statusCode).toBe(503);
      expect(performance.now() - at).toBeLessThan(6_000);
    } finally {
      await server.start();
    }
    while ((await request(`${a.control}/readyz`)).statusCode !== 200);
    expect((await call()).statusCode).toBe(202);
    const [said] = await verdicts([a], 'gap', 'min-captures=1');
    expect(said).toMatchObject({ verdict: 'inconclusive', reasons: [{ expectation: 'store-error' }] });
  }, 120_000);
});
