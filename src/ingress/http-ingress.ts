import { METHODS } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import Fastify from 'fastify';
import type { Authority } from '../model/exchange.ts';
import { arrivalOf, clientAddress } from './client-address.ts';
import { createConnections, newConnection } from './connection.ts';
import { unreadable } from './fault.ts';
import { createHttpCalls } from './http-call.ts';
import { createConnect } from './http-connect.ts';
import { originOfCall } from './http-room.ts';
import type { HttpRoom } from './http-room.ts';
import { createHttp1, createHttp2 } from './http-servers.ts';
import type { Route } from './http-servers.ts';
import { createTlsDoors } from './tls-door.ts';
import type { Speakers } from './tls-door.ts';

/** Every way in that speaks HTTP. A port of 0 takes any free one; what is returned is the real port. */
export interface HttpIngress {
  /** explicit proxy, CONNECT, `/~/` routes, and plain HTTP that ended here by name */
  listenHttp(host: string, port: number): Promise<number>;
  /** TLS that ended here by name */
  listenTls(host: string, port: number): Promise<number>;
  /** a port that stands for one vendor's host; `tls`: the port itself speaks TLS */
  listenReverse(listener: { readonly host: string; readonly port: number; readonly target: Authority; readonly tls: boolean }): Promise<number>;
  /** Stops accepting, finishes what was read, ends who is idle; after `limits.drain` ms everybody. */
  close(): Promise<void>;
}

export function createHttpIngress(room: HttpRoom): HttpIngress {
  const { limits, logger } = room;
  const connections = createConnections();
  const calls = createHttpCalls(room, connections);
  const listeners: Server[] = [];
  let ready: PromiseLike<unknown> | null = null;

  const speak: Speakers = {
    plain(stream, accepted, face) {
      connections.enter(accepted, newConnection(stream, clientAddress(accepted), face));
      app.server.emit('connection', stream);
    },
    secure(stream, accepted, face) {
      if (stream.alpnProtocol !== 'h2') return speak.plain(stream, accepted, face);
      connections.enter(accepted, newConnection(stream, clientAddress(accepted), face));
      // Left half-open, a session would not hear that its client is gone.
      stream.allowHalfOpen = false;
      http2.emit('secureConnection', stream);
    },
  };
  const doors = createTlsDoors(room, connections, speak);
  const connect = createConnect(room, doors);

  // The router sees one URL and no bodies: it knows paths and content types that the world does not keep to.
  const app = Fastify({
    rewriteUrl: () => '/',
    serverFactory: (route) => createHttp1(limits, { route: route as Route, connect }),
    clientErrorHandler: (error, socket) => void calls.fail(error, socket),
  });
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  app.route({
    method: METHODS, url: '/', exposeHeadRoute: false,
    handler: async (request, reply) => {
      reply.hijack();
      await calls.serve(request.raw, reply.raw, request.originalUrl ?? '');
    },
  });
  const http2 = createHttp2(limits, app.routing as Route, (connection) => void calls.lost(connection));

  /** False: the balancer's own words could not be read, and the connection is closed. */
  async function arrive(socket: Socket): Promise<boolean> {
    const arrival = await arrivalOf(socket, room.proxies, limits.headersTimeout);
    if (arrival.kind === 'client') return true;
    if (arrival.kind === 'malformed') {
      const origin = originOfCall(room, { face: { kind: 'open' }, address: clientAddress(socket) }, [], 'proxy');
      await room.gateway.unreadable({ kind: 'unreadable', protocol: 'http', authority: null, received: arrival.received }, unreadable(400, arrival.why), origin);
    }
    socket.destroy();
    return false;
  }

  async function listen(host: string, port: number, open: (socket: Socket) => void | Promise<void>): Promise<number> {
    await (ready ??= app.ready());
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      connections.accept(socket);
      arrive(socket).then((arrived) => (arrived ? open(socket) : undefined)).catch((error: unknown) => {
        logger.error({ err: error }, 'a connection could not be served');
        socket.destroy();
      });
    });
    server.maxConnections = limits.connections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, () => resolve(server.off('error', reject) && undefined));
    });
    server.on('error', (error) => logger.error({ err: error }, 'a listener failed'));
    listeners.push(server);
    return (server.address() as AddressInfo).port;
  }

  return {
    listenHttp: (host, port) => listen(host, port, (socket) => speak.plain(socket, socket, { kind: 'open' })),
    listenTls: (host, port) => listen(host, port, doors.byName),
    listenReverse: ({ host, port, target, tls }) =>
      listen(host, port, (socket) => (tls ? doors.reverse(socket, target) : speak.plain(socket, socket, { kind: 'reverse', target }))),
    async close() {
      for (const listener of listeners) listener.close();
      await connections.drain(limits.drain);
      app.server.close();
      await app.close();
    },
  };
}
