import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { createBudget } from '../../src/ingress/budget.ts';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import type { CertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import { createHttpIngress } from '../../src/ingress/http-ingress.ts';
import type { HttpIngress } from '../../src/ingress/http-ingress.ts';
import type { OriginRow } from '../../src/ingress/origin.ts';
import type { Authority, ConnectAttempt, HttpRequest, HttpResponse, Unreadable } from '../../src/model/exchange.ts';
import type { Answer, Gateway, GatewayFault } from '../../src/model/gateway.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Limits } from '../../src/model/limits.ts';
import type { Origin } from '../../src/model/origin.ts';

export type Recorded =
  | { readonly kind: 'http'; readonly request: HttpRequest; readonly origin: Origin }
  | { readonly kind: 'connect'; readonly attempt: ConnectAttempt; readonly origin: Origin }
  | { readonly kind: 'unreadable'; readonly what: Unreadable; readonly fault: GatewayFault; readonly origin: Origin }
  | { readonly kind: 'tls-rejected'; readonly host: string | null; readonly why: string; readonly origin: Origin };

/** The known hosts: a tunnel to any other is refused. */
export const known = ['api.stripe.com', 'api.sendgrid.com', '203.0.113.9', '2001:db8::1', 'internal.test'];

export interface FakeGateway extends Gateway {
  readonly recorded: readonly Recorded[];
  /** resolves with the first thing of this kind, also one that was recorded before */
  first<K extends Recorded['kind']>(kind: K): Promise<Extract<Recorded, { readonly kind: K }>>;
  of<K extends Recorded['kind']>(kind: K): readonly Extract<Recorded, { readonly kind: K }>[];
  /** what `http` answers; may wait */
  answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
}

export function fakeGateway(): FakeGateway {
  const recorded: Recorded[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  const record = (one: Recorded) => {
    recorded.push(one);
    news.emit('news');
  };
  const of = <K extends Recorded['kind']>(kind: K) => recorded.filter((one): one is Extract<Recorded, { readonly kind: K }> => one.kind === kind);
  const gateway: FakeGateway = {
    recorded,
    of,
    answer: (request) => jsonReply(200, { method: request.method, path: request.path }),
    async first(kind) {
      for (;;) {
        const [one] = of(kind);
        if (one !== undefined) return one;
        await once(news, 'news');
      }
    },
    async http(request, origin) {
      record({ kind: 'http', request, origin });
      return answered(await gateway.answer(request), 'capture');
    },
    pass: () => Promise.resolve(null),
    async connect(attempt, origin) {
      record({ kind: 'connect', attempt, origin });
      return attempt.authority !== null && known.includes(attempt.authority.host)
        ? { kind: 'intercept' }
        : { kind: 'refuse', answer: answered(problem(403, 'default', 'unknown host'), 'reject') };
    },
    async unreadable(what, fault, origin) {
      record({ kind: 'unreadable', what, fault, origin });
      return answered(problem(fault.status, `gateway:${fault.check}`, fault.reason), 'reject');
    },
    async tlsRejected(host, why, origin) {
      record({ kind: 'tls-rejected', host, why, origin });
    },
    mail: () => Promise.reject(new Error('no mail comes by HTTP')),
  };
  return gateway;
}

function answered(reply: HttpResponse, action: 'capture' | 'reject'): Answer<HttpResponse> {
  return { reply: { ...reply, headers: [...reply.headers, ['X-Fourthwall-Capture', 'cap_1']] }, capture: 'cap_1', action };
}

export function jsonReply(status: number, body: unknown): HttpResponse {
  return { kind: 'http', status, headers: [['Content-Type', 'application/json']], trailers: [], body: Buffer.from(JSON.stringify(body)) };
}

function problem(status: number, rule: string, reason: string): HttpResponse {
  return { kind: 'http', status, headers: [['Content-Type', 'application/problem+json']], trailers: [], body: Buffer.from(JSON.stringify({ rule, reason })) };
}

export interface Front {
  readonly gateway: FakeGateway;
  readonly ca: CertificateAuthority;
  readonly ingress: HttpIngress;
  readonly http: number;
  readonly tls: number;
  readonly reverse: number;
  readonly reverseTls: number;
  /** lines the ingress logged as errors */
  readonly errors: readonly string[];
  stop(): Promise<void>;
}

/** An ingress with all its doors on free ports of the loopback address. */
export async function startFront(changed: Partial<Limits> = {}, origins: readonly OriginRow[] = [], proxies: readonly string[] = []): Promise<Front> {
  const directory = await mkdtemp(path.join(tmpdir(), 'fourthwall-ingress-'));
  const ca = await openCertificateAuthority({ directory: path.join(directory, 'ca'), now: Date.now });
  const gateway = fakeGateway();
  const errors: string[] = [];
  const own: Authority[] = [];
  const limits = { ...defaultLimits, drain: 2_000, ...changed };
  const logger = pino({ level: 'error' }, { write: (line) => void errors.push(line) });
  const ingress = createHttpIngress({ gateway, ca, limits, budget: createBudget(limits), origins, proxies, logger, own: () => own });
  const target = { host: 'api.stripe.com', port: 443 };
  const [http, tls, reverse, reverseTls] = [
    await ingress.listenHttp('127.0.0.1', 0), await ingress.listenTls('127.0.0.1', 0),
    await ingress.listenReverse({ host: '127.0.0.1', port: 0, target, tls: false }), await ingress.listenReverse({ host: '127.0.0.1', port: 0, target, tls: true }),
  ];
  own.push(...[http, tls, reverse, reverseTls].map((port) => ({ host: '127.0.0.1', port })));
  return {
    gateway, ca, ingress, http, tls, reverse, reverseTls, errors,
    async stop() {
      await ingress.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Everything that comes until the other side closes. */
export async function rest(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  if (!socket.destroyed) await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** What comes until `enough` is true of it. */
export async function hear(socket: Socket, enough: (text: string) => boolean): Promise<string> {
  let text = '';
  // one for all turns, and taken back at the end: each would leave its listeners behind
  const done = new AbortController();
  const closed = once(socket, 'close', { signal: done.signal }).then(() => Promise.reject(new Error(`closed after ${JSON.stringify(text)}`)));
  closed.catch(() => {});
  try {
    for (;;) {
      const chunk: Buffer | null = socket.read();
      if (chunk !== null) text += chunk.toString('latin1');
      if (enough(text)) return text;
      if (chunk === null) await Promise.race([once(socket, 'readable'), closed]);
    }
  } finally {
    done.abort();
  }
}

export async function dial(port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes (latin1) and gives all that comes back; our writing side stays open. */
export async function send(port: number, bytes: string | Buffer): Promise<string> {
  const socket = await dial(port);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return rest(socket);
}

/** An open tunnel: the CONNECT was answered with 200. */
export async function tunnel(port: number, authority: string, fields = ''): Promise<Socket> {
  const socket = await dial(port);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${fields}\r\n`);
  const head = await hear(socket, (text) => text.endsWith('\r\n\r\n'));
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`the tunnel was refused: ${head}`);
  return socket;
}

export async function secured(socket: Socket, options: ConnectionOptions): Promise<TLSSocket> {
  const tls = connectTls({ socket, ...options });
  await once(tls, 'secureConnect');
  return tls;
}

/** The body of one HTTP/1 reply with Content-Length has arrived. */
export function wholeReply(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n', 2);
  return body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}
