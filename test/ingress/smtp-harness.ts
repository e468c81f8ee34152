import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { createBudget } from '../../src/ingress/budget.ts';
import type { Budget } from '../../src/ingress/budget.ts';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import type { OriginRow } from '../../src/ingress/origin.ts';
import { createSmtpIngress } from '../../src/ingress/smtp-ingress.ts';
import type { MailTransaction, SmtpReply, Unreadable } from '../../src/model/exchange.ts';
import type { Gateway, GatewayFault } from '../../src/model/gateway.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Limits } from '../../src/model/limits.ts';
import type { Origin } from '../../src/model/origin.ts';

export interface Recorded {
  readonly mails: { readonly transaction: MailTransaction; readonly origin: Origin }[];
  readonly unreadable: { readonly what: Unreadable; readonly fault: GatewayFault; readonly origin: Origin }[];
  readonly tlsRejected: { readonly host: string | null; readonly why: string; readonly origin: Origin }[];
  /** resolves when the test holds of what was recorded so far or will be */
  until(test: () => boolean): Promise<void>;
}

const notMail = () => Promise.reject(new Error('not a mail'));

/** A gateway that keeps what it is given and answers what it is told to. */
function recordingGateway(reply: (transaction: MailTransaction) => Promise<SmtpReply>): { readonly gateway: Gateway; readonly recorded: Recorded } {
  const waiting = new Set<() => void>();
  const notify = () => {
    for (const look of waiting) look();
  };
  const recorded: Recorded = {
    mails: [], unreadable: [], tlsRejected: [],
    until: (test) => new Promise((resolve) => {
      const look = () => {
        if (!test()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    }),
  };
  return {
    recorded,
    gateway: {
      connect: notMail,
      http: notMail,
      pass: notMail,
      async mail(transaction, origin) {
        recorded.mails.push({ transaction, origin });
        notify();
        return { reply: await reply(transaction), capture: 'cap_1', action: 'capture' };
      },
      async unreadable(what, fault, origin) {
        recorded.unreadable.push({ what, fault, origin });
        notify();
        const code = fault.status === 413 ? 552 : 554;
        return { reply: { kind: 'smtp', code, enhanced: code === 552 ? '5.3.4' : '5.6.0', text: `gateway:${fault.check}: ${fault.reason}` }, capture: 'cap_2', action: 'reject' };
      },
      async tlsRejected(host, why, origin) {
        recorded.tlsRejected.push({ host, why, origin });
        notify();
      },
    },
  };
}

const captured: SmtpReply = { kind: 'smtp', code: 250, enhanced: '2.0.0', text: 'captured cap_1' };

export interface Front extends Recorded {
  readonly port: number;
  readonly tlsPort: number;
  readonly ca: string;
  close(): Promise<void>;
  /** also removes the CA's directory */
  dispose(): Promise<void>;
}

export async function openFront(options: {
  readonly limits?: Partial<Limits>;
  readonly budget?: Budget;
  readonly origins?: readonly OriginRow[];
  readonly proxies?: readonly string[];
  readonly reply?: (transaction: MailTransaction) => Promise<SmtpReply>;
} = {}): Promise<Front> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-smtp-'));
  const ca = await openCertificateAuthority({ directory, now: Date.now });
  const { gateway, recorded } = recordingGateway(options.reply ?? (() => Promise.resolve(captured)));
  const limits = { ...defaultLimits, ...options.limits };
  const ingress = createSmtpIngress({
    gateway, ca, limits, budget: options.budget ?? createBudget(limits), origins: options.origins ?? [], proxies: options.proxies ?? [], logger: pino({ level: 'silent' }), hostname: 'localhost',
  });
  const port = await ingress.listen('127.0.0.1', 0);
  const tlsPort = await ingress.listenTls('127.0.0.1', 0);
  return {
    ...recorded, port, tlsPort, ca: ca.certificatePem, close: () => ingress.close(),
    async dispose() {
      await ingress.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A client that speaks bytes. */
export interface Talk {
  readonly socket: Socket | TLSSocket;
  send(bytes: string | Uint8Array): void;
  /** resolves with everything received so far once it ends with a reply of this code; rejects when the connection ends before */
  reply(code: number): Promise<string>;
  /** everything received up to the end of the connection */
  ended(): Promise<string>;
}

export function talkOver(socket: Socket | TLSSocket): Talk {
  let received = '';
  let over = false;
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    look();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    over = true;
    look();
  });
  const when = (test: () => boolean, failWhenOver: boolean) => new Promise<string>((resolve, reject) => {
    const watcher = () => {
      const done = test();
      if (!done && !over) return;
      watchers.delete(watcher);
      const text = received;
      if (done && failWhenOver) received = '';
      if (done || !failWhenOver) resolve(text);
      else reject(new Error(`the connection ended with ${JSON.stringify(text)}`));
    };
    watchers.add(watcher);
    watcher();
  });
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    reply: (code) => when(() => new RegExp(`(^|\\n)${code} [^\\n]*\\n$`).test(received), true),
    ended: () => when(() => over, false),
  };
}

export async function talk(port: number): Promise<Talk> {
  const opened = talkOver(connect(port, '127.0.0.1'));
  await opened.reply(220);
  return opened;
}

/** EHLO, MAIL, RCPT and DATA, one after the other. */
export async function envelope(client: Talk, options: { readonly from?: string; readonly to?: readonly string[] } = {}): Promise<void> {
  client.send('EHLO app.staging.test\r\n');
  await client.reply(250);
  client.send(`MAIL FROM:${options.from ?? '<app@shop.test>'}\r\n`);
  await client.reply(250);
  for (const to of options.to ?? ['<ann@example.test>']) {
    client.send(`RCPT TO:${to}\r\n`);
    await client.reply(250);
  }
  client.send('DATA\r\n');
  await client.reply(354);
}

/** dot-stuffing as a client does it: RFC 5321 §4.5.2 */
export function stuff(message: Uint8Array): Buffer {
  const text = Buffer.from(message).toString('latin1').replace(/(^|\r\n)\./g, '$1..');
  return Buffer.from(`${text}${text === '' || text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1');
}
