import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Agent, ProxyAgent, request } from 'undici';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble, type Assembled } from '../../src/assembly/assemble.ts';
import { openPolicy } from '../../src/assembly/policy-in-force.ts';
import { defaultGatewayFile } from '../../src/config/gateway-file.ts';
import { readOptions } from '../../src/config/options.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** The whole house in this process, with a dialer that records every name asked for and every connection wished. */
const asked: string[] = [];
const dialled: string[] = [];
let directory: string;
let house: Assembled;

const policyText = `version: 1
default: reject
internal:
  - { hosts: [partner.internal.test], cidrs: ["127.0.0.0/8"], ports: [80] }
rules:
  - { id: our-partner, when: { host: partner.internal.test }, then: { forward: { internal: true } }, because: part of staging }
  - { id: odd-port, when: { host: api.stripe.com }, then: { forward: {} }, because: somebody believed this is a proxy of ours }
  - { id: not-ours, when: { host: [metadata.internal.test, private.internal.test, here.internal.test] }, then: { forward: { internal: true } }, because: somebody mistyped }
  - { id: understood, when: { channel: [email, sms, payment] }, then: capture, because: staging sends nothing }
`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  const options = readOptions([...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']), '--data', join(directory, 'data')], {});
  if (options.kind === 'problems') throw new Error(options.problems.join('\n'));
  const policy = openPolicy({ inline: policyText }, {});
  if (policy.kind === 'problems') throw new Error(JSON.stringify(policy.problems));
  house = await assemble({
    options: options.options, file: defaultGatewayFile, policy: policy.source, logger: pino({ level: 'silent' }), env: {},
    network: {
      resolve: (host) => {
        asked.push(host);
        return Promise.resolve({ 'metadata.internal.test': ['169.254.169.254'], 'private.internal.test': ['10.1.2.3'], 'here.internal.test': ['127.0.0.1'] }[host] ?? ['127.0.0.1']);
      },
      connect: (wished, done) => {
        dialled.push(`${wished.hostname}:${wished.port}`);
        done(new Error('recorded, not dialled'), null);
      },
    },
  });
});
afterAll(async () => {
  await house.stop();
  await rm(directory, { recursive: true, force: true });
});

const port = (name: string): number => house.listeners.find((listener) => listener.name === name)!.port;
const latest = async (): Promise<Record<string, unknown>> =>
  await (await fetch(`http://127.0.0.1:${port('control')}/api/captures/latest`)).json() as Record<string, unknown>;

describe('an unknown host', () => {
  it.each([
    ['over the proxy, plain', 'http://unknown.example/'],
    ['over the proxy, an IP address', 'http://93.184.215.14/'],
    ['over the proxy, the cloud\'s metadata', 'http://169.254.169.254/latest/meta-data/'],
  ])('%s: 403 with rule, reason and capture; nothing is asked, nothing is dialled', async (_name, url) => {
    const agent = new ProxyAgent({ uri: `http://127.0.0.1:${port('http')}`, proxyTunnel: false });
    const response = await request(url, { dispatcher: agent });
    const body = await response.body.json() as Record<string, string>;
    expect(response.statusCode).toBe(403);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.headers['x-fourthwall-action']).toBe('reject');
    expect(body).toMatchObject({ rule: 'default', capture: response.headers['x-fourthwall-capture'] });
    expect(body['reason']).toBeTruthy();
    expect(await latest()).toMatchObject({ id: body['capture'], action: 'reject', outcome: 'rejected', rule: 'default' });
    expect(asked).toEqual([]);
    expect(dialled).toEqual([]);
    await agent.close();
  });

  it('over CONNECT: 403 on the CONNECT itself', async () => {
    const agent = new ProxyAgent({ uri: `http://127.0.0.1:${port('http')}` });
    await expect(request('https://unknown.example/', { dispatcher: agent })).rejects.toThrow(/403/);
    expect(await latest()).toMatchObject({ protocol: 'connect', action: 'reject', rule: 'default' });
    expect([...asked, ...dialled]).toEqual([]);
    await agent.close();
  });
});

