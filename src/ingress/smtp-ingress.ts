/* oxlint-disable no-underscore-dangle -- the names of smtp-server's own members */
import { isIP } from 'node:net';
import type { AddressInfo } from 'node:net';
import { domainToASCII } from 'node:url';
import type { SecureContext } from 'node:tls';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Logger } from 'pino';
import type { MailPath, MailTransaction, SmtpReply } from '../model/exchange.ts';
import type { Gateway } from '../model/gateway.ts';
import { parseHost } from '../model/host.ts';
import type { Limits } from '../model/limits.ts';
import { isKey, maskedKey } from './key-as-user.ts';
import type { Budget } from './budget.ts';
import type { OriginRow } from './origin.ts';
import type { FrontConnection, SmtpHooks } from './smtp-connection.ts';
import { mailOrigin } from './smtp-origin.ts';
import { FrontServer, within } from './smtp-server.ts';

export interface SmtpIngress {
  /** SMTP with STARTTLS. Resolves with the port. */
  listen(host: string, port: number): Promise<number>;
  /** SMTP with implicit TLS. Resolves with the port. */
  listenTls(host: string, port: number): Promise<number>;
  /** Stops accepting, says 421 to whoever is idle, finishes the messages that are under way, at most `limits.drain`. */
  close(): Promise<void>;
}

export interface SmtpIngressArgs {
  readonly gateway: Gateway;
  readonly ca: { secureContext(host: string): Promise<SecureContext> };
  readonly limits: Limits;
  /** shared with every other way in */
  readonly budget: Budget;
  readonly origins: readonly OriginRow[];
  /** balancers that begin every connection with a PROXY v2 header, as address blocks */
  readonly proxies: readonly string[];
  readonly logger: Logger;
  /** our name in the greeting, and of the certificate for clients that name no server */
  readonly hostname: string;
}

const recordedBytes = 64 * 1024;
const overBudget = 'the gateway holds as many unanswered bytes as it may, try again later';
const storeDown: SmtpReply = { kind: 'smtp', code: 451, enhanced: '4.3.0', text: 'could not be recorded, try again later' };

interface Session {
  readonly connection: FrontConnection;
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
}

