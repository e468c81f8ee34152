import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, streamEncode } from 'dns-packet';
import type { DecodedPacket, Packet } from 'dns-packet';

export const silent = { warn: () => undefined, error: () => undefined, debug: () => undefined };

/** A query as a stub resolver writes it. */
export const query = (name: string, type = 'A', more: Partial<Packet> = {}): Buffer =>
  encode({ type: 'query', id: 7, flags: 0x0100, questions: [{ name, type: type as 'A', class: 'IN' }], ...more });

/** Sends each datagram and gives what comes back until `last`'s answer, which is always sent behind the others. */
export async function udp(port: number, datagrams: readonly Buffer[]): Promise<readonly Buffer[]> {
  const socket = createSocket('udp4');
  const heard: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on('message', (bytes) => {
      if (bytes.readUInt16BE(0) === 9) resolve();
      else heard.push(bytes);
    });
  });
  for (const bytes of datagrams) socket.send(bytes, port, '127.0.0.1');
  socket.send(query('last.test', 'A', { id: 9 }), port, '127.0.0.1');
  await done;
  socket.close();
  return heard;
}

/** One question and its answer, however long that takes. */
export async function ask(port: number, name: string, type = 'A', more: Partial<Packet> = {}): Promise<DecodedPacket> {
  const socket = createSocket('udp4');
  socket.send(query(name, type, more), port, '127.0.0.1');
  const [bytes] = await once(socket, 'message') as [Buffer];
  socket.close();
  return decode(bytes);
}

/** Writes to a TCP connection and reads until the other side ends it, or `answers` have come. */
export async function tcp(port: number, chunks: readonly Buffer[], answers: number): Promise<readonly DecodedPacket[]> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  for (const chunk of chunks) socket.write(chunk);
  const packets: DecodedPacket[] = [];
  let held = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const length = held.readUInt16BE(0);
      packets.push(decode(held.subarray(2, 2 + length)));
      held = held.subarray(2 + length);
    }
    if (packets.length === answers) break;
  }
  socket.destroy();
  return packets;
}

export const framed = (name: string, type = 'A'): Buffer => streamEncode({ type: 'query', id: 7, flags: 0x0100, questions: [{ name, type: type as 'A', class: 'IN' }] });
