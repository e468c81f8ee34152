import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between a client and a server of ours, with the faults that networks have. */
export interface TcpProxy {
  readonly port: number;
  /** breaks what is open; what comes later goes through */
  cut(): void;
  /** breaks what is open and lets nobody in any more */
  close(): Promise<void>;
  /** ms that everything takes longer, each way */
  delay(ms: number): void;
  /** takes everything and hands nothing on, in the named direction or both */
  swallow(what: 'requests' | 'answers' | 'both' | 'nothing'): void;
  /** called with every piece that comes from the client, before it is handed on */
  onRequest(listener: ((piece: Buffer) => void) | null): void;
}

export async function tcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let late = 0;
  let swallowed: 'requests' | 'answers' | 'both' | 'nothing' = 'nothing';
  let listener: ((piece: Buffer) => void) | null = null;
  const pipe = (from: Socket, to: Socket, what: 'requests' | 'answers'): void => {
    let before = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      if (what === 'requests') listener?.(piece);
      if (swallowed === what || swallowed === 'both') return;
      const pass = (): void => { if (!to.destroyed) to.write(piece); };
      if (late === 0) before = before.then(pass);
      else {
        const wait = late;
        const arrived = new Promise<void>((resolve) => { setTimeout(resolve, wait); });
        before = before.then(() => arrived).then(pass);
      }
    });
  };
  const server = createServer((near) => {
    const far = connect(target);
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => { sockets.delete(socket); other.destroy(); });
    }
    pipe(near, far, 'requests');
    pipe(far, near, 'answers');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => { for (const socket of sockets) socket.destroy(); };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      const closed = server.listening ? once(server, 'close') : null;
      server.close();
      cut();
      await closed;
    },
    delay(ms) { late = ms; },
    swallow(what) { swallowed = what; },
    onRequest(given) { listener = given; },
  };
}
