import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Limits } from '../model/limits.ts';
import { connectionOf } from './connection.ts';
import type { Connection } from './connection.ts';

export type Route = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => void;

export interface Http1Handlers {
  readonly route: Route;
  readonly connect: (request: IncomingMessage, socket: Socket, early: Buffer) => Promise<void>;
}

/**
 * The HTTP/1 reader. It listens nowhere: streams of every door are handed to it by its 'connection' event. Who makes it
 * answers its 'clientError'.
 */
export function createHttp1(limits: Limits, { route, connect }: Http1Handlers): Server {
  const server = createServer({
    // Judged by us to the byte and recorded; this is only the bound on what Node buffers.
    maxHeaderSize: limits.url + limits.httpHeaderBytes + 4_096,
    requireHostHeader: false,
    headersTimeout: limits.headersTimeout,
    // The body's deadline is ours, the same for HTTP/2.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.max(20, Math.min(1_000, Math.floor(limits.headersTimeout / 4))),
    keepAliveTimeout: limits.idleTimeout,
    keepAliveTimeoutBuffer: 0,
  });
  // Past a limit of its own Node drops fields without a word: it has none, we count.
  server.maxHeadersCount = 0;
  server.on('request', route).on('checkContinue', route).on('checkExpectation', route);
  server.on('connect', (request, socket, early) => void connect(request, socket as Socket, early));
  // Before Node's own reader, so that a head is on the tape when it is judged.
  server.on('connection', (socket) => {
    const connection = connectionOf(socket);
    if (connection !== null) socket.prependListener('data', connection.tape.hear);
  });
  // A server that listens nowhere does not start its clock for slow heads by itself.
  server.emit('listening');
  return server;
}

/**
 * The HTTP/2 reader, for streams whose handshake agreed on h2. It too listens nowhere. `unread` is told when a session ends in
 * which a request was reset before anybody was given it.
 */
export function createHttp2(limits: Limits, route: Route, unread: (connection: Connection) => void): Http2SecureServer {
  const server = createSecureServer({
    // Far enough above our own count that a head over the limit is read, answered and recorded.
    maxHeaderListPairs: 4 * limits.httpHeaders,
    settings: { maxConcurrentStreams: 100, maxHeaderListSize: 4 * (limits.url + limits.httpHeaderBytes), enableConnectProtocol: false },
  });
  server.on('request', route).on('checkContinue', route).on('checkExpectation', route).on('connect', route);
  server.on('session', (session) => {
    const connection = connectionOf(session.socket);
    if (connection === null) return session.destroy();
    connection.session = session;
    const first = setTimeout(() => session.destroy(), limits.headersTimeout);
    session.once('stream', () => clearTimeout(first)).once('close', () => clearTimeout(first));
    let highest = 0;
    session.on('stream', ({ id = 0 }) => {
      highest = Math.max(highest, id);
    });
    beforeEnd(session, () => {
      if ((session.state.lastProcStreamID ?? 0) > highest) unread(connection);
    });
    session.setTimeout(limits.idleTimeout, () => {
      if (connection.working.size === 0) session.close();
    });
  });
  // Frames no grammar allows: Node has answered GOAWAY, and no request came of them.
  server.on('sessionError', () => {});
  return server;
}

/**
 * The last moment at which a session's state can be read. A head that HTTP/2 forbids (a line end in :path, Transfer-Encoding,
 * two :authority) is reset inside nghttp2 without any event; only the number of the last stream tells of it.
 */
function beforeEnd(session: ServerHttp2Session, look: () => void): void {
  let looked = false;
  const once = () => {
    if (!looked && !session.destroyed) look();
    looked = true;
  };
  const { close, destroy } = session;
  session.close = (...given) => {
    once();
    close.apply(session, given);
  };
  session.destroy = (...given) => {
    once();
    destroy.apply(session, given);
  };
}
