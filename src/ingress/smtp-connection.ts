/* oxlint-disable no-underscore-dangle -- the names of smtp-server's own members */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPServer } from 'smtp-server';
import type { Limits } from '../model/limits.ts';
import { ExactStream } from './smtp-data.ts';
import { readPath } from './smtp-path.ts';
import type { PathRead } from './smtp-path.ts';
import { createTranscript } from './smtp-transcript.ts';

/** What a session asks of its surroundings. */
export interface SmtpHooks {
  readonly limits: Limits;
  /** Something was refused before it was a message. Resolves when it is recorded; never rejects. */
  refused(connection: FrontConnection, received: Buffer, check: 'unreadable' | 'too-large', reason: string): Promise<void>;
  /** The client broke off our TLS. Never rejects. */
  tlsRejected(connection: FrontConnection, why: string): void;
  /** Before a handshake: makes the address the client dialled the name of the default certificate. Rejects when there is none. */
  certificate(address: string): Promise<void>;
  draining(): boolean;
  closed(connection: FrontConnection): void;
}

/** RFC 5321 §4.5.3.1.4 asks for 512 octets; RFC 4954 §4 for 12,288 where credentials are sent. */
const commandLine = 4_096;
const credentialLine = 12_288;
/** commands that bring no message nearer, between two messages (Postfix: smtpd_junk_command_limit) */
const junkCommands = 100;
const transcriptBytes = 16 * 1024;
const verbs: ReadonlySet<string> = new Set(['EHLO', 'HELO', 'MAIL', 'RCPT', 'DATA', 'RSET', 'NOOP', 'QUIT', 'VRFY', 'EXPN', 'HELP', 'STARTTLS']);

/** a stretch of base64 */
const credentialLook = /[A-Za-z0-9+/]{12}/;

/** 'text' that begins with an enhanced status of its own: '4.5.3 too many recipients'. */
const ownStatus = /^[245]\.\d{1,3}\.\d{1,3} /;

/** One SMTP session: smtp-server's, less its waits, plus what must be recorded. See docs/discoveries/smtp-server.md. */
export class FrontConnection extends SMTPConnection {
  readonly #hooks: SmtpHooks;
  readonly #sessionTimer: NodeJS.Timeout;
  #junk = 0;
  /** commands since the connection, or since STARTTLS */
  #commands = 0;
  /** what the client said, without credentials: goes with the record of a refusal */
  #transcript: Buffer[] = [];
  #transcriptSize = 0;
  /** what both said since the last message: goes with the next one */
  readonly #dialogue = createTranscript();
  /** from then on a line that is no command may be a credential, whatever the session made of it */
  #authTried = false;
  /** we end the session for no fault of the client */
  #quiet = false;
  #tlsNoted = false;
  #refusalNoted = false;

  constructor(server: SMTPServer, socket: Socket | TLSSocket, options: SMTPConnectionOptions | undefined, hooks: SmtpHooks) {
    super(server, socket, options);
    this.#hooks = hooks;
    this.#sessionTimer = setTimeout(() => this.#endSession(), hooks.limits.smtpSession);
    this.#sessionTimer.unref();
  }

  /** No 100 ms before the greeting: whoever talked before it is heard in the turn that setImmediate leaves. */
  override init(): void {
    this._setListeners(() => {
      if (this._server.connections.size > this.#hooks.limits.connections) this.retire('4.3.2 too many connections, try again in a moment');
      else setImmediate(() => this.connectionReady());
    });
  }

  override _createParser() {
    const parser = new ExactStream({ maxCommandLength: credentialLine });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (fault) => this.send(421, `5.5.2 ${fault.message}`));
    return parser;
  }

  /** Ends without a word, as a network does. */
  cut(): void {
    this._socket.destroy();
  }

