import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** '' for the null sender */
  readonly from: string;
  readonly to: readonly string[];
  /** ESMTP parameters of MAIL and every RCPT, as JSON */
  readonly parameters: string;
  readonly message: string;
  readonly user: string | null;
  readonly secure: boolean;
}

export interface RecordingSmtp {
  readonly port: number;
  /** what arrived, in order */
  readonly received: ReceivedMail[];
  /** from now on DATA is answered with this code (null = taken) */
  answer(code: number | null): void;
  /** asked when a message has arrived, before it is answered */
  whileWaiting(ask: (() => Promise<void>) | null): void;
  /** breaks off every connection, without a word */
  hangUp(): void;
  /** recipients that are refused from now on */
  readonly closed: Set<string>;
  close(): Promise<void>;
}

/** A mail relay on loopback that keeps what it is given. */
export async function recordingSmtp(options: { readonly tls?: { readonly key: string; readonly cert: string }; readonly secure?: boolean; readonly auth?: { readonly user: string; readonly password: string } } = {}): Promise<RecordingSmtp> {
  const received: ReceivedMail[] = [];
  let code: number | null = null;
  const closed = new Set<string>();
  let waiting: (() => Promise<void>) | null = null;
  const server = new SMTPServer({
    ...options.tls, secure: options.secure ?? false, disabledCommands: options.tls === undefined ? ['STARTTLS'] : [],
    authOptional: options.auth === undefined, disableReverseLookup: true, logger: false, hideENHANCEDSTATUSCODES: false,
    onAuth: (auth, _session, done) => {
      if (options.auth !== undefined && auth.username === options.auth.user && auth.password === options.auth.password) done(null, { user: auth.username });
      else done(new Error('who are you'));
    },
    onRcptTo: ({ address }, _session, done) => { done(closed.has(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null); },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => { void (async () => {
        await waiting?.();
        if (code !== null) { done(Object.assign(new Error('not now'), { responseCode: code })); return; }
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address),
          parameters: JSON.stringify([mailFrom === false ? null : mailFrom.args, ...rcptTo.map(({ args }) => args)]),
          message: Buffer.concat(chunks).toString('latin1'), user: typeof session.user === 'string' ? session.user : null, secure: session.secure,
        });
        done();
      })(); });
    },
  });
  server.on('error', () => { /* a client that breaks off; the test sees it on its own side */ });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    answer: (next) => { code = next; },
    whileWaiting: (ask) => { waiting = ask; },
    closed,
    hangUp: () => { for (const { _socket } of server.connections as unknown as Iterable<{ readonly _socket: Socket }>) _socket.destroy(); },
    close: () => new Promise((resolve) => { server.close(() => resolve()); }),
  };
}
