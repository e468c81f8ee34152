import { decode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { createDnsServer } from '../../src/dns/server.ts';
import type { Responder } from '../../src/dns/server.ts';
import { framed, query, silent, tcp, udp } from '../dns/harness.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => { for (const close of closing.splice(0)) await close(); });

async function upstream(respond: Responder): Promise<number> {
  const server = createDnsServer({ respond, logger: silent, now: Date.now });
  closing.push(() => server.close());
  return server.listen('127.0.0.1', 0);
}

/** The survey while `during` asks it. */
async function survey(servers: readonly number[], during: (port: number) => Promise<void>) {
  const stop = new AbortController();
  const [out, err]: [string[], string[]] = [[], []];
  let listening: (port: number) => void = () => undefined;
  const ready = new Promise<number>((resolve) => { listening = resolve; });
  const ended = run(['survey', '--listen', '127.0.0.1:0', ...servers.flatMap((port) => ['--upstream', `127.0.0.1:${port}`])], {
    env: {}, signal: stop.signal, stdout: { write: (text) => out.push(String(text)) },
    stderr: { write: (text) => { err.push(String(text)); const port = /listens on 127\.0\.0\.1:(\d+)/.exec(String(text))?.[1]; if (port !== undefined) listening(Number(port)); } },
  });
  await during(await ready);
  stop.abort();
  return { code: await ended, lines: out.join('').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>), err: err.join('') };
}

describe('fourthwall survey', () => {
  it('answers what the resolver answers, to the byte, over UDP and TCP, and says who asked for what', async () => {
    const truth = await upstream(async ({ name, type }) => name === 'gone.example' ? { code: 'NXDOMAIN', records: [] }
      : { code: 'NOERROR', records: type === 'A' ? [{ type: 'A', ttl: 77, data: '203.0.113.7' }] : [] });
    const asked = [query('api.stripe.com'), query('api.stripe.com', 'UNKNOWN_65'), query('gone.example'), query('API.stripe.com')];
    const { code, lines, err } = await survey([truth], async (port) => {
      for (const question of asked) expect(await udp(port, [question])).toEqual(await udp(truth, [question]));
      expect((await tcp(port, [framed('api.stripe.com')], 1))[0]).toMatchObject({ answers: [{ data: '203.0.113.7', ttl: 77 }] });
    });
    expect(code).toBe(0);
    const totals = lines.filter(({ what, name }) => what === 'total' && name !== 'last.test');
    expect(totals.map(({ name, type, from, provider, count }) => [name, type, from, provider, count])).toEqual([
      ['api.stripe.com', 'A', '127.0.0.1', 'stripe', 3], ['api.stripe.com', 'UNKNOWN_65', '127.0.0.1', 'stripe', 1], ['gone.example', 'A', '127.0.0.1', null, 1],
    ]);
    expect(lines.filter(({ what }) => what === 'asked')).toHaveLength(4);
    expect(err).toContain('known providers: stripe');
  });

  it('asks the next resolver when one does not answer, and says SERVFAIL when none does', async () => {
    const truth = await upstream(async () => ({ code: 'NOERROR', records: [{ type: 'A', ttl: 1, data: '203.0.113.7' }] }));
    await survey([1, truth], async (port) => { expect(decode((await udp(port, [query('a.test')]))[0]!)).toMatchObject({ answers: [{ data: '203.0.113.7' }] }); });
    await survey([1], async (port) => { expect((await tcp(port, [framed('a.test')], 1))[0]).toMatchObject({ rcode: 'SERVFAIL' }); });
  });

  it('refuses names for addresses', async () => {
    let said = '';
    const code = await run(['survey', '--listen', 'localhost:53', '--upstream', '127.0.0.1:53'], { env: {}, stdout: { write: () => true }, stderr: { write: (text) => { said += String(text); } } });
    expect([code, said]).toEqual([2, 'fourthwall: --listen: expected address:port, found "localhost:53"\n']);
  });
});
