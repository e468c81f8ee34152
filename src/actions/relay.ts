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
    try {
      const connection = await open({ host, port });
      const transport = createTransport({
        connection, host, port, name: 'fourthwall.localhost',
        secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none',
        tls: { minVersion: 'TLSv1.2' },
        ...(user === null || password === null ? {} : { auth: { user, pass: password } }),
        connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout,
        disableFileAccess: true, disableUrlAccess: true,
      });
      const { rejected } = await transport.sendMail({ envelope: { from: from.address, to: to.map(({ address }) => address) }, raw: Buffer.from(message) });
      return { kind: 'relayed', refused: rejected.length };
    } catch (error) {
      return failure(error);
    }
  }
}

function onlyOf(relays: ReadonlyMap<string, Relay>): Relay | null {
  const [only, ...others] = relays.values();
  return only === undefined || others.length > 0 ? null : only;
}

/** After DATA, silence may mean that it was delivered; any answer, and anything before, means it was not. */
function failure(error: unknown): Relayed {
  const { responseCode, command, message = String(error) } = error as { readonly responseCode?: unknown; readonly command?: unknown; readonly message?: string };
  const why = message.replaceAll(/\s+/g, ' ').slice(0, 300);
  if (typeof responseCode === 'number') return { kind: 'failed', permanent: responseCode >= 500, why };
  return command === 'DATA' || command === 'API' ? { kind: 'unknown', why } : { kind: 'failed', permanent: false, why };
}