/** Mail as it comes in: reads it exactly, hands it to the gateway, answers what the gateway says. */
export function createSmtpIngress({ gateway, ca, limits, budget, origins, proxies, logger, hostname }: SmtpIngressArgs): SmtpIngress {
  const servers = new Set<FrontServer>();
  /** what the gateway was asked and has not answered */
  const asked = new Set<Promise<unknown>>();
  let draining = false;

  /** A name no certificate can be made for gets the default one. */
  function contextFor(name: string): Promise<SecureContext> {
    const parsed = parseHost(isIP(name) === 0 ? domainToASCII(name) : name); // smtp-server hands out U-labels
    if (parsed.kind === 'invalid') return ca.secureContext(hostname);
    return ca.secureContext(parsed.host).catch((fault: unknown) => {
      logger.warn({ host: parsed.host, err: fault }, 'smtp: no certificate for this name, using our own');
      return ca.secureContext(hostname);
    });
  }

  function keep<T>(answer: Promise<T>): Promise<T> {
    asked.add(answer);
    const forget = () => void asked.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  function open(secure: boolean): FrontServer {
    const via = secure ? 'smtps' as const : 'smtp' as const;
    const sessions = new WeakMap<SMTPServerSession, Session>();

    const originFor = (connection: FrontConnection, message: Buffer) =>
      mailOrigin({ user: userOf(connection.session)?.attributes ?? null, message, address: connection.remoteAddress, via, table: origins });

    async function unreadable(connection: FrontConnection, received: Buffer, check: 'unreadable' | 'too-large' | 'busy', reason: string, message: Buffer): Promise<SmtpReply> {
      logger.warn({ address: connection.remoteAddress, check, reason }, 'smtp: refused');
      const fallback: SmtpReply = check === 'too-large'
        ? { kind: 'smtp', code: 552, enhanced: '5.3.4', text: reason }
        : check === 'busy' ? { kind: 'smtp', code: 452, enhanced: '4.3.1', text: reason } : { kind: 'smtp', code: 554, enhanced: '5.6.0', text: reason };
      try {
        const what = { kind: 'unreadable', protocol: 'smtp', authority: null, received: received.subarray(0, recordedBytes) } as const;
        const answer = await keep(gateway.unreadable(what, { check: 'unreadable', status: check === 'too-large' ? 413 : check === 'busy' ? 503 : 400, reason }, originFor(connection, message)));
        if (check === 'busy') return fallback;
        return answer.reply.kind === 'smtp' && answer.reply.code >= 400 ? answer.reply : fallback;
      } catch (fault) {
        logger.error({ err: fault }, 'smtp: a refusal could not be recorded');
        return fallback;
      }
    }

    const hooks: SmtpHooks = {
      limits,
      refused: async (connection, received, check, reason) => void await unreadable(connection, received, check, reason, Buffer.alloc(0)),
      tlsRejected(connection, why) {
        const name = 'servername' in connection._socket ? connection._socket.servername : null;
        noteTls(typeof name === 'string' ? name : null, why, connection.remoteAddress);
      },
      certificate: async (address) => server.offer(await contextFor(address)),
      draining: () => draining,
      closed: (connection) => server.forget(connection),
    };

    function noteTls(name: string | null, why: string, address: string): void {
      logger.warn({ address, name, why }, 'smtp: a client broke off our TLS; does it trust the CA?');
      const origin = mailOrigin({ user: null, message: Buffer.alloc(0), address, via, table: origins });
      gateway.tlsRejected(name, why, origin).catch((fault: unknown) => logger.error({ err: fault }, 'smtp: a broken handshake could not be recorded'));
    }

    function receive(stream: SMTPServerDataStream, session: SMTPServerSession, callback: (fault: Error) => void): void {
      const known = sessions.get(session);
      const from = session.envelope.mailFrom;
      if (known === undefined || from === false) return callback(answerOf(storeDown)); // cannot be; nothing is acknowledged
      const { connection, tls } = known;
      const pieces: Buffer[] = [];
      let held = 0;
      let busy = false;
      const letGo = () => {
        budget.give(held);
        held = 0;
      };
      const envelope = { from: pathOf(from), to: session.envelope.rcptTo.map(pathOf) };
      const helo = session.hostNameAppearsAs || null;
      const authUser = userOf(session)?.shown ?? null;
      const transcript = connection.dialogue();
      const finish = (reply: SmtpReply) => {
        connection.completed();
        callback(answerOf(reply));
        if (draining) setImmediate(() => connection.retire('4.3.2 shutting down'));
      };
      // Over the budget the rest is read, which the protocol wants, and not kept.
      stream.on('data', (piece: Buffer) => {
        busy ||= !budget.take(piece.length);
        if (!busy) {
          pieces.push(piece);
          held += piece.length;
        } else if (held > recordedBytes) {
          const beginning = Buffer.from(Buffer.concat(pieces.splice(0)).subarray(0, recordedBytes));
          letGo();
          pieces.push(beginning);
        }
      });
      stream.once('error', () => {
        const message = Buffer.concat(pieces);
        letGo();
        void unreadable(connection, Buffer.concat([connection.transcript(), message]), 'unreadable', `the connection ended after ${message.length} bytes of a message that had no end`, message);
      });
      stream.once('end', () => {
        const message = Buffer.concat(pieces.splice(0));
        if (busy) {
          letGo();
          void unreadable(connection, Buffer.concat([connection.transcript(), message.subarray(0, recordedBytes)]), 'busy', overBudget, message).then(finish);
          return;
        }
        if (stream.sizeExceeded) {
          letGo();
          const reason = `message of ${stream.byteLength} bytes, the limit is ${limits.smtpMessage}`;
          void unreadable(connection, Buffer.concat([connection.transcript(), message.subarray(0, recordedBytes)]), 'too-large', reason, message).then(finish);
          return;
        }
        const answered = (reply: SmtpReply) => {
          letGo();
          finish(reply);
        };
        const transaction: MailTransaction = { kind: 'mail', helo, tls, authUser, ...envelope, message, transcript };
        keep(gateway.mail(transaction, originFor(connection, message))).then(({ reply, dropped }) => {
          if (dropped !== true) return answered(reply);
          letGo();
          connection.cut();
        }, (fault: unknown) => {
          logger.error({ err: fault }, 'smtp: the gateway failed; nothing is acknowledged');
          answered(storeDown);
        });
      });
    }

    const server: FrontServer = new FrontServer({
      name: hostname,
      secure,
      logger: false,
      authOptional: true,
      allowInsecureAuth: true,
      authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
      disabledCommands: ['XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'],
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      hideDSN: true,
      heloResponse: '%s',
      size: limits.smtpMessage,
      maxRecipients: limits.smtpRecipients,
      maxClients: limits.connections,
      socketTimeout: limits.smtpIdle,
      closeTimeout: limits.drain,
      SNICallback: (name, done) => void settle(contextFor(name), done),
      // any credentials: the name attributes, the secret is dropped here, also where it is the name
      onAuth: (auth, _session, done) => {
        const why = authFault(auth);
        return why === null ? done(null, { user: userFrom(auth.username ?? '', auth.password ?? null) }) : done(Object.assign(new Error(`5.7.8 ${why}`), { responseCode: 535 }));
      },
      onConnect: (_session, done) => done(),
      onMailFrom: (_address, _session, done) => done(),
      onRcptTo: (_address, _session, done) => done(),
      onSecure: (socket, session, done) => {
        const known = sessions.get(session);
        const encrypted = 'getCipher' in socket ? socket : null;
        const tls = encrypted === null ? null : { protocol: encrypted.getProtocol() ?? 'unknown', cipher: encrypted.getCipher().standardName };
        if (known !== undefined) sessions.set(session, { ...known, tls });
        done();
      },
      onData: receive,
    }, {
      hooks,
      opened: (connection) => sessions.set(connection.session, { connection, tls: null }),
      broken: noteTls,
      proxies,
      async malformed(why, received, address) {
        const origin = mailOrigin({ user: null, message: Buffer.alloc(0), address, via, table: origins });
        await keep(gateway.unreadable({ kind: 'unreadable', protocol: 'smtp', authority: null, received: received.subarray(0, recordedBytes) }, { check: 'unreadable', status: 400, reason: why }, origin))
          .catch((fault: unknown) => logger.error({ err: fault }, 'smtp: a malformed PROXY header could not be recorded'));
      },
    });
    server.on('error', (fault) => logger.debug({ err: fault }, 'smtp: a connection failed'));
    servers.add(server);
    return server;
  }

  return {
    listen: (host, port) => listen(open(false), host, port),
    listenTls: (host, port) => listen(open(true), host, port),
    async close() {
      draining = true;
      await Promise.all([...servers].map((server) => server.retire()));
      servers.clear();
      // half messages that were cut off are being recorded
      await within(limits.storeDeadline, Promise.allSettled(asked));
    },
  };
}

function listen(server: FrontServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      server.server.removeListener('error', reject);
      resolve((server.server.address() as AddressInfo).port);
    });
  });
}

