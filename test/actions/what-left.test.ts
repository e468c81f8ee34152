import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProxyAgent, request, type buildConnector } from 'undici';
import type { Store } from '../../src/model/store.ts';
import { StoreUnavailable } from '../../src/model/store.ts';
import { startHouse, type RunningHouse } from './house.ts';

/** What is true once a call has left, or was lost: told as it is, whatever fails afterwards. */
const token = randomBytes(20).toString('hex');
const partner = createServer((_incoming, outgoing) => {
  outgoing.setHeader('Set-Cookie', `session=${token}`).setHeader('Content-Type', 'application/json').end(JSON.stringify({ done: true, access_token: token }));
});
let port = 0;
let house: RunningHouse | undefined;
let addresses: Record<string, readonly string[]> = {};
const dialled: string[] = [];

beforeEach(async () => {
  dialled.length = 0;
  addresses = { 'crm.internal.test': ['127.0.0.1'] };
  if (!partner.listening) { partner.listen(0, '127.0.0.1'); await once(partner, 'listening'); }
  port = (partner.address() as { port: number }).port;
});
afterEach(async () => { await house?.stop(); house = undefined; });

const connect: buildConnector.connector = (wished, done) => {
  dialled.push(`${wished.hostname}:${wished.port}`);
  const socket = connectTcp(Number(wished.port), wished.hostname);
  socket.once('connect', () => done(null, socket)).once('error', (error) => done(error, null));
};

async function start(storage?: (store: Store) => Store): Promise<RunningHouse> {
  house = await startHouse({
    policy: `version: 1
default: reject
internal: [{ hosts: ["*.internal.test"], cidrs: ["127.0.0.0/8"], ports: [${port}] }]
rules:
  - { id: ours, when: { host: "*.internal.test", method: POST }, then: { forward: { internal: true } }, because: part of staging }
  - { id: understood, when: { channel: [email, sms, payment] }, then: capture, because: staging sends nothing }
`,
    network: { resolve: (host) => Promise.resolve(addresses[host] ?? []), connect },
    ...(storage === undefined ? {} : { storage }),
  });
  return house;
}

async function call(url: string, init: { readonly method?: 'POST' | 'GET'; readonly body?: string; readonly headers?: Record<string, string> } = {}): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const agent = new ProxyAgent({ uri: `http://127.0.0.1:${house!.port('http')}`, proxyTunnel: false });
  const response = await request(url, { dispatcher: agent, method: init.method ?? 'POST', body: init.body ?? 'x=1', headers: init.headers ?? { 'content-type': 'application/x-www-form-urlencoded' } });
  const text = await response.body.text();
  await agent.close();
  return { status: response.statusCode, headers: response.headers, text };
}
const verdict = async (expected: string): Promise<string> => String((await house!.api(`/api/assert?expect=${expected}&settle=0`)).body['verdict']);

describe('a forward of a rule that says internal', () => {
  it('is not dialled when the name resolves to an address outside, public as it may be', async () => {
    await start();
    addresses = { 'crm.internal.test': ['93.184.215.14'] };
    const { status, text } = await call(`http://crm.internal.test:${port}/send`);
    expect(status).toBe(502);
    expect(text).toContain('not inside');
    expect(dialled).toEqual([]);
  });

  it('is not dialled on a port that internal does not name', async () => {
    await start();
    expect((await call(`http://crm.internal.test:${port === 2525 ? 2526 : 2525}/send`)).status).toBe(502);
    expect(dialled).toEqual([]);
  });

  it('is not dialled when one of several addresses is outside', async () => {
    await start();
    addresses = { 'crm.internal.test': ['127.0.0.1', '93.184.215.14'] };
    expect((await call(`http://crm.internal.test:${port}/send`)).status).toBe(502);
    expect(dialled).toEqual([]);
  });

  it('is dialled where host, address and port are all inside', async () => {
    await start();
    expect((await call(`http://crm.internal.test:${port}/send`)).text).toContain('done');
    expect(dialled).toEqual([`127.0.0.1:${port}`]);
  });
});

describe('after a call has left', () => {
  it('its answer is given although the outcome cannot be written: nobody is asked to send it again', async () => {
    await start((store) => ({ ...store, outcome: () => Promise.reject(new StoreUnavailable('the disk is full')) }));
    const { status, headers, text } = await call(`http://crm.internal.test:${port}/send`);
    expect(status).toBe(200);
    expect(text).toContain('done');
    expect(headers).toMatchObject({ 'x-fourthwall-action': 'forward' });
    expect(headers['retry-after']).toBeUndefined();
    expect(await verdict('no-real-sends,min-captures=1')).toBe('inconclusive');
  });

  it('the secrets of its answer are written nowhere', async () => {
    await start();
    expect((await call(`http://crm.internal.test:${port}/send`)).text).toContain(token);
    const written = readdirSync(house!.data, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
    expect(written).toContain('done');
    expect(written.includes(token)).toBe(false);
  });
});

describe('a call that could not be recorded', () => {
  it.each([
    ['the store is unavailable', new StoreUnavailable('too slow')],
    ['something else broke', new Error('a fault of ours')],
  ])('%s: 503, and no verdict passes over it', async (_name, fault) => {
    let broken = false;
    await start((store) => ({ ...store, record: (recording) => (broken ? Promise.reject(fault) : store.record(recording)) }));
    const send = (): Promise<{ status: number }> => call('http://api.sendgrid.com/v3/mail/send', {
      headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
      body: JSON.stringify({ personalizations: [{ to: [{ email: 'a@example.test' }] }], from: { email: 'a@example.test' }, subject: 's', content: [{ type: 'text/plain', value: 'x' }] }),
    });
    expect((await send()).status).toBe(202);
    expect(await verdict('no-real-sends,min-captures=1')).toBe('pass');
    broken = true;
    expect((await send()).status).toBe(503);
    expect(await verdict('no-real-sends,min-captures=1')).toBe('inconclusive');
  });
});
