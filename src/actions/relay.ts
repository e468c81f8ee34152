import type { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Authority, MailTransaction } from '../model/exchange.ts';

/** A relay as gateway.yaml names it. */
export interface RelaySettings {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
}

export type Relayed =
  | { readonly kind: 'relayed'; /** recipients the relay refused while it took the mail for others */ readonly refused: number }
  /** it said no: for good, or for now */
  | { readonly kind: 'failed'; readonly permanent: boolean; readonly why: string }
  /** the message was handed over and no answer came */
  | { readonly kind: 'unknown'; readonly why: string };

export interface Relay {
  readonly name: string;
  readonly to: Authority;
  /** One attempt. Never rejects. */
  send(mail: MailTransaction): Promise<Relayed>;
}

export interface Relays {
  /** null: the only one there is, if it is the only one */
  get(name: string | null): Relay | null;
}

/**
 * The relays of gateway.yaml, spoken to by nodemailer over a connection that the dialer has checked. TLS is verified against
 * the relay's name and never left out where it is asked for. The envelope is given, never read from the message; the bytes
 * are our own serialiser's; nodemailer stuffs the dots.
 */
export function createRelays(settings: Readonly<Record<string, RelaySettings>>, { open, timeout }: {
  /** a plain connection that has passed the second lock */
  readonly open: (to: Authority) => Promise<Socket>;
  /** ms without an answer after which an attempt is given up */
  readonly timeout: number;
}): Relays {
  const relays = new Map(Object.entries(settings).map(([name, relay]): [string, Relay] => [name, {
    name,
    to: { host: relay.host, port: relay.port },
    send: (mail) => send(relay, mail),
  }]));
  return { get: (name) => (name === null ? onlyOf(relays) : relays.get(name) ?? null) };

  async function send({ host, port, tls, user, password }: RelaySettings, { from, to, message }: MailTransaction): Promise<Relayed> {
    const heard = session();
    try {
      const connection = await open({ host, port });
      const transport = createTransport({
        connection, host, port, name: 'fourthwall.localhost',
        secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none',
        tls: { minVersion: 'TLSv1.2' },
        ...(user === null || password === null ? {} : { auth: { user, pass: password } }),
        connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout,
        disableFileAccess: true, disableUrlAccess: true,
        logger: heard.logger, transactionLog: true,
      });
      const { rejected } = await transport.sendMail({ envelope: { from: from.address, to: to.map(({ address }) => address) }, raw: Buffer.from(message) });
      return { kind: 'relayed', refused: rejected.length };
    } catch (error) {
      return failure(error, heard.handedOver());
    }
  }
}

function onlyOf(relays: ReadonlyMap<string, Relay>): Relay | null {
  const [only, ...others] = relays.values();
  return only === undefined || others.length > 0 ? null : only;
}

type Log = (entry: object, text?: unknown) => void;

/**
 * What nodemailer logs of the conversation, listened to for one thing: whether the relay asked for the message. Its errors do
 * not tell (docs/discoveries/nodemailer.md). Nothing is kept.
 */
function session(): { readonly logger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'level', Log>; handedOver(): boolean } {
  let asked = false;
  let last = '';
  const silent: Log = () => { /* the caller hears the outcome */ };
  const debug: Log = (entry, text) => {
    const side = 'tnx' in entry ? entry.tnx : null;
    if (side === 'client') last = String(text);
    else if (side === 'server' && last === 'DATA' && /^[23]/.test(String(text))) asked = true;
  };
  return { logger: { trace: silent, debug, info: silent, warn: silent, error: silent, fatal: silent, level: silent }, handedOver: () => asked };
}

/** Once the message was asked for, silence may mean that it was delivered; any answer, and anything before, means it was not. */
function failure(error: unknown, handedOver: boolean): Relayed {
  const { responseCode, message = String(error) } = error as { readonly responseCode?: unknown; readonly message?: string };
  const why = message.replaceAll(/\s+/g, ' ').slice(0, 300);
  if (typeof responseCode === 'number') return { kind: 'failed', permanent: responseCode >= 500, why };
  return handedOver ? { kind: 'unknown', why } : { kind: 'failed', permanent: false, why };
}
