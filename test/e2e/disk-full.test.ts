import { randomBytes } from 'node:crypto';
import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { ProxyAgent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type RunningGateway } from '../support/gateway.ts';
import { smallDisk } from '../support/small-disk.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const disk = smallDisk(24);
const reason = 'notPermitted' in disk ? ` (skipped: ${disk.notPermitted})` : '';

/** A disk of 24 MiB of which somebody else has 10, filled by calls and then to its last byte by somebody else. */
describe.skipIf('notPermitted' in disk)(`a gateway whose disk is full${reason}`, () => {
  const { directory } = disk as Exclude<typeof disk, { readonly notPermitted: string }>;
  let gateway: RunningGateway;
  let upstream: Upstream;
  const acknowledged: string[] = [];

  beforeAll(async () => {
    writeFileSync(filler, Buffer.alloc(10 * 1024 * 1024, 1));
    upstream = await startUpstream((_arrived, response) => response.end('done'));
    gateway = await startGateway({ directory, policy: `version: 1
default: reject
internal:
  - { hosts: [localhost], cidrs: ["127.0.0.0/8", "::1/128"], ports: [${upstream.port}] }
rules:
  - { id: our-own, when: { host: localhost }, then: { forward: { internal: true } }, because: internal services are part of staging }
  - { id: captured, when: { channel: [email, sms] }, then: capture, because: staging sends nothing }
` });
  });
  afterAll(async () => {
    await gateway?.kill();
    await upstream?.close();
    (disk as Exclude<typeof disk, { readonly notPermitted: string }>).discard();
  });

  const sendgrid = async (text: string): Promise<{ readonly status: number; readonly retryAfter: string | null; readonly body: string }> => {
    const response = await fetch(`http://127.0.0.1:${gateway.ports['http']}/~/api.sendgrid.com/v3/mail/send`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body: JSON.stringify({ personalizations: [{ to: [{ email: 'ann@example.test' }] }], from: { email: 'a@example.test' }, subject: 'x', content: [{ type: 'text/plain', value: text }] }),
    });
    if (response.status === 202) acknowledged.push(response.headers.get('x-fourthwall-capture')!);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.text() };
  };
  const mail = (): Promise<unknown> => createTransport({ host: '127.0.0.1', port: gateway.ports['smtp'], ignoreTLS: true })
    .sendMail({ from: 'a@example.test', to: 'ann@example.test', subject: 'x', text: randomBytes(20_000).toString('hex') });
  const own = async (): Promise<number> => {
    const agent = new ProxyAgent({ uri: gateway.proxy(), proxyTunnel: false });
    const { statusCode, body } = await request(`http://localhost:${upstream.port}/orders`, { method: 'POST', body: randomBytes(20_000), dispatcher: agent });
    await body.dump();
    await agent.close();
    return statusCode;
  };
  const total = async (): Promise<number> => (await gateway.api<{ total: number }>('/api/captures?limit=1')).total;
  const filler = join(directory, 'somebody-else');
  /** Takes what is left, to the last byte. */
  const fillUp = (): void => {
    const most = Buffer.alloc(4_096, 1);
    for (let size = 0; ; size += most.length) {
      try {
        writeFileSync(filler, most, { flag: 'a' });
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
        return;
      }
    }
  };

  /** Sends until it is refused: random texts, so that they cannot be made small. */
  const full = async (size: number): Promise<void> => {
    for (let n = 0; n < 5_000; n += 1) {
      const { status } = await sendgrid(randomBytes(size).toString('hex'));
      if (status === 202) continue;
      expect(status).toBe(503);
      return;
    }
    throw new Error(`calls of ${size} bytes never filled the disk`);
  };

  it('refuses every call within two seconds, forwards nothing, and keeps what it acknowledged', async () => {
    expect(await own()).toBe(200);
    const before = upstream.arrived.length;
    await full(150_000);
    fillUp();
    // what a large one leaves, and the log that was long before, may do for small ones
    for (const size of [20_000, 1_000, 10]) await full(size);

    const began = performance.now();
    const refused = await sendgrid('small');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(refused).toMatchObject({ status: 503, retryAfter: expect.any(String) });
    expect(JSON.parse(refused.body)).toMatchObject({ rule: 'gateway:store', reason: expect.stringMatching(/cannot take this call now/) });
    expect(gateway.log()).toContain('database or disk is full');
    await expect(mail()).rejects.toMatchObject({ responseCode: 451 });
    expect(await own()).toBe(503);
    expect(upstream.arrived.length).toBe(before);
    expect(await total()).toBe(acknowledged.length + before);
  });

  it('still answers questions, and says that it is not ready', async () => {
    const ready = await fetch(`${gateway.control}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, store: 'unavailable' }]);
    expect((await fetch(`${gateway.control}/healthz`)).status).toBe(200);
    expect((await fetch(`${gateway.control}/`)).status).toBe(200);
    const metrics = await (await fetch(`${gateway.control}/metrics`)).text();
    const [free, size] = ['free', 'size'].map((what) => Number(new RegExp(`^fourthwall_disk_${what}_bytes (\\d+)$`, 'm').exec(metrics)?.[1]));
    expect(size).toBe(24 * 1024 ** 2);
    expect(free).toBeLessThan(size! / 10);
    const raw = await gateway.api<{ personalizations: unknown }>(`/api/captures/${acknowledged.at(-1)!}/raw`);
    expect(raw.personalizations).toEqual([{ to: [{ email: 'ann@example.test' }] }]);
  });

  it('takes calls again as soon as there is room, without a restart, and no verdict passes over the gap', async () => {
    rmSync(filler);
    const kept = acknowledged.length;
    for (let late = Date.now() + 20_000; (await sendgrid('after')).status !== 202;) if (Date.now() > late) throw new Error(gateway.log().slice(-1_000));
    await mail();
    expect(await own()).toBe(200);
    expect(acknowledged.length).toBe(kept + 1);
    for (const id of acknowledged) expect((await gateway.api<{ id: string }>(`/api/captures/${id}`)).id).toBe(id);
    expect((await fetch(`${gateway.control}/readyz`)).status).toBe(200);
    const verdict = await gateway.api<{ reasons: { expectation: string }[] }>('/api/assert?settle=0');
    expect(verdict.reasons.map(({ expectation }) => expectation)).toContain('store-error');
    expect(await gateway.stop()).toBe(0);
  });
});
