import { decode } from 'dns-packet';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mostUdpBytes, parseQuery, reply } from '../../src/dns/message.ts';
import type { Answer } from '../../src/dns/message.ts';
import { createDnsServer, defaultDnsLimits } from '../../src/dns/server.ts';
import type { DnsLimits, Responder } from '../../src/dns/server.ts';
import { ask, framed, query, silent, tcp, udp } from './harness.ts';

const one: Answer = { code: 'NOERROR', records: [{ type: 'A', ttl: 30, data: '10.4.0.2' }] };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => { for (const close of closing.splice(0)) await close(); });

async function serve(respond: Responder = async () => one, limits: Partial<DnsLimits> = {}, now: () => number = Date.now): Promise<number> {
  const server = createDnsServer({ respond, logger: silent, now, limits: { ...defaultDnsLimits, ...limits } });
  closing.push(() => server.close());
  return server.listen('127.0.0.1', 0);
}

describe('a DNS query', () => {
  it('of ANY, of a zone, in another class or with another opcode is declined and never reaches the responder', async () => {
    let reached = 0;
    const port = await serve(async ({ name }) => { if (name !== 'last.test') reached += 1; return one; });
    for (const type of ['ANY', 'AXFR', 'IXFR']) expect(await ask(port, 'bank.example', type)).toMatchObject({ rcode: 'REFUSED', answers: [] });
    expect(await ask(port, 'version.bind', 'TXT', { questions: [{ name: 'version.bind', type: 'TXT', class: 'CH' }] })).toMatchObject({ rcode: 'REFUSED' });
    expect(await ask(port, 'bank.example', 'A', { flags: 0x0100 | (4 << 11) })).toMatchObject({ rcode: 'NOTIMP' });
    expect(reached).toBe(0);
  });

  it('that is malformed, a response, or has two questions or answers is dropped', async () => {
    const port = await serve();
    const good = query('bank.example');
    const response = Buffer.from(good);
    response[2]! |= 0x80;
    const two = query('x', 'A', { questions: [{ name: 'a.test', type: 'A' }, { name: 'b.test', type: 'A' }] });
    const answered = query('x', 'A', { answers: [{ type: 'A', name: 'x', data: '10.0.0.1' }] });
    const loop = Buffer.concat([good.subarray(0, 12), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]);
    const heard = await udp(port, [Buffer.alloc(0), Buffer.from('hello'), good.subarray(0, 20), Buffer.concat([good, Buffer.from('x')]), response, two, answered, loop, Buffer.alloc(4_000)]);
    expect(heard).toEqual([]);
  });

  it('never makes the reader throw, and what it takes for a question is one', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(40), (noise, at) => {
      const bytes = Buffer.from(query('bank.example', 'AAAA'));
      bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
      const parsed = parseQuery(bytes);
      if (parsed.kind !== 'malformed') expect(reply(parsed.question, one, mostUdpBytes).length).toBeLessThanOrEqual(mostUdpBytes);
    }), { numRuns: 2_000 });
  });

  it('whose answer is long is answered empty and cut by UDP, and whole by TCP', async () => {
    const long: Answer = { code: 'NOERROR', records: Array.from({ length: 4 }, (_one, n) => ({ type: 'A' as const, ttl: 1, data: `10.0.0.${n}` })) };
    const name = `${Array.from({ length: 3 }, () => 'a'.repeat(60)).join('.')}.test`;
    const port = await serve(async () => long);
    const cut = (await udp(port, [query(name)]))[0]!;
    expect([cut.length <= mostUdpBytes, decode(cut)]).toEqual([true, expect.objectContaining({ flag_tc: true, answers: [] })]);
    const [whole] = await tcp(port, [framed(name)], 1);
    expect(whole!.answers).toHaveLength(4);
  });

  it('gets an answer at most a little longer than itself', async () => {
    const port = await serve();
    for (const name of ['a.b', 'x'.repeat(60) + '.example', `${Array.from({ length: 3 }, () => 'a'.repeat(60)).join('.')}.test`]) {
      const sent = query(name);
      const [bytes] = await udp(port, [sent]);
      expect(bytes!.length).toBeLessThan(3 * sent.length);
    }
  });
});

describe('DNS over TCP', () => {
  it('answers several questions on one connection, in order, however they are cut', async () => {
    const port = await serve();
    const stream = Buffer.concat([framed('a.test'), framed('b.test'), framed('c.test')]);
    const answers = await tcp(port, [stream.subarray(0, 1), stream.subarray(1, 40), stream.subarray(40)], 3);
    expect(answers.map(({ questions }) => questions![0]!.name)).toEqual(['a.test', 'b.test', 'c.test']);
  });

  it('ends with a message that is no query or claims to be huge', async () => {
    // Whoever claims 65,535 bytes is not waited for: only `idle` would end it otherwise, and that is far.
    const port = await serve(undefined, { idle: 600_000 });
    expect(await tcp(port, [Buffer.from([0xff, 0xff, 1, 2, 3])], 1)).toEqual([]);
    expect(await tcp(port, [Buffer.from([0, 5]), Buffer.from('hello')], 1)).toEqual([]);
  });

  it('ends when nothing is asked', async () => {
    const port = await serve(undefined, { idle: 50 });
    expect(await tcp(port, [], 1)).toEqual([]);
  });
});

describe('a DNS asker', () => {
  it('that asks too often in a second is not answered until the next', async () => {
    let now = 5_000;
    const port = await serve(undefined, { perAddress: 3 }, () => now);
    // the fourth question is the harness's own
    expect(await udp(port, [query('a.test'), query('b.test')])).toHaveLength(2);
    now += 1_000;
    expect(await udp(port, [query('c.test')])).toHaveLength(1);
    const silentSecond = await tcp(port, [framed('d.test'), framed('e.test')], 2);
    expect(silentSecond).toHaveLength(1);
  });

  it('waits for nobody when too many questions are open: those are dropped', async () => {
    const held: (() => void)[] = [];
    const port = await serve(({ name }) => name === 'slow.test' ? new Promise((resolve) => held.push(() => resolve(one))) : Promise.resolve(one), { waiting: 2 });
    const first = tcp(port, [framed('slow.test')], 1);
    while (held.length < 1) await new Promise(setImmediate);
    const second = tcp(port, [framed('slow.test')], 1);
    while (held.length < 2) await new Promise(setImmediate);
    expect(await tcp(port, [framed('quick.test')], 1)).toEqual([]);
    for (const release of held) release();
    expect((await Promise.all([first, second])).flat()).toHaveLength(2);
    expect(await tcp(port, [framed('quick.test')], 1)).toHaveLength(1);
  });

  it('hears SERVFAIL when the responder fails', async () => {
    const port = await serve(({ name }) => name === 'last.test' ? Promise.resolve(one) : Promise.reject(new Error('broken')));
    expect(await ask(port, 'a.test')).toMatchObject({ rcode: 'SERVFAIL' });
  });
});
