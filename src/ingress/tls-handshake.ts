import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';

export type Handshake =
  | { readonly kind: 'secure'; readonly socket: TLSSocket }
  /** the client broke it off: it does not trust our CA, is pinned, or went away */
  | { readonly kind: 'rejected'; readonly why: string }
  /** the two could not agree, or what came was no handshake */
  | { readonly kind: 'broken'; readonly why: string };

/**
 * Answers the hello that waits in `socket` with this certificate. HTTP/2 and HTTP/1.1 are offered by ALPN.
 * The context is given and not looked up by server name: a client without SNI gets the certificate of its CONNECT.
 */
export function handshake(socket: Socket, context: SecureContext, timeout: number): Promise<Handshake> {
  const tls = new TLSSocket(socket, { isServer: true, secureContext: context, ALPNProtocols: ['h2', 'http/1.1'], requestCert: false });
  return new Promise((resolve) => {
    const timer = setTimeout(() => done({ kind: 'rejected', why: `the client did not finish the handshake within ${timeout} ms` }), timeout);
    const done = (result: Handshake) => {
      clearTimeout(timer);
      tls.off('secure', secured).off('end', closed).off('close', closed).off('error', failed);
      tls.on('error', () => tls.destroy());
      if (result.kind !== 'secure') tls.destroy();
      resolve(result);
    };
    const secured = () => {
      // Only a tls.Server clears this flag; an HTTP/2 session waits for it for ever (docs/discoveries/node-http.md).
      (tls as { secureConnecting?: boolean }).secureConnecting = false;
      done({ kind: 'secure', socket: tls });
    };
    const closed = () => done({ kind: 'rejected', why: 'the client closed during the handshake' });
    const failed = (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      const byClient = /SSL alert number/.test(error.message) || why === 'ECONNRESET' || why === 'EPIPE';
      done(byClient ? { kind: 'rejected', why: `the client broke off the handshake: ${why}` } : { kind: 'broken', why: `the TLS handshake failed: ${why}` });
    };
    // Half-open sockets end without closing.
    tls.on('secure', secured).on('end', closed).on('close', closed).on('error', failed);
  });
}
