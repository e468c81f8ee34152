import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fourthwall-packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a packed install in an empty folder starts, captures a call and shows the page', async () => {
  const packed = execFileSync('npm', ['pack', '--pack-destination', folder, '--silent'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').at(-1)!;
  writeFileSync(join(folder, 'package.json'), '{ "name": "a-shop", "private": true }\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', join(folder, packed)], { cwd: folder });
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'policy.yaml'), 'version: 1\ndefault: reject\nrules:\n  - { id: all, when: { channel: [email, sms, payment] }, then: capture, because: staging sends nothing }\n');
  const gateway = spawn(process.execPath, [join(folder, 'node_modules', 'fourthwall', 'dist', 'cli', 'fourthwall.js'), 'start',
    ...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0'])], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface({ input: gateway.stdout }), 'line') as [string];
    const port = (name: string): string => new RegExp(`${name}=(\\d+)`).exec(line)![1]!;
    const sent = await fetch(`http://127.0.0.1:${port('http')}/~/api.sendgrid.com/v3/mail/send`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body: JSON.stringify({ personalizations: [{ to: [{ email: 'ann@example.test' }] }], from: { email: 'a@example.test' }, subject: 'packed', content: [{ type: 'text/plain', value: 'x' }] }),
    });
    expect(sent.status).toBe(202);
    const page = await fetch(`http://127.0.0.1:${port('control')}/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<script');
  } finally {
    gateway.kill('SIGTERM');
    await once(gateway, 'exit');
  }
});
