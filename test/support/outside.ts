import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Dialing } from '../../src/actions/dialer.ts';

/** The world outside, as a house would reach it: takes everything, keeps it, and answers `{}`. */
export interface Outside {
  readonly network: Pick<Dialing, 'resolve' | 'connect'>;
  /** what would have gone into the encrypted connections since the last `forget` */
  sent(): string;
  /** 'https://api.stripe.com:443', in order */
  readonly dialled: readonly string[];
  forget(): void;
  close(): void;
}

export async function openOutside(): Promise<Outside> {
  let bytes = '';
  const dialled: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => { /* the gateway closes as it likes */ });
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(bytes)?.[1] ?? 0);
      const head = bytes.indexOf('\r\n\r\n');
      if (head >= 0 && bytes.length >= head + 4 + length) socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    network: {
      resolve: () => Promise.resolve(['93.184.215.14']),
      connect: (options, done) => {
        dialled.push(`${options.protocol}//${options.servername}:${options.port}`);
        const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => done(null, socket));
      },
    },
    sent: () => bytes,
    dialled,
    forget() {
      bytes = '';
      dialled.length = 0;
    },
    close: () => { server.close(); },
  };
}
