import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { keepClientAddress } from './client-address.ts';
import type { Face } from './face.ts';
import { receivedLimit } from './fault.ts';
import type { Fault } from './fault.ts';

/** One stream on which HTTP is spoken: an accepted socket, or the TLS inside it. Kept on the socket itself. */
export interface Connection {
  readonly face: Face;
  /** client's address */
  readonly address: string;
  readonly socket: Socket;
  /** calls not answered yet, oldest first */
  readonly working: Set<EventEmitter>;
  /** refuses the body that is being read now; false when that body is whole and the fault is of what follows */
  reading: ((fault: Fault) => boolean) | null;
  /** a fault is being answered: nothing more is taken from here */
  broken: boolean;
  session: ServerHttp2Session | null;
  /** the first bytes since the last whole head, for the record of a head that cannot be read */
  readonly tape: Tape;
}

export interface Tape {
  readonly hear: (chunk: Buffer) => void;
  readonly bytes: () => Buffer;
  readonly clear: () => void;
}

const key = Symbol('connection');
type Kept = { [key]?: Connection };

export function newConnection(socket: Socket, address: string, face: Face): Connection {
  const connection: Connection = { face, address, socket, working: new Set(), reading: null, broken: false, session: null, tape: createTape() };
  (socket as Kept)[key] = connection;
  keepClientAddress(socket, address);
  return connection;
}

/** On HTTP/2 the request's socket is a proxy that reads through to the real one. */
export function connectionOf(socket: object): Connection | null {
  return (socket as Kept)[key] ?? null;
}

/** Resolves when every call before `mine` is answered: replies leave in the order of the requests. */
export async function turn({ working }: Connection, mine: EventEmitter | null): Promise<void> {
  for (const other of working) {
    if (other === mine) return;
    await once(other, 'close');
  }
}

function createTape(): Tape {
  let heard: Buffer[] = [];
  let size = 0;
  return {
    hear(chunk) {
      if (size < receivedLimit) heard.push(chunk);
      size += chunk.length;
    },
    bytes: () => Buffer.concat(heard).subarray(0, receivedLimit),
    clear() {
      heard = [];
      size = 0;
    },
  };
}

/** Every accepted socket with what is spoken on it now: so that a drain knows who still waits for an answer. */
export interface Connections {
  /** counts a socket from its acceptance on */
  accept(socket: Socket): void;
  /** what is spoken on `accepted` from now on */
  enter(accepted: Socket, connection: Connection): void;
  draining(): boolean;
  /** Ends who is idle, waits for the others, at most `patience` ms. */
  drain(patience: number): Promise<void>;
}

export function createConnections(): Connections {
  const current = new Map<Socket, Connection | null>();
  let draining = false;
  let emptied: (() => void) | null = null;

  return {
    accept(socket) {
      current.set(socket, null);
      // A reset by the client needs no more than this: who is reading hears of it too.
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        current.delete(socket);
        if (current.size === 0) emptied?.();
      });
    },
    enter(accepted, connection) {
      current.set(accepted, connection);
      if (draining) accepted.destroy();
    },
    draining: () => draining,
    async drain(patience) {
      draining = true;
      const empty = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      for (const [socket, connection] of current) {
        if (connection?.session) connection.session.close();
        else if (connection === null || connection.working.size === 0) socket.destroy();
      }
      if (current.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patience);
      });
      await Promise.race([empty, over]);
      clearTimeout(timer);
      for (const socket of current.keys()) socket.destroy();
    },
  };
}
