/* oxlint-disable no-underscore-dangle -- the names of smtp-server's own members */
import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { arrivalOf, clientAddress } from './client-address.ts';
import { FrontConnection } from './smtp-connection.ts';
import type { SmtpHooks } from './smtp-connection.ts';

export interface FrontSurroundings {
  readonly hooks: SmtpHooks;
  opened(connection: FrontConnection): void;
  /** an implicit TLS handshake failed before there was a session */
  broken(name: string | null, why: string, address: string): void;
  /** balancers that begin every connection with a PROXY v2 header, as address blocks */
  readonly proxies: readonly string[];
  /** such a header could not be read. Resolves when it is recorded; never rejects. */
  malformed(why: string, received: Buffer, address: string): Promise<void>;
}

type ProxiedOptions = NonNullable<Parameters<Parameters<SMTPServer['_handleProxy']>[1]>[1]>;

/** smtp-server with our connections and our certificates. */
export class FrontServer extends SMTPServer {
  readonly #around: FrontSurroundings;
  /** the library forgets a connection when it says goodbye, not when it is gone */
  readonly #open = new Set<FrontConnection>();
  #emptied: () => void = () => undefined;

  constructor(options: SMTPServerOptions, around: FrontSurroundings) {
    super(options);
    this.#around = around;
  }

  /** The certificate of clients that name no server. */
  offer(context: SecureContext): void {
    this.secureContext.set('*', context);
  }

  /** The library would load its built-in key, which everybody knows. */
  override updateSecureContext(): void {
    this.secureContext = new Map();
  }

  override connect(socket: Socket | TLSSocket, options?: object): void {
    const connection = new FrontConnection(this, socket, options, this.#around.hooks);
    this.connections.add(connection);
    this.#open.add(connection);
    connection.on('error', (fault: Error) => this._onError(fault));
    this.#around.opened(connection);
    connection.init();
  }

  /** Before the greeting, and before a handshake. The library's own reader also takes the text form. */
  override _handleProxy(socket: Socket, callback: (fault: Error | null, options?: ProxiedOptions) => void): void {
    void this.#arrive(socket, callback);
  }

  async #arrive(socket: Socket, callback: (fault: Error | null, options?: ProxiedOptions) => void): Promise<void> {
    // until the library listens, an error of the socket would be nobody's
    socket.on('error', () => socket.destroy());
    const { proxies, hooks, malformed } = this.#around;
    const arrival = await arrivalOf(socket, proxies, hooks.limits.headersTimeout);
    if (arrival.kind === 'client') {
      super._handleProxy(socket, (fault, options) => callback(fault, options === undefined ? options : { ...options, remoteAddress: arrival.address, ...(arrival.port === null ? {} : { remotePort: arrival.port }) }));
      return;
    }
    if (arrival.kind === 'malformed') await malformed(arrival.why, arrival.received, clientAddress(socket));
    socket.destroy();
    callback(new Error('no client could be told'));
  }

  override _upgrade(socket: Socket, callback: (fault: Error | null, encrypted?: TLSSocket) => void): void {
    // until the library listens, an error of the socket would be nobody's
    socket.on('error', () => socket.destroy());
    void this.#upgrade(socket, callback);
  }

  async #upgrade(socket: Socket, callback: (fault: Error | null, encrypted?: TLSSocket) => void): Promise<void> {
    const { hooks, broken } = this.#around;
    const address = clientAddress(socket);
    try {
      await hooks.certificate(socket.localAddress ?? '');
    } catch (fault) {
      return callback(fault instanceof Error ? fault : new Error('no certificate'));
    }
    if (socket.destroyed) return callback(new Error('the client left before the handshake'));
    const timer = setTimeout(() => this._pendingSockets.get(socket)?.destroy(new Error('no TLS handshake in time')), hooks.limits.tlsHandshakeTimeout);
    return super._upgrade(socket, (fault, encrypted) => {
      clearTimeout(timer);
      // a probe that connects and leaves without a byte rejects nothing
      if (fault && socket.bytesRead > 0) broken(null, fault.message, address);
      callback(fault, encrypted);
    });
  }

  forget(connection: FrontConnection): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#emptied();
  }

  async retire(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.close(resolve));
    for (const connection of this.#open) connection.retire('4.3.2 shutting down');
    await closed;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    for (const connection of this.#open) connection._socket.destroy();
    if (this.#open.size > 0) await within(1_000, emptied);
  }
}

/** Resolves with the work or after the time, whichever is first. */
export function within(time: number, work: Promise<unknown>): Promise<unknown> {
  const late = new Promise((resolve) => {
    setTimeout(resolve, time).unref();
  });
  return Promise.race([work, late]);
}
