import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../../../src/model/store.ts';
import { day } from '../../contract/store-drafts.ts';
import { storeContract } from '../../contract/store.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { behindProxy, deserted, openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

storeContract('postgres', async () => {
  const direct = await server.database();
  let now = day;
  const all: { readonly store: Store; readonly proxy: TcpProxy }[] = [];
  const open = async (): Promise<Store> => {
    const { url, proxy } = await behindProxy(direct);
    const store = await openAt(url, { now: () => now });
    all.push({ store, proxy });
    return store;
  };
  return {
    store: await open(),
    at: (ms) => { now = ms; },
    reopen: open,
    // What a crash leaves is what is committed at that moment: the server finds the connections broken, and nobody said goodbye.
    async kill() {
      for (const { proxy } of all) await proxy.close();
      await deserted(server, direct);
    },
    async dispose() {
      for (const { proxy } of all) await proxy.close();
      await Promise.all(all.map(({ store }) => store.close('one')));
    },
  };
});
