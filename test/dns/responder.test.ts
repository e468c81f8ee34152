import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createAskedTable } from '../../src/dns/asked.ts';
import { createResponder } from '../../src/dns/responder.ts';
import { createDnsServer, defaultDnsLimits } from '../../src/dns/server.ts';
import type { DnsLimits, Responder } from '../../src/dns/server.ts';
import { createUpstream } from '../../src/dns/upstream.ts';
import { ask, query, silent, udp } from './harness.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => { for (const close of closing.splice(0)) await close(); });

async function serve(respond: Responder, limits: DnsLimits = defaultDnsLimits): Promise<number> {
  const server = createDnsServer({ respond, logger: silent, now: Date.now, limits });
  closing.push(() => server.close());
  return server.listen('127.0.0.1', 0);
}

/** A resolver that knows db.internal.test and notes every question it hears. */
async function upstreamResolver() {
  const heard: string[] = [];
  const port = await serve(async ({ name, type }) => {
    heard.push(`${type} ${name.toLowerCase()}`);
    if (name.toLowerCase() !== 'db.internal.test') return { code: 'NXDOMAIN', records: [] };
    return { code: 'NOERROR', records: type === 'A' ? [{ type: 'A', ttl: 5, data: '10.9.8.7' }] : [] };
  });
  return { heard, port };
}

async function gatewayDns(options: { pass?: readonly string[]; upstream?: readonly string[]; claimed?: (host: string) => boolean; addresses?: readonly string[] } = {}) {
  const asked = createAskedTable({ most: 100, now: () => Date.parse('2026-11-21T12:00:00Z') });
  const port = await serve(createResponder({
    addresses: options.addresses ?? ['10.4.0.2', '10.4.0.3', 'fd00::2'], pass: options.pass ?? [], claimed: options.claimed ?? (() => false),
    upstream: createUpstream(options.upstream ?? []), asked,
  }));
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return { port, asked, resolver };
}

