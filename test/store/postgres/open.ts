import { defaultLimits } from '../../../src/model/limits.ts';
import type { Store } from '../../../src/model/store.ts';
import { openPostgresStore, type PostgresStoreOptions } from '../../../src/store/postgres/store.ts';
import { day } from '../../contract/store-drafts.ts';
import type { PostgresServer } from '../../support/postgres.ts';
import { tcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

export const testKey = new Uint8Array(32).fill(7);

export function openAt(url: string, more: Partial<PostgresStoreOptions> = {}): Promise<Store> {
  return openPostgresStore({ url, durability: 'process', key: testKey, limits: { ...defaultLimits, storeDeadline: 20_000 }, now: () => day, ...more });
}

/** The same database by way of a network that can fail. */
export async function behindProxy(url: string): Promise<{ readonly url: string; readonly proxy: TcpProxy }> {
  const address = new URL(url);
  const proxy = await tcpProxy({ host: address.hostname, port: Number(address.port) });
  address.port = String(proxy.port);
  return { url: address.href, proxy };
}

/** Resolves when the server has noticed that nobody is connected to this database any more. */
export async function deserted(server: PostgresServer, url: string): Promise<void> {
  const there = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'fourthwall%'`;
  while ((await server.query(url, there)).length > 0);
}