  /** 421 to a client that is not in the middle of a message; the others get it with their next command. */
  retire(text: string): void {
    if (this._dataStream || this._handlerPending) return;
    this.#quiet = true;
    this.send(421, text);
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    super.send(code, data, typeof data === 'string' && ownStatus.test(data) ? false : context);
    this.#dialogue.server(code, data ?? '');
    if (code === 421 && !this.#quiet) this.#noteRefusal(typeof data === 'string' ? data : 'refused');
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    if (this._upgrading || this._closing || this._closed) return super._onCommand(command, callback);
    this.#commands += 1;
    const word = (command.toString('latin1').split(' ', 1)[0] ?? '').toUpperCase();
    this.#remember(word, command.toString('latin1'));
    if (this.#hooks.draining()) {
      this.retire('4.3.2 shutting down');
      return;
    }
    if (command.length > commandLine && word !== 'AUTH' && this._nextHandler === false) return this.send(421, '5.5.2 line too long');
    if (this._nextHandler === false && !['MAIL', 'RCPT', 'DATA', 'AUTH', 'STARTTLS', 'QUIT'].includes(word)) this.#junk += 1;
    if (this.#junk > junkCommands) return this.send(421, '4.7.0 too many commands without a message');
    super._onCommand(command, callback);
  }

  /** 'MAIL FROM:<a@b> SIZE=1': refused here, with a record, or handed on. */
  override handler_MAIL(command: Buffer, callback: () => void): void {
    this.#checked('MAIL FROM', command, callback, () => super.handler_MAIL(command, callback));
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    this.#checked('RCPT TO', command, callback, () => super.handler_RCPT(command, callback));
  }

  override handler_STARTTLS(command: Buffer, callback: () => void): void {
    void this.#startTls(command, callback);
  }

  /** smtp-server's own parser rewrites what it reads (A-labels, xtext) and takes a second path for a parameter: not used. */
  override _parseAddressCommand(name: string, command: Buffer | string) {
    const read = this.#read(name.toUpperCase() === 'MAIL FROM' ? 'MAIL FROM' : 'RCPT TO', Buffer.from(command));
    if (read.kind === 'refused') return false;
    const args = Object.fromEntries(read.path.parameters.map(([key, value]) => [key.toUpperCase(), value === '' ? true as const : value]));
    return { address: read.path.address, args, path: read.path };
  }

  override _onTimeout(): void {
    this.#quiet = true;
    super._onTimeout();
    this.#quiet = this._closing;
  }

  override upgrade(callback: () => void, secureCallback?: () => void): void {
    this.#commands = 0;
    super.upgrade(callback, secureCallback);
    const timer = setTimeout(() => {
      if (this._upgrading) this._socket.destroy();
    }, this.#hooks.limits.tlsHandshakeTimeout);
    timer.unref();
  }

  override _onError(fault: Error & { code?: string | undefined; remoteAddress?: string | undefined }): void {
    if (this.#upgraded() && (this.#commands === 0 || fault.code?.startsWith('ERR_SSL_'))) this.#noteTls(fault.message);
    super._onError(fault);
  }

  override _onClose(): void {
    clearTimeout(this.#sessionTimer);
    // Node's own clients, among others, finish the handshake, look at the certificate and leave without an alert
    if (this.#upgraded() && this.#commands === 0 && !this._closing && !this.#quiet) this.#noteTls('the client left after the handshake without a command');
    super._onClose();
    this.#hooks.closed(this);
  }

  /** message received: the next one may be preceded by as many commands again */
  completed(): void {
    this.#junk = 0;
    this.#dialogue.next();
    this.#transcript = [];
    this.#transcriptSize = 0;
  }

  /** what was said before the message, by both */
  dialogue(): string {
    return this.#dialogue.text();
  }

  transcript(): Buffer {
    return Buffer.concat(this.#transcript);
  }

  #read(verb: 'MAIL FROM' | 'RCPT TO', command: Buffer): PathRead {
    return readPath(verb, command, { smtpUtf8: this.session.envelope?.smtpUtf8 === true, size: this.#hooks.limits.smtpMessage });
  }

  #checked(verb: 'MAIL FROM' | 'RCPT TO', command: Buffer, callback: () => void, accept: () => void): void {
    const read = this.#read(verb, command);
    if (read.kind === 'path') return accept();
    const answer = () => {
      this.send(read.code, `${read.enhanced} ${read.why}`);
      callback();
    };
    void this.#hooks.refused(this, command, read.code === 552 ? 'too-large' : 'unreadable', read.why).then(answer, answer);
  }

  async #startTls(command: Buffer, callback: () => void): Promise<void> {
    try {
      await this.#hooks.certificate(this.localAddress);
    } catch {
      this.send(454, '4.7.0 TLS not available');
      return callback();
    }
    return super.handler_STARTTLS(command, callback);
  }

  #upgraded(): boolean {
    return this.secure || this._upgrading;
  }

  #noteTls(why: string): void {
    if (this.#tlsNoted) return;
    this.#tlsNoted = true;
    this.#hooks.tlsRejected(this, why);
  }

  #noteRefusal(reason: string): void {
    if (this.#refusalNoted || this.#hooks.draining()) return;
    this.#refusalNoted = true;
    void this.#hooks.refused(this, this.transcript(), 'unreadable', reason);
  }

  #remember(word: string, line: string): void {
    const auth = /^\s*auth\b/i.test(line);
    if (auth) this.#authTried = true;
    // an answer to a challenge, whatever it looks like; and 'PLAIN <credential>' of someone who forgot the command
    const secret = auth || this._nextHandler !== false || (!verbs.has(word) && ((this.#authTried && !this.session.user) || credentialLook.test(line)));
    const shown = secret ? `${auth ? 'AUTH ' : ''}(not kept)` : line;
    this.#dialogue.client(shown);
    const bytes = Buffer.from(`${shown}\r\n`, 'latin1').subarray(0, Math.max(0, transcriptBytes - this.#transcriptSize));
    this.#transcript.push(bytes);
    this.#transcriptSize += bytes.length;
  }

  /** The session has lasted too long; a message that is complete is still answered. */
  #endSession(): void {
    if (this._handlerPending || (this._dataStream && this._parser && !this._parser._dataMode)) {
      this.#sessionTimer.refresh();
      return;
    }
    this.#quiet = true;
    this.send(421, '4.4.2 session too long');
  }
}
