import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Authority } from '../model/exchange.ts';
import { parseHost } from '../model/host.ts';
import type { Origin } from '../model/origin.ts';
import { OutsideConstraints } from './certificate-authority.ts';
import { clientAddress } from './client-address.ts';
import { alert, parseClientHello, tlsHandshake } from './client-hello.ts';
import type { Connections } from './connection.ts';
import { viaOf } from './face.ts';
import type { Face } from './face.ts';
import { unreadable } from './fault.ts';
import type { Fault } from './fault.ts';
import { firstBytes } from './first-bytes.ts';
import { closeGently, sendLast } from './http-reply.ts';
import { originOfCall } from './http-room.ts';
import type { HttpRoom } from './http-room.ts';
import { isThisMachine } from './own-address.ts';
import { handshake } from './tls-handshake.ts';

/** How the doors hand over a stream on which HTTP is spoken next. */
export interface Speakers {
  /** plain bytes: HTTP/1 */
  readonly plain: (stream: Socket, accepted: Socket, face: Face) => void;
  /** after the handshake: by ALPN */
  readonly secure: (stream: TLSSocket, accepted: Socket, face: Face) => void;
}

/** What the first bytes of a connection are. */
export type Opening =
  | { readonly kind: 'hello'; readonly serverName: string | null }
  /** begins as a request line does */
  | { readonly kind: 'http'; readonly received: Buffer }
  | { readonly kind: 'unknown'; readonly why: string; readonly tls: boolean; readonly received: Buffer };

export interface TlsDoors {
  /** the TLS port: the server name says the target */
  byName(socket: Socket): Promise<void>;
  /** a reverse port that speaks TLS itself */
  reverse(socket: Socket, target: Authority): Promise<void>;
  /** the TLS inside a CONNECT that was allowed */
  inTunnel(socket: Socket, face: Omit<Extract<Face, { readonly kind: 'tunnel' }>, 'scheme' | 'serverName'>): Promise<void>;
}