describe('a provider on a port that is not its own', () => {
  it('is not forwarded to, whatever a rule says: nobody could read it', async () => {
    const agent = new ProxyAgent({ uri: `http://127.0.0.1:${port('http')}`, proxyTunnel: false });
    const response = await request('http://api.stripe.com:8443/v1/charges', { method: 'POST', body: 'amount=1', dispatcher: agent });
    expect(response.statusCode).toBe(403);
    expect(await response.body.json()).toMatchObject({ rule: 'gateway:forward', reason: expect.stringContaining('belongs to stripe') });
    expect([...asked, ...dialled]).toEqual([]);
    await agent.close();
  });
});

describe('the second lock', () => {
  const through = async (url: string): Promise<{ status: number; text: string }> => {
    const agent = new ProxyAgent({ uri: `http://127.0.0.1:${port('http')}`, proxyTunnel: false });
    const response = await request(url, { dispatcher: agent });
    const text = await response.body.text();
    await agent.close();
    return { status: response.statusCode, text };
  };

  it.each([
    ['an address of the cloud\'s metadata', 'http://metadata.internal.test/', /169\.254\.169\.254/],
    ['a private address that internal does not name', 'http://private.internal.test/', /10\.1\.2\.3/],
    ['a loopback address under another name', 'http://here.internal.test/', /127\.0\.0\.1/],
  ])('refuses %s although a rule forwards there; nothing is dialled and the outcome is failed', async (_name, url, address) => {
    const before = dialled.length;
    const { status, text } = await through(url);
    expect(status).toBe(502);
    expect(text).toMatch(address);
    expect(dialled).toHaveLength(before);
    expect(await latest()).toMatchObject({ action: 'forward', outcome: 'failed' });
  });

  it('dials exactly the address it has judged where internal allows host, address and port', async () => {
    await through('http://partner.internal.test/');
    expect(dialled.at(-1)).toBe('127.0.0.1:80');
  });

  it('refuses our own listeners whatever the policy says', async () => {
    const before = dialled.length;
    const { status } = await through(`http://partner.internal.test:${port('control')}/api/captures`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(dialled).toHaveLength(before);
  });
});

describe('what leaves', () => {
  it('is serialised anew with our own framing, and never carries proxy credentials or our headers', async () => {
    const seen: { headers: NodeJS.Dict<string | string[]>; url: string }[] = [];
    const partner = createServer((incoming, outgoing) => { seen.push({ headers: incoming.headers, url: incoming.url! }); outgoing.end('ok'); });
    partner.listen(0, '127.0.0.1');
    await once(partner, 'listening');
    const { guardedAgent } = await import('../../src/actions/dialer.ts');
    const { createNetwork } = await import('../../src/actions/network.ts');
    const standIn = (partner.address() as { port: number }).port;
    const agent: Agent = guardedAgent({
      internal: () => (loadedInternal(standIn)), isOwn: () => false, resolve: () => Promise.resolve(['127.0.0.1']),
    });
    const network = createNetwork({ inside: agent, anywhere: agent }, { httpBodyDecoded: 1000, requestTimeout: 5000 });
    const reply = await network.send({
      kind: 'http', method: 'POST', scheme: 'http', authority: { host: 'partner.internal.test', port: standIn }, path: '/a%20b', query: 'x=%2F', version: '1.1',
      headers: [['X-One', '1'], ['Content-Type', 'text/plain'], ['Content-Length', '999']], trailers: [], body: Buffer.from('four'),
    }, { internal: true });
    expect(reply.status).toBe(200);
    expect(seen).toEqual([{ url: '/a%20b?x=%2F', headers: expect.objectContaining({ host: `partner.internal.test:${standIn}`, 'content-length': '4', 'x-one': '1' }) }]);
    await network.close();
    partner.close();
  });
});

function loadedInternal(standIn: number): Policy['internal'] {
  const result = loadPolicy(`version: 1\ndefault: reject\ninternal: [{ hosts: [partner.internal.test], cidrs: ["127.0.0.0/8"], ports: [${standIn}] }]\nrules: []\n`, { file: 'p', env: {}, providers: [] });
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.policy.internal;
}
