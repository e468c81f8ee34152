import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';

export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly size: number;
  readonly sha256: string;
  /** false: the connection broke in the middle */
  readonly whole: boolean;
}

export interface Upstream {
  readonly port: number;
  /** every call, in the order in which their bodies ended */
  readonly arrived: readonly Arrived[];
  /** resolves when so many calls have ended or broken off */
  count(calls: number): Promise<void>;
  close(): Promise<void>;
}

/** One of our own services, on the loopback address: counts and hashes what it is sent, then answers. `tls`: it speaks HTTPS. */
export async function startUpstream(answer: (arrived: Arrived, response: ServerResponse, request: IncomingMessage) => void, tls: SecureContext | null = null): Promise<Upstream> {
  const arrived: Arrived[] = [];
  const waiting = new Set<() => void>();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const hash = createHash('sha256');
    let size = 0;
    const ended = (): void => {
      const { method = '', url = '', rawHeaders, headers, complete } = request;
      const one = { method, url, rawHeaders, headers, size, sha256: hash.digest('hex'), whole: complete };
      arrived.push(one);
      for (const look of waiting) look();
      if (complete) answer(one, response, request);
    };
    request.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      size += chunk.length;
    });
    request.once('close', () => { if (!request.complete) ended(); });
    request.once('end', ended).on('error', () => {});
  };
  const server = tls === null ? createServer(serve) : createTlsServer({ SNICallback: (_name, done) => done(null, tls) }, serve);
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arrived,
    count: (calls) => new Promise((resolve) => {
      const look = (): void => {
        if (arrived.length < calls) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    }),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A service that answers every connection by hand. */
export async function startRawUpstream(serve: (socket: Socket) => void): Promise<{ readonly port: number; readonly server: Server; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    server,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** The policy under which calls to these ports of this machine pass. */
export function passPolicy(...ports: readonly number[]): string {
  return `version: 1
default: reject
internal:
  - { hosts: [localhost], cidrs: ["127.0.0.0/8", "::1/128"], ports: [${ports.join(', ')}] }
rules:
  - { id: our-own, when: { host: localhost }, then: { forward: { internal: true } }, because: internal services are part of staging }
`;
}
