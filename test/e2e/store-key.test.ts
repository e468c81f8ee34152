import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fourthwallRun } from '../clients/fourthwall-run.ts';
import { discard, startGateway, type GatewaySettings, type RunningGateway } from '../support/gateway.ts';

const key = randomBytes(32).toString('hex');
const reports = mkdtempSync(join(tmpdir(), 'fourthwall-reports-'));
const withReports = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${reports}`;
const settings: GatewaySettings = { gateway: 'durability: process\n', env: { FOURTHWALL_STORE_KEY: key } };
let gateway: RunningGateway;
beforeAll(async () => { gateway = await startGateway({ ...settings, env: { ...settings.env, NODE_OPTIONS: withReports } }); });
afterAll(async () => {
  await discard(gateway);
  rmSync(reports, { recursive: true });
});

const files = async (directory: string): Promise<string> => {
  const all = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return (await Promise.all(all.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))).join('\n');
};

it('what is captured with a key is found and shown as ever, and lies on the disk sealed', async () => {
  await createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true }).sendMail({
    from: 'shop@example.test', to: 'zebra@example.test', subject: 'Quizzical parcel', text: 'the marimba is on its way', attachments: [{ filename: 'payslip.txt', content: 'bassoon' }] });
  await gateway.api('/api/captures/wait?q=marimba&timeout=10');
  for (const query of ['recipient=zebra@example.test', 'recipient=*@example.test', 'q=%22quizzical+parcel%22', 'q=marimba']) {
    expect(await gateway.api(`/api/captures?${query}`), query).toMatchObject({ total: 1, items: [{ title: 'Quizzical parcel', recipients: [{ address: 'zebra@example.test' }] }] });
  }
  expect(await gateway.api('/api/captures?recipient=bob@example.test')).toMatchObject({ total: 0 });
  expect(await gateway.api('/api/captures/latest')).toMatchObject({ content: { text: expect.stringContaining('marimba'), attachments: [{ filename: 'payslip.txt' }] } });
  const stored = await files(join(gateway.directory, 'data'));
  expect(stored.length).toBeGreaterThan(10_000);
  expect(['zebra@', 'Quizzical', 'marimba', 'payslip', key].filter((word) => stored.includes(word))).toEqual([]);
  expect(await readdir(join(gateway.directory, 'data'))).not.toContain('hash.key');
});

it('what a hash cannot find is a 400 that says what works', async () => {
  for (const [query, works] of [['recipient=zebra*', 'a whole address'], ['q=marim*', 'whole words']] as const) {
    const answer = await fetch(`${gateway.control}/api/captures?${query}`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { title: 'Bad request', detail: expect.stringMatching(new RegExp(`this store is encrypted.*give ${works}`)) }]);
  }
});

it('the key is not in the environment of a command that is run through the gateway, in the log, or in a report of a crash', async () => {
  const { out } = await fourthwallRun(gateway, [process.execPath, '-p', 'JSON.stringify(process.env)'], { env: { FOURTHWALL_STORE_KEY: key, FOURTHWALL_HASH_KEY: 'ab'.repeat(32), STAYS: 'here' } });
  expect(JSON.parse(out)).toMatchObject({ STAYS: 'here', HTTPS_PROXY: expect.any(String) });
  expect(out).not.toMatch(/_KEY/);
  const reported = new Promise<void>((resolve) => { gateway.process.stderr!.on('data', () => { if (gateway.log().includes('Node.js report completed')) resolve(); }); });
  gateway.process.kill('SIGUSR2');
  await reported;
  const report = await files(reports);
  expect(report).toContain('"environmentVariables"');
  expect(report).not.toContain(key);
  expect(gateway.log()).not.toContain(key);
});

it('is opened again with the same key only', async () => {
  expect(await gateway.stop()).toBe(0);
  const { directory } = gateway;
  await expect(startGateway({ ...settings, directory, env: { FOURTHWALL_STORE_KEY: randomBytes(32).toString('base64') } }))
    .rejects.toThrow(/ended with 1 .*\n(.*\n)*fourthwall: .*fourthwall\.db is encrypted with key [0-9a-f]{16} and FOURTHWALL_STORE_KEY is another one \(key [0-9a-f]{16}\): give the key this store was made with; to change that, export it/);
  gateway = await startGateway({ ...settings, directory });
  expect(await gateway.api('/api/captures?recipient=zebra@example.test')).toMatchObject({ total: 1 });
});
