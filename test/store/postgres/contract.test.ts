import { afterAll, beforeAll } from 'vitest';
import type { Store } from '../../../src/model/store.ts';
import type { KeptBody } from '../../../src/store/body-coding.ts';
import { day } from '../../contract/store-drafts.ts';
import { storeContract } from '../../contract/store.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { asSealed, plainOrSealed } from '../sealed.ts';
import { behindProxy, deserted, openAt } from './open.ts';

let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server?.close());

const [name, sealKey] = plainOrSealed('postgres');
storeContract(name, async () => {
  const direct = await server.database();
  let now = day;
  const all: { readonly store: Store; readonly proxy: TcpProxy }[] = [];
  const open = async (): Promise<Store> => {
    const { url, proxy } = await behindProxy(direct);
    const store = await openAt(url, { now: () => now, sealKey });
    all.push({ store, proxy });
    return store;
  };
  return {
    store: await open(),
    ...asSealed(sealKey),
    bodies: () => server.query<KeptBody>(direct, 'SELECT sha256, size::int AS size, coding, data FROM fourthwall.bodies'),
    async alterBody({ sha256, size, coding, data }) {
      await server.query(direct, 'UPDATE fourthwall.bodies SET size = $1, coding = $2, data = $3 WHERE sha256 = $4', [size, coding, data, sha256]);
    },
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
