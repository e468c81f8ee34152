import type { Socket } from 'node:net';
import { firstBytes } from './first-bytes.ts';
import { contains, plainAddress } from './origin.ts';
import { parseProxyHeader } from './proxy-protocol.ts';

const key = Symbol('client address');
type Kept = { [key]?: string };

/** Who is at the other end: the client behind a balancer where one told, else whoever connected. */
export function clientAddress(socket: Socket): string {
  return (socket as Kept)[key] ?? socket.remoteAddress ?? '';
}

/** What is read on this stream came from there: kept on it, as on the socket below. */
export function keepClientAddress(socket: Socket, address: string): void {
  (socket as Kept)[key] = address;
}

export type Arrival =
  | { readonly kind: 'client'; readonly address: string; readonly port: number | null }
  | { readonly kind: 'malformed'; readonly why: string; readonly received: Buffer }
  /** left without a word */
  | { readonly kind: 'gone' };

/**
 * Takes the PROXY v2 header off a connection from a balancer in `from`, where it must stand, and keeps the address it tells.
 * From anybody else nothing is read: what looks like such a header there is the client's own, and is judged as that.
 */
export async function arrivalOf(socket: Socket, from: readonly string[], deadline: number): Promise<Arrival> {
  const peer = plainAddress(socket.remoteAddress ?? '');
  if (!from.some((cidr) => contains(cidr, peer))) return { kind: 'client', address: peer, port: null };
  const first = await firstBytes(socket, (bytes) => {
    const header = parseProxyHeader(bytes);
    return header.kind === 'incomplete' ? null : { header, bytes };
  }, deadline);
  if (first.kind !== 'known') {
    if (first.received.length === 0 && first.kind === 'closed') return { kind: 'gone' };
    return { kind: 'malformed', why: `no whole PROXY v2 header came from ${peer}`, received: first.received };
  }
  const { header, bytes } = first.what;
  if (header.kind === 'malformed') return { kind: 'malformed', why: `the PROXY header from ${peer} is malformed: ${header.why}`, received: bytes };
  socket.read(header.length);
  const address = header.kind === 'proxied' ? header.address : peer;
  keepClientAddress(socket, address);
  return { kind: 'client', address, port: header.kind === 'proxied' ? header.port : null };
}
