import type { IncomingMessage, ServerResponse } from 'node:http';
import { Http2ServerResponse } from 'node:http2';
import type { Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';
import { header } from '../model/exchange.ts';
import type { Header, Headers, HttpRequest } from '../model/exchange.ts';
import { connectionOf, turn } from './connection.ts';
import type { Connection, Connections } from './connection.ts';
import { viaOf } from './face.ts';
import { headBytes, receivedLimit, unreadable } from './fault.ts';
import type { Fault } from './fault.ts';
import { readBody } from './http-body.ts';
import { headFault, headOf, endToEnd, trailerFault } from './http-head.ts';
import type { HttpHead } from './http-head.ts';
import { passThrough } from './http-passage.ts';
import { parseFault } from './http-parse-fault.ts';
import { sendHttp1, sendHttp2, sendLast } from './http-reply.ts';
import { originOfCall } from './http-room.ts';
import type { HttpRoom } from './http-room.ts';
import { targetOf, text } from './http-target.ts';
import type { HttpTarget } from './http-target.ts';
import { isOwn } from './own-address.ts';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

export interface HttpCalls {
  /** One request whose head Node has read. `target` is the request target as it came. */
  serve(request: Request, response: Response, target: string): Promise<void>;
  /** Bytes that Node could not read as a request, on HTTP/1. */
  fail(error: Error, socket: Socket): Promise<void>;
  /** A request that HTTP/2 itself forbids: it was reset, and only its record is left to make. */
  lost(connection: Connection): Promise<void>;
}

/** From a request on a connection to the gateway's answer on that connection. Whatever goes wrong, nothing is acknowledged. */
export function createHttpCalls(room: HttpRoom, connections: Connections): HttpCalls {
  const { gateway, limits, logger, budget } = room;

  async function serve(request: Request, response: Response, target: string): Promise<void> {
    const connection = connectionOf(request.socket);
    if (connection === null || connection.broken) return;
    connection.tape.clear();
    connection.working.add(response);
    response.once('close', () => connection.working.delete(response));
    response.on('error', () => {});
    try {
      await answer(connection, request, response, headOf(request, target));
    } catch (error) {
      logger.error({ err: error }, 'a call could not be answered');
      abandon(connection, response);
    }
  }

  async function answer(connection: Connection, request: Request, response: Response, head: HttpHead): Promise<void> {
    const target = headFault(head, limits) ?? targetOf(head, connection.face, (authority) => isOwn(authority, room.own()));
    if (target.kind === 'fault') return refuse(connection, response, head, target, Buffer.alloc(0));
    const expects = head.version !== '1.0' && header(head.headers, 'expect') !== null;
    const origin = originOfCall(room, connection, head.headers, target.via);
    const passed = await passThrough({ gateway, limits, connection, request, response, expects, origin, head: requestOf(head, target, Buffer.alloc(0), []), draining: connections.draining });
    if (passed === 'passed') return;
    if (passed !== 'held') return refuse(connection, response, head, { ...passed, authority: target.authority }, Buffer.alloc(0));
    const length = Number(header(head.headers, 'content-length') ?? 0);
    if (length > limits.httpBody) {
      return refuse(connection, response, head, unreadable(413, `the body has ${length} bytes, at most ${limits.httpBody} are taken`, target.authority), Buffer.alloc(0));
    }
    if (expects) response.writeContinue();
    const body = await readBody(request, connection, { limit: limits.httpBody, timeout: limits.requestTimeout, budget });
    if (body.kind === 'cut') return refuse(connection, response, head, { ...body.fault, authority: target.authority }, body.received);
    connection.tape.clear();
    try {
      const late = trailerFault(body.trailers, limits);
      if (late !== null) return await refuse(connection, response, head, { ...late, authority: target.authority }, body.bytes);
      const { reply, dropped } = await gateway.http(requestOf(head, target, body.bytes, endToEnd(body.trailers)), origin);
      if (dropped === true) return abandon(connection, response);
      if (response instanceof Http2ServerResponse) return sendHttp2(response, reply, head.method);
      if (connections.draining()) response.shouldKeepAlive = false;
      sendHttp1(response, reply, head.method);
    } finally {
      budget.give(body.bytes.length);
    }
  }

  /** On HTTP/1 the connection ends with a fault: where the next request would begin can no longer be known. */
  async function refuse(connection: Connection, response: Response, head: HttpHead, fault: Fault, body: Buffer): Promise<void> {
    if (!(response instanceof Http2ServerResponse)) connection.broken = true;
    const via = connection.face.kind === 'open' && head.target.startsWith('/') ? 'transparent' : viaOf(connection.face);
    const received = Buffer.concat([headBytes(head), body]).subarray(0, receivedLimit);
    const { reply } = await gateway.unreadable({ kind: 'unreadable', protocol: 'http', authority: fault.authority, received }, fault, originOfCall(room, connection, head.headers, via));
    if (reply.kind !== 'http') return abandon(connection, response);
    if (response instanceof Http2ServerResponse) return sendHttp2(response, reply, head.method);
    await turn(connection, response);
    sendLast(connection.socket, reply, head.method);
  }

  async function fail(error: NodeJS.ErrnoException, socket: Socket): Promise<void> {
    const connection = connectionOf(socket);
    if (connection === null) return void socket.destroy();
    if (connection.broken) return;
    const rawPacket = 'rawPacket' in error && error.rawPacket instanceof Uint8Array ? Buffer.from(error.rawPacket) : Buffer.alloc(0);
    const heard = connection.tape.bytes();
    const received = (heard.length >= rawPacket.length ? heard : rawPacket).subarray(0, receivedLimit);
    const fault = parseFault(error, received, limits);
    if (fault !== null && connection.reading?.(fault) === true) return;
    connection.broken = true;
    if (fault === null) return void socket.destroy();
    try {
      const { reply } = await gateway.unreadable({ kind: 'unreadable', protocol: 'http', authority: null, received }, fault, originOfCall(room, connection, [], viaOf(connection.face)));
      if (reply.kind !== 'http') return void socket.destroy();
      await turn(connection, null);
      sendLast(socket, reply, 'GET');
    } catch (failure) {
      logger.error({ err: failure }, 'a broken request could not be answered');
      socket.destroy();
    }
  }

  async function lost(connection: Connection): Promise<void> {
    const { face } = connection;
    const authority = face.kind === 'tunnel' ? face.authority : face.kind === 'named' ? { host: face.host, port: 443 } : face.kind === 'reverse' ? face.target : null;
    const fault = unreadable(400, 'a request held what HTTP/2 forbids and was reset', authority);
    try {
      await gateway.unreadable({ kind: 'unreadable', protocol: 'http', authority, received: Buffer.alloc(0) }, fault, originOfCall(room, connection, [], viaOf(face)));
    } catch (failure) {
      logger.error({ err: failure }, 'a reset request could not be recorded');
    }
  }

  return { serve, fail, lost };
}

function abandon(connection: Connection, response: Response): void {
  if (response instanceof Http2ServerResponse) response.stream.destroy();
  else connection.socket.destroy();
}

function requestOf(head: HttpHead, target: HttpTarget, body: Buffer, trailers: Headers): HttpRequest {
  const { scheme, authority, path, query, hostIsOurs } = target;
  const named = text(authority).replace(scheme === 'https' ? /:443$/ : /:80$/, '');
  const headers = endToEnd(head.headers).map((field): Header => (hostIsOurs && field[0].toLowerCase() === 'host' ? [field[0], named] : field));
  return { kind: 'http', method: head.method, scheme, authority, path, query, version: head.version, headers, trailers, body };
}
