import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import type { Bench } from './bench.ts';
import type { HttpReply } from './conversation.ts';
import { dial, hangUp, httpTalk, lineOver, repliesIn } from './conversation.ts';
import { h2Request, h2Talk } from './http2.ts';

/** What a `kind: scenario` case describes. */
export interface Scenario {
  /** CONNECT to this authority ... */
  readonly connect?: string;
  /** ... then TLS with this name ('' = none); without it the CONNECT's host */
  readonly sni?: string;
  readonly alpn?: readonly string[];
  readonly inner_host?: string;
  /** 'POST /v1/charges' */
  readonly inner?: string;
  readonly h2?: Readonly<Record<string, string>>;
  /** ... or these bytes in place of TLS */
  readonly first_bytes_hex?: string;
  /** TLS to the transparent port, with this server name */
  readonly tls?: string;
  readonly socks5?: { readonly host: string; readonly port: number };
  readonly upstream_answers?: Readonly<Record<string, unknown>> & { readonly status: number };
  readonly request?: string;
  /** per lookup: the name, then its addresses */
  readonly dns?: readonly (readonly string[])[];
}

/** The answer of the last stage that was reached. */
export interface Played {
  readonly stage: 'connect' | 'tls' | 'inner' | 'proxy' | 'socks';
  /** null: the connection was ended without one */
  readonly reply: Pick<HttpReply, 'status' | 'headers'> | null;
  readonly note: string;
}

export async function play(bench: Bench, scenario: Scenario): Promise<Played> {
  if (scenario.socks5 !== undefined) return socks(bench, scenario.socks5);
  if (scenario.dns !== undefined || scenario.upstream_answers !== undefined) return proxied(bench, scenario);
  if (scenario.connect === undefined) return overTls(bench, scenario, await dial(bench.port('tls')), scenario.tls ?? '');
  const line = await dial(bench.port('http'));
  line.socket.write(Buffer.from(`CONNECT ${scenario.connect} HTTP/1.1\r\nHost: ${scenario.connect}\r\n\r\n`, 'latin1'));
  await line.until((text) => text.includes('\r\n\r\n'), 3_000);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line.heard())?.[1] ?? 0);
  if (status !== 200) {
    await hangUp(line);
    return { stage: 'connect', reply: repliesIn(line.heard(), true)[0] ?? null, note: `CONNECT answered ${status}` };
  }
  if (scenario.first_bytes_hex === undefined) return overTls(bench, scenario, line, scenario.sni ?? scenario.connect.replace(/:\d+$/, ''));
  const length = line.heard().length;
  line.socket.write(Buffer.from(scenario.first_bytes_hex.replaceAll(/\s/g, ''), 'hex'));
  await line.until((text) => text.length > length, 1_000);
  await hangUp(line);
  return { stage: 'tls', reply: repliesIn(line.heard().slice(length), true)[0] ?? null, note: line.heard().slice(length) };
}

async function overTls(bench: Bench, scenario: Scenario, line: Awaited<ReturnType<typeof dial>>, name: string): Promise<Played> {
  line.socket.removeAllListeners('data');
  const stream = connectTls({
    socket: line.socket, ca: bench.ca, ALPNProtocols: [...(scenario.alpn ?? ['http/1.1'])],
    ...(name === '' ? {} : { servername: name }), checkServerIdentity: () => undefined,
  });
  try {
    await once(stream, 'secureConnect');
  } catch (error) {
    line.socket.destroy();
    return { stage: 'tls', reply: null, note: String(error) };
  }
  const inside = lineOver(stream);
  const host = scenario.inner_host ?? scenario.connect?.replace(/:\d+$/, '') ?? name;
  if (scenario.h2 !== undefined) {
    const fields = { ':scheme': 'https', ':authority': host, ...scenario.h2 };
    const answer = await h2Talk(inside, h2Request(Object.entries(fields).toSorted(([a], [b]) => Number(b.startsWith(':')) - Number(a.startsWith(':')))));
    stream.destroy();
    return answer !== null && 'status' in answer
      ? { stage: 'inner', reply: { status: answer.status, headers: new Map() }, note: `h2 ${answer.status}` }
      : { stage: 'inner', reply: null, note: `h2 ${answer?.ended ?? 'nothing'}` };
  }
  const { text } = await httpTalk(inside, [{ kind: 'bytes', bytes: Buffer.from(payment(scenario.inner ?? 'POST /v1/charges', host), 'latin1') }]);
  return { stage: 'inner', reply: repliesIn(text, true)[0] ?? null, note: text.slice(0, 100) };
}

const body = 'amount=2000&currency=usd&source=tok_visa';

function payment(line: string, host: string): string {
  const fields = [`Host: ${host}`, 'Authorization: Bearer sk_test_PLACEHOLDER', 'Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
  return [`${line} HTTP/1.1`, ...fields, '', body].join('\r\n');
}

async function proxied(bench: Bench, { request = 'GET https://sandbox.mock.test/', upstream_answers: answers, dns }: Scenario): Promise<Played> {
  const { status = 200, headers = {}, ...fields }: { readonly status?: number; readonly [name: string]: unknown } = answers ?? {};
  bench.standIn.answer = { status, headers: { ...(headers as Record<string, string>), ...(fields as Record<string, string>) } };
  bench.stage((dns ?? []).map(([, ...addresses]) => addresses));
  const [method = 'GET', url = ''] = request.split(' ');
  const line = await dial(bench.port('http'));
  const { text } = await httpTalk(line, [{ kind: 'bytes', bytes: Buffer.from(`${method} ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Length: 0\r\n\r\n`, 'latin1') }]);
  return { stage: 'proxy', reply: repliesIn(text, true)[0] ?? null, note: text.slice(0, 100) };
}

async function socks(bench: Bench, { host, port }: { readonly host: string; readonly port: number }): Promise<Played> {
  const name = Buffer.from(host, 'latin1');
  const line = await dial(bench.port('http'));
  const { text } = await httpTalk(line, [{ kind: 'bytes', bytes: Buffer.concat([Buffer.from([5, 1, 0, 5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 0xff])]) }]);
  // a SOCKS server would begin with its version, 5
  return { stage: 'socks', reply: repliesIn(text, true)[0] ?? null, note: text.startsWith('\x05') ? 'SOCKS is spoken' : text.slice(0, 100) };
}
