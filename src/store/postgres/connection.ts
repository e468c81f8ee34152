import { Client, types, type QueryResult } from 'pg';
import { StoreUnavailable } from '../../model/store.ts';
import type { Durability } from '../durability.ts';

/** Where and how; the address may hold a password and is never shown. */
export interface Place {
  readonly url: string;
  readonly durability: Durability;
  /** ms that a statement may take, at the server and on its way */
  readonly deadline: number;
}

/** One connection, its settings made and read back. Statements are sent as they are asked for, without waiting for those before (pipelining). */
export interface Connection {
  query(text: string, values?: readonly unknown[], name?: string): Promise<QueryResult>;
  /** why nothing can be asked any more, or null */
  gone(): string | null;
  onNotification(listener: (payload: string) => void): void;
  onGone(listener: () => void): void;
  /** at once: whatever is under way fails */
  cut(why: string): void;
  end(): Promise<void>;
}

export const schema = 'fourthwall';
/** Everything is looked up by its index, whatever the planner takes the tables for: statistics lag behind a load. */
const planning = 'SET enable_hashjoin = off; SET enable_mergejoin = off; SET random_page_cost = 1.1';
/** the oldest that its makers still mend */
const oldest = 15;

/** Rejects with StoreUnavailable where the server cannot be reached, or could not keep what it promises. */
export async function connect({ url, durability, deadline }: Place, purpose: string): Promise<Connection> {
  const client = new Client({
    connectionString: url, application_name: `fourthwall ${purpose}`, connectionTimeoutMillis: deadline, keepAlive: true, keepAliveInitialDelayMillis: 5_000,
    // Beyond the server's own deadline: then it is not the statement that hangs but the way to the server.
    query_timeout: deadline + Math.ceil(deadline / 4), pipeline: true,
    types: { getTypeParser: (oid, format) => (oid === int8 ? Number : types.getTypeParser(oid, format as 'text')) },
  });
  let gone: string | null = null;
  const goneListeners: (() => void)[] = [];
  const lost = (why: string): void => {
    if (gone !== null) return;
    gone = why;
    for (const listener of goneListeners) listener();
  };
  client.on('error', (error) => lost(error.message));
  client.on('end', () => lost('the server ended the connection'));
  const cut = (why: string): void => {
    lost(why);
    // Client.end says goodbye and waits for an answer; here nobody may answer any more.
    (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy();
  };
  try {
    await client.connect();
    await client.query(`SET search_path = ${schema}; SET synchronous_commit = ${durability === 'power' ? 'on' : 'local'}; SET statement_timeout = ${deadline};
      SET idle_in_transaction_session_timeout = ${deadline}; SET default_transaction_isolation = 'read committed'; SET jit = off; SET work_mem = '32MB'; SET client_min_messages = warning;
      SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; ${planning}`);
    const { rows: [said] } = await client.query<Settings>(settings);
    const wrong = whatIsWrong(said!, durability);
    if (wrong !== null) throw new StoreUnavailable(wrong);
  } catch (error) {
    cut('it was not opened');
    if (error instanceof StoreUnavailable) throw error;
    throw new StoreUnavailable(`cannot reach PostgreSQL at ${client.host}:${client.port}, database ${client.database ?? ''}: ${reasonOf(error)}`, { cause: error });
  }
  return {
    query: (text, values, name) => client.query({ text, ...(values === undefined ? {} : { values: [...values] }), ...(name === undefined ? {} : { name }) }),
    gone: () => gone,
    onNotification: (listener) => { client.on('notification', ({ payload }) => listener(payload ?? '')); },
    onGone: (listener) => { goneListeners.push(listener); },
    cut,
    async end() {
      if (gone !== null) return;
      // One that is silent is not waited for.
      const late = setTimeout(() => cut('it did not say goodbye'), goodbye);
      await client.end().catch(() => undefined);
      clearTimeout(late);
    },
  };
}

const int8 = 20;
/** ms */
const goodbye = 500;

export interface Settings {
  readonly version: number; readonly fsync: string; readonly pages: string; readonly commit: string; readonly encoding: string; readonly recovering: boolean; readonly read_only: string;
}
const settings = `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
  current_setting('synchronous_commit') AS commit, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS recovering, current_setting('transaction_read_only') AS read_only`;

/** Read back, not believed: a server that may forget what it was given cannot be what an acknowledgement stands on. */
export function whatIsWrong({ version, fsync, pages, commit, encoding, recovering, read_only: readOnly }: Settings, durability: Durability): string | null {
  if (version < oldest * 10_000) return `PostgreSQL ${Math.floor(version / 10_000)} is too old: ${oldest} or later is needed`;
  if (fsync !== 'on') return 'PostgreSQL runs with fsync = off and may lose or damage what it acknowledged; set fsync = on and restart it';
  if (pages !== 'on') return 'PostgreSQL runs with full_page_writes = off and may damage what it acknowledged; set full_page_writes = on and restart it';
  const wanted = durability === 'power' ? 'on' : 'local';
  if (commit !== wanted) return `PostgreSQL's synchronous_commit is ${commit} after it was set to ${wanted}; the store cannot keep its promise`;
  if (encoding !== 'UTF8') return `the database is encoded in ${encoding}; make one with ENCODING 'UTF8'`;
  if (recovering || readOnly !== 'off') return 'PostgreSQL takes no writes there (a standby, or read only); name the primary server';
  return null;
}

/** A refused connection to a name with several addresses is an AggregateError without a message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((each) => reasonOf(each)).join('; ');
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
