import { channel } from './commit.ts';
import { reasonOf, type Connection } from './connection.ts';
import { instanceLock } from './held.ts';

export interface Listener {
  /** the seq of the last event, as this process committed it */
  known(seq: number): void;
  /** from now on holds the lock that says this instance lives */
  holdFor(instance: string): Promise<void>;
  close(): Promise<void>;
}

/** ms between two looks at the log, in case a notification was lost */
const poll = 1_000;
/** ms before another try, at first and at most */
const again = { least: 100, most: 2_000 } as const;

/**
 * Hears of the commits of other gateways on this database: by NOTIFY, by a look at the log every second, and, after the connection was lost,
 * as soon as there is one again. The same connection holds the lock of the living instance (write-instances.ts).
 */
export async function listen({ open, writer, heard }: {
  readonly open: () => Promise<Connection>;
  /** names this process among those that write here: it knows of its own commits */
  readonly writer: string;
  readonly heard: () => void;
}): Promise<Listener> {
  let last = 0;
  let instance: string | null = null;
  let closed = false;
  let connection: Connection | null = null;
  let timer: NodeJS.Timeout | undefined;
  let wait: number = again.least;

  const reached = (seq: number): void => {
    if (seq <= last) return;
    last = seq;
    heard();
  };
  const look = async (on: Connection): Promise<void> => {
    const { rows: [row] } = await on.query('SELECT seq FROM head') as unknown as { readonly rows: readonly [{ readonly seq: number }] };
    reached(row.seq);
  };
  const lock = (on: Connection, id: string): Promise<unknown> => on.query('SELECT pg_advisory_lock_shared($1, hashtext($2))', [instanceLock, id]);

  const connect = async (): Promise<void> => {
    const on = await open();
    connection = on;
    on.onNotification((payload) => {
      const at = payload.lastIndexOf(':');
      if (payload.slice(0, at) !== writer) reached(Number(payload.slice(at + 1)));
    });
    on.onGone(() => { if (connection === on) retry(); });
    await on.query(`LISTEN ${channel}`);
    if (instance !== null) await lock(on, instance);
    await look(on);
    if (closed) await on.end();
    wait = again.least;
    next(on);
  };
  const next = (on: Connection): void => {
    clearTimeout(timer);
    if (closed || on.gone() !== null) return;
    timer = setTimeout(() => void lookAgain(on), poll).unref();
  };
  const lookAgain = async (on: Connection): Promise<void> => {
    try {
      await look(on);
      next(on);
    } catch (error) {
      on.cut(reasonOf(error));
    }
  };
  const retry = (): void => {
    connection = null;
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => { connect().catch(() => { connection?.cut('it was not opened'); retry(); }); }, wait).unref();
    wait = Math.min(wait * 2, again.most);
  };

  try {
    await connect();
  } catch (error) {
    closed = true;
    (connection as Connection | null)?.cut('it was not opened');
    throw error;
  }
  return {
    known: (seq) => { last = Math.max(last, seq); },
    async holdFor(id) {
      instance = id;
      // Without a connection there is nothing to hold it with: the next one takes it.
      if (connection !== null) await lock(connection, id).catch(() => undefined);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await connection?.end();
    },
  };
}