export function createTlsDoors(room: HttpRoom, connections: Connections, speak: Speakers): TlsDoors {
  const { gateway, ca, limits, logger } = room;

  async function byName(socket: Socket): Promise<void> {
    const origin = originAt(socket, { kind: 'named', host: '' });
    const opening = await openingOf(socket);
    if (opening === null) return void socket.destroy();
    if (opening.kind !== 'hello') return refuseBytes(socket, opening, 'the TLS port takes TLS only', null, origin);
    const host = serverHost(opening.serverName);
    const verdict = await gateway.connect({ kind: 'connect', via: 'sni', authority: host === null ? null : { host, port: 443 }, headers: [] }, origin);
    if (host === null) {
      // Which certificate it would take, and what it wanted to send, nobody can know.
      const why = opening.serverName === null ? 'the client named no server (no SNI)' : `the client named ${JSON.stringify(opening.serverName)}, which is no host name`;
      await gateway.tlsRejected(null, why, origin);
      return closeGently(socket, alert.unrecognizedName);
    }
    if (verdict.kind === 'refuse') return closeGently(socket, alert.unrecognizedName);
    await secure(socket, { presented: host, serverName: opening.serverName, face: { kind: 'named', host }, target: { host, port: 443 }, origin });
  }

  async function reverse(socket: Socket, target: Authority): Promise<void> {
    const face: Face = { kind: 'reverse', target };
    const origin = originAt(socket, face);
    const opening = await openingOf(socket);
    if (opening === null) return void socket.destroy();
    if (opening.kind !== 'hello') return refuseBytes(socket, opening, 'this port takes TLS only', target, origin);
    // A client that dialled an address names nobody: it checks the certificate for that address.
    const host = opening.serverName === null ? serverAddress(socket) : serverHost(opening.serverName);
    const ours = host !== null && (host === target.host || isThisMachine(host) || room.own().some((own) => own.host === host));
    if (!ours) {
      const fault: Fault = { kind: 'fault', check: 'mismatch', status: 421, authority: target, reason: `the TLS server name ${JSON.stringify(opening.serverName)} is neither ${target.host} nor this machine` };
      await gateway.unreadable({ kind: 'unreadable', protocol: 'connect', authority: target, received: Buffer.alloc(0) }, fault, origin);
      return closeGently(socket, alert.unrecognizedName);
    }
    const verdict = await gateway.connect({ kind: 'connect', via: 'sni', authority: target, headers: [] }, origin);
    if (verdict.kind === 'refuse') return closeGently(socket, alert.unrecognizedName);
    await secure(socket, { presented: host, serverName: opening.serverName, face, target, origin });
  }

  async function inTunnel(socket: Socket, tunnel: Parameters<TlsDoors['inTunnel']>[1]): Promise<void> {
    const { authority } = tunnel;
    const plain: Face = { ...tunnel, scheme: 'http', serverName: null };
    const origin = originAt(socket, plain);
    const opening = await openingOf(socket);
    if (opening === null) return void socket.destroy();
    if (opening.kind === 'http') return speak.plain(socket, socket, plain);
    if (opening.kind === 'unknown') return refuseBytes(socket, opening, 'a tunnel carries TLS or HTTP only', authority, origin);
    // A name that is not the CONNECT's is answered 421 inside, with the certificate of the CONNECT.
    const serverName = opening.serverName === null ? null : (serverHost(opening.serverName) ?? opening.serverName);
    await secure(socket, { presented: authority.host, serverName: opening.serverName, face: { ...tunnel, scheme: 'https', serverName }, target: authority, origin });
  }

  /** What the client begins with; null when it left without a word. */
  async function openingOf(socket: Socket): Promise<Opening | null> {
    const first = await firstBytes(socket, openingIn, limits.headersTimeout);
    if (first.kind === 'known') return first.what;
    if (first.kind === 'closed' && first.received.length === 0) return null;
    const why = first.kind === 'closed' ? 'the client closed in the middle of its first message' : `no whole first message arrived within ${limits.headersTimeout} ms`;
    return { kind: 'unknown', why, tls: false, received: first.received };
  }

  async function refuseBytes(socket: Socket, opening: Exclude<Opening, { readonly kind: 'hello' }>, rule: string, authority: Authority | null, origin: Origin): Promise<void> {
    const why = opening.kind === 'http' ? 'plain HTTP' : opening.why;
    const { reply } = await gateway.unreadable({ kind: 'unreadable', protocol: 'connect', authority, received: opening.received }, unreadable(400, `${rule}: ${why}`, authority), origin);
    if (opening.kind === 'http' && reply.kind === 'http') return sendLast(socket, reply, 'GET');
    if (opening.kind === 'unknown' && opening.tls) return closeGently(socket, alert.decodeError);
    socket.destroy();
  }

  async function secure(socket: Socket, { presented, serverName, face, target, origin }: {
    /** whom the certificate names */
    readonly presented: string;
    readonly serverName: string | null;
    readonly face: Face; readonly target: Authority; readonly origin: Origin;
  }): Promise<void> {
    const context = await ca.secureContext(presented).catch((error: unknown) => {
      if (error instanceof OutsideConstraints) return error;
      throw error;
    });
    if (context instanceof OutsideConstraints) {
      const fault: Fault = { kind: 'fault', check: 'certificate', status: 421, authority: target, reason: context.message };
      await gateway.unreadable({ kind: 'unreadable', protocol: 'connect', authority: target, received: Buffer.alloc(0) }, fault, origin);
      return closeGently(socket, alert.unrecognizedName);
    }
    const shaken = await handshake(socket, context, limits.tlsHandshakeTimeout);
    if (shaken.kind === 'rejected') return gateway.tlsRejected(target.host, shaken.why, origin);
    const differs = shaken.kind === 'secure' && (shaken.socket.servername || null) !== serverName;
    if (shaken.kind === 'broken' || differs) {
      const why = shaken.kind === 'broken' ? shaken.why : 'the TLS hello was read in two ways';
      if (shaken.kind === 'secure') shaken.socket.destroy();
      await gateway.unreadable({ kind: 'unreadable', protocol: 'connect', authority: target, received: Buffer.alloc(0) }, unreadable(400, why, target), origin);
      return;
    }
    const stream = shaken.socket;
    // Node's own client finishes the handshake before it checks the certificate: then it closes without a word.
    let byClient = false;
    const left = () => {
      byClient = true;
    };
    stream.once('end', left).once('error', left).once('close', () => {
      // On a TLSSocket this counts what was decrypted.
      if (stream.bytesRead > 0 || connections.draining() || !byClient) return;
      gateway.tlsRejected(target.host, 'the client closed after the handshake without a request: it may not trust the CA', origin)
        .catch((error: unknown) => logger.error({ err: error }, 'a rejected certificate could not be noted'));
    });
    speak.secure(stream, socket, face);
  }

  function originAt(socket: Socket, face: Face): Origin {
    return originOfCall(room, { face, address: clientAddress(socket) }, [], viaOf(face));
  }

  return { byName, reverse, inTunnel };
}

function openingIn(bytes: Buffer): Opening | null {
  const [first = 0] = bytes;
  if (first >= 0x41 && first <= 0x5a) return { kind: 'http', received: bytes };
  if (first !== tlsHandshake) return { kind: 'unknown', why: 'the first bytes are neither TLS nor HTTP', tls: false, received: bytes };
  const hello = parseClientHello(bytes);
  if (hello.kind === 'incomplete') return null;
  return hello.kind === 'hello' ? hello : { kind: 'unknown', why: `broken TLS, ${hello.why}`, tls: true, received: bytes };
}

/** RFC 6066 §3: a server name is a DNS name; anything else names nobody. */
function serverHost(serverName: string | null): string | null {
  const host = parseHost(serverName ?? '');
  return host.kind === 'name' ? host.host : null;
}

/** the address the client dialled, in canonical spelling */
function serverAddress(socket: Socket): string | null {
  const host = parseHost((socket.localAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''));
  return host.kind === 'ip' ? host.host : null;
}