describe('the DNS responder', () => {
  it('answers every name with the addresses of the gateway', async () => {
    const { resolver } = await gatewayDns();
    expect(await resolver.resolve4('api.stripe.com')).toEqual(['10.4.0.2', '10.4.0.3']);
    expect(await resolver.resolve6('never-heard.of.example')).toEqual(['fd00::2']);
    expect(await resolver.resolve4('localhost.example', { ttl: true })).toEqual([{ address: '10.4.0.2', ttl: 30 }, { address: '10.4.0.3', ttl: 30 }]);
  });

  it('has nothing to say about any other type, so that mail goes to the name itself and nobody hears of HTTP/3', async () => {
    const { port } = await gatewayDns();
    for (const type of ['MX', 'TXT', 'SRV', 'NS', 'CNAME', 'PTR', 'CAA', 'UNKNOWN_65']) {
      expect(await ask(port, 'bank.example', type)).toMatchObject({ rcode: 'NOERROR', answers: [], questions: [{ name: 'bank.example', type }] });
    }
  });

  it('repeats the name as it was asked, in the same case', async () => {
    const { port } = await gatewayDns();
    const { questions, answers, id } = await ask(port, 'aPi.StRiPe.com');
    expect([questions![0]!.name, answers![0]!.name, id]).toEqual(['aPi.StRiPe.com', 'aPi.StRiPe.com', 7]);
  });

  it('asks upstream about names of the pass list, and tells the asker what upstream said', async () => {
    const upstream = await upstreamResolver();
    const { resolver } = await gatewayDns({ pass: ['*.internal.test'], upstream: [`127.0.0.1:${upstream.port}`] });
    expect(await resolver.resolve4('DB.internal.test')).toEqual(['10.9.8.7']);
    await expect(resolver.resolve6('db.internal.test')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolve4('other.internal.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(upstream.heard).toEqual(['A db.internal.test', 'AAAA db.internal.test', 'A other.internal.test']);
  });

  it('tells no resolver anything about a name that is not on the pass list, whatever it looks like', async () => {
    const upstream = await upstreamResolver();
    const { port, resolver } = await gatewayDns({ pass: ['db', '*.internal.test'], upstream: [`127.0.0.1:${upstream.port}`] });
    const secrets = [
      'c2VjcmV0.attacker.example', 'internal.test', 'xinternal.test', 'evil-internal.test', 'db.internal.test.attacker.example', 'db.example', 'internal.test.',
      'a..internal.test', 'ä.internal.test', 'a b.internal.test',
    ];
    for (const name of secrets) for (const type of ['A', 'AAAA', 'TXT', 'MX', 'SRV', 'UNKNOWN_65']) await udp(port, [query(name, type)]);
    for (const type of ['TXT', 'MX', 'UNKNOWN_65']) await ask(port, 'c2VjcmV0.internal.test', type);
    await resolver.resolve4('still-answers.example');
    expect(upstream.heard).toEqual([]);
  });

  it('without a pass list makes no query of its own at all', async () => {
    const upstream = await upstreamResolver();
    const { resolver } = await gatewayDns({ upstream: [`127.0.0.1:${upstream.port}`] });
    expect(await resolver.resolve4('db.internal.test')).toEqual(['10.4.0.2', '10.4.0.3']);
    expect(upstream.heard).toEqual([]);
  });

  it('answers a host of a provider with its own address even where the pass list names it', async () => {
    const upstream = await upstreamResolver();
    const { resolver } = await gatewayDns({ pass: ['*.stripe.com'], upstream: [`127.0.0.1:${upstream.port}`], claimed: (host) => host === 'api.stripe.com' });
    expect(await resolver.resolve4('API.stripe.com')).toEqual(['10.4.0.2', '10.4.0.3']);
    expect(upstream.heard).toEqual([]);
  });

  it('says SERVFAIL when upstream is silent, and never falls back to anybody else', async () => {
    const { port } = await gatewayDns({ pass: ['db.internal.test'], upstream: ['127.0.0.1:1'] });
    expect(await ask(port, 'db.internal.test')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });

  it('refuses names no resolver library would ask for', async () => {
    const { port } = await gatewayDns();
    for (const name of ['.', 'a b.example', '-x.example', 'ä.example', `${'a.'.repeat(100)}-`]) expect(await ask(port, name)).toMatchObject({ rcode: 'REFUSED', answers: [] });
  });

  it('counts who asked for what, and what came of it', async () => {
    const upstream = await upstreamResolver();
    const { port, resolver, asked } = await gatewayDns({ pass: ['db.internal.test'], upstream: [`127.0.0.1:${upstream.port}`] });
    await resolver.resolve4('api.stripe.com');
    await resolver.resolve4('API.stripe.com');
    await resolver.resolve4('db.internal.test');
    await ask(port, 'bank.example', 'MX');
    const rows = asked.entries().map(({ name, type, from, came, count }) => `${from} ${type} ${name} ${came} ${count}`).filter((row) => !row.includes('last.test'));
    expect(rows).toEqual(['127.0.0.1 A api.stripe.com gateway 2', '127.0.0.1 A db.internal.test upstream 1', '127.0.0.1 MX bank.example empty 1']);
  });
});

describe('the table of questions', () => {
  it('keeps what it knows when it is full, counts what finds no place, and tells of each row once', () => {
    const fresh: string[] = [];
    const table = createAskedTable({ most: 2, now: () => 0, fresh: ({ name }) => fresh.push(name) });
    for (const name of ['a', 'b', 'c', 'a', 'd']) table.note({ name, type: 'A', from: '10.0.0.1', came: 'gateway' });
    expect(table.entries().map(({ name, count }) => [name, count])).toEqual([['a', 2], ['b', 1]]);
    expect([table.dropped(), fresh]).toEqual([2, ['a', 'b']]);
  });
});
