import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connectionOf, turn } from './connection.ts';
import type { Connection } from './connection.ts';
import { headBytes } from './fault.ts';
import { endToEnd, headFault, headOf } from './http-head.ts';
import { sendLast } from './http-reply.ts';
import { originOfCall } from './http-room.ts';
import type { HttpRoom } from './http-room.ts';
import { connectTargetOf } from './http-target.ts';
import { isOwn } from './own-address.ts';
import { proxyUser } from './proxy-credential.ts';
import type { TlsDoors } from './tls-door.ts';

/** CONNECT (RFC 9110 §9.3.6): refused on the CONNECT itself, or opened and read. There are no blind tunnels. */
export function createConnect(room: HttpRoom, doors: TlsDoors): (request: IncomingMessage, socket: Socket, early: Buffer) => Promise<void> {
  const { gateway, limits, logger } = room;

  async function judge(connection: Connection, request: IncomingMessage, early: Buffer): Promise<void> {
    const { socket } = connection;
    const head = headOf(request, request.url ?? '');
    const origin = originOfCall(room, connection, head.headers, 'connect');
    const target = headFault(head, limits) ?? connectTargetOf(head, connection.face, (authority) => isOwn(authority, room.own()));
    if ('kind' in target) {
      const { reply } = await gateway.unreadable({ kind: 'unreadable', protocol: 'connect', authority: target.authority, received: headBytes(head) }, target, origin);
      await turn(connection, socket);
      return reply.kind === 'http' ? sendLast(socket, reply, 'CONNECT') : void socket.destroy();
    }
    const verdict = await gateway.connect({ kind: 'connect', via: 'connect', authority: target, headers: endToEnd(head.headers) }, origin);
    await turn(connection, socket);
    if (verdict.kind === 'refuse') return sendLast(socket, verdict.answer.reply, 'CONNECT');
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (early.length > 0) socket.unshift(early);
    connection.working.delete(socket);
    await doors.inTunnel(socket, { kind: 'tunnel', authority: target, user: proxyUser(head.headers), headers: head.headers });
  }

  return async (request, socket, early) => {
    const connection = connectionOf(socket);
    if (connection === null || connection.broken) return void socket.destroy();
    // Node has let go of the socket; what it carries from here on is not our tape's.
    socket.off('data', connection.tape.hear);
    connection.broken = true;
    connection.working.add(socket);
    socket.once('close', () => connection.working.delete(socket));
    try {
      await judge(connection, request, early);
    } catch (error) {
      logger.error({ err: error }, 'a CONNECT could not be answered');
      socket.destroy();
    }
  };
}