/** smtp-server hands an error's code and text on as they are, also those of success. */
function answerOf(reply: SmtpReply): Error {
  return Object.assign(new Error(`${reply.enhanced} ${reply.text}`), { responseCode: reply.code });
}

async function settle<T>(promise: Promise<T>, done: (fault: Error | null, value?: T) => void): Promise<void> {
  let value: T;
  try {
    value = await promise;
  } catch (fault) {
    return done(fault instanceof Error ? fault : new Error(String(fault)));
  }
  return done(null, value);
}

/** Two identities in one AUTH PLAIN (RFC 4616: to act as the first by the right of the second): who called cannot be told. */
function authFault({ username, ...auth }: { readonly username?: string | undefined; readonly authzid?: string; readonly authcid?: string }): string | null {
  if ((username ?? '').length > 255) return 'user name longer than 255 characters';
  const { authzid = '', authcid = '' } = auth;
  return authzid !== '' && authcid !== '' && authzid !== authcid ? 'acting for another user is not offered' : null;
}

/** Who a session says it is. */
interface SmtpUser {
  /** what attributes; null for a key, which names nobody */
  readonly attributes: string | null;
  readonly shown: string;
}

/** Postmark and Mailjet take a key as the user name. */
function userFrom(name: string, password: string | null): SmtpUser {
  return isKey(name, password) ? { attributes: null, shown: maskedKey } : { attributes: name, shown: name };
}

function userOf(session: SMTPServerSession): SmtpUser | null {
  // put there by onAuth
  const user: unknown = session.user;
  return typeof user === 'object' && user !== null && 'shown' in user ? user as SmtpUser : null;
}

function pathOf(address: object): MailPath {
  // put there by FrontConnection
  return (address as { readonly path: MailPath }).path;
}
