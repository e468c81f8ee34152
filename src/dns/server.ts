import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { isIPv6, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Logger } from 'pino';
import { mostQueryBytes, mostUdpBytes, parseQuery, reply } from './message.ts';
import type { Answer, Question } from './message.ts';

/**
 * What is answered to a question from this address. Rejecting means SERVFAIL. A Buffer is a whole reply, sent as it is;
 * `query` is the question as it came.
 */
export type Responder = (question: Question, from: string, query: Buffer) => Promise<Answer | Buffer>;

export interface DnsServer {
  /** UDP and TCP on one port; resolves with it. 0 = any that is free for both. */
  listen(host: string, port: number): Promise<number>;
  close(): Promise<void>;
}

/** Bounds on askers. Times in ms. */
export interface DnsLimits {
  /** questions a second from one address, and from all */
  readonly perAddress: number;
  readonly perSecond: number;
  /** questions that are being answered */
  readonly waiting: number;
  readonly connections: number;
  readonly idle: number;
}

export const defaultDnsLimits: DnsLimits = { perAddress: 2_000, perSecond: 20_000, waiting: 1_000, connections: 200, idle: 10_000 };

/** The two transports of DNS around one responder. What is over a bound or malformed is dropped without a word. */
export function createDnsServer({ respond, logger, now, limits = defaultDnsLimits }: {
  readonly respond: Responder;
  readonly logger: Pick<Logger, 'warn' | 'error' | 'debug'>;
  readonly now: () => number;
  readonly limits?: DnsLimits;
}): DnsServer {
  const allowed = allowance(limits, now);
  const closing: (() => Promise<void>)[] = [];
  const open = new Set<Socket>();
  let waiting = 0;

  /** Null: say nothing. */
  async function answer(bytes: Buffer, from: string, most: number): Promise<Buffer | null> {
    if (waiting >= limits.waiting || !allowed(from)) return null;
    const parsed = parseQuery(bytes);
    if (parsed.kind === 'malformed') {
      logger.debug({ from, why: parsed.why }, 'dns: dropped');
      return null;
    }
    const { question } = parsed;
    if (parsed.kind === 'declined') return reply(question, { code: parsed.code, records: [] }, most);
    waiting += 1;
    try {
      const given = await respond(question, from, bytes);
      return Buffer.isBuffer(given) ? given : reply(question, given, most);
    } catch (error) {
      logger.error({ err: error, name: question.name }, 'dns: a question could not be answered');
      return reply(question, { code: 'SERVFAIL', records: [] }, most);
    } finally {
      waiting -= 1;
    }
  }

  async function serve(socket: Socket): Promise<void> {
    for await (const message of framed(socket)) {
      const bytes = await answer(message, plain(socket.remoteAddress ?? ''), 65_535);
      if (bytes === null) break;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      if (!socket.writable) break;
      socket.write(Buffer.concat([length, bytes]));
    }
    socket.destroy();
  }

  async function attempt(host: string, port: number): Promise<number> {
    const tcp = createServer((socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket)).on('error', () => socket.destroy()).setTimeout(limits.idle, () => socket.destroy());
      serve(socket).catch(() => socket.destroy());
    });
    tcp.maxConnections = limits.connections;
    const taken = await listening(tcp, host, port);
    const udp = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
    try {
      await bound(udp, host, taken);
    } catch (error) {
      udp.close();
      await closed(tcp);
      throw error;
    }
    let running = true;
    const answerDatagram = async (bytes: Buffer, address: string, source: number): Promise<void> => {
      const sent = await answer(bytes, plain(address), mostUdpBytes);
      if (sent !== null && running) udp.send(sent, source, address, () => undefined);
    };
    udp.on('message', (bytes, { address, port: source }) => {
      answerDatagram(bytes, address, source).catch((error: unknown) => logger.error({ err: error }, 'dns: a question was lost'));
    });
    udp.on('error', (error) => logger.error({ err: error }, 'dns: the UDP listener failed'));
    tcp.on('error', (error) => logger.error({ err: error }, 'dns: the TCP listener failed'));
    closing.push(async () => {
      running = false;
      await new Promise<void>((resolve) => udp.close(resolve));
      for (const socket of open) socket.destroy();
      await closed(tcp);
    });
    return taken;
  }

  return {
    async listen(host, port) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt(host, port);
        } catch (error) {
          // A free TCP port may be taken for UDP: with any port allowed, another one will do.
          if (port !== 0 || tries === 20 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        }
      }
    },
    async close() {
      for (const close of closing.splice(0)) await close();
    },
  };
}

/** Counts by the second. At most `perSecond` addresses are ever remembered. */
function allowance({ perAddress, perSecond }: DnsLimits, now: () => number): (from: string) => boolean {
  const counts = new Map<string, number>();
  let [second, all] = [0, 0];
  return (from) => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) {
      [second, all] = [current, 0];
      counts.clear();
    }
    const count = (counts.get(from) ?? 0) + 1;
    if (all >= perSecond || count > perAddress) return false;
    all += 1;
    counts.set(from, count);
    return true;
  };
}

/** Messages of a TCP stream: two bytes of length before each (RFC 1035 §4.2.2). Ends at one that is no query's length. */
async function* framed(socket: Socket): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 2) {
      const length = held.readUInt16BE(0);
      if (length > mostQueryBytes) return;
      if (held.length < 2 + length) break;
      yield held.subarray(2, 2 + length);
      held = held.subarray(2 + length);
    }
  }
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function bound(socket: UdpSocket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject).bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** a dual-stack listener reports IPv4 askers as ::ffff:a.b.c.d */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
