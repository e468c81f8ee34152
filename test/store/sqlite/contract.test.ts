import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../../src/model/store.ts';
import type { KeptBody } from '../../../src/store/body-coding.ts';
import { day } from '../../contract/store-drafts.ts';
import { storeContract } from '../../contract/store.ts';
import { asSealed, plainOrSealed } from '../sealed.ts';
import { discard, openIn, temporary } from './open.ts';

const [name, sealKey] = plainOrSealed('sqlite');
storeContract(name, async () => {
  const root = temporary();
  let now = day;
  let directory = join(root, 'one');
  const all: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openIn(directory, { now: () => now, sealKey });
    all.push(store);
    return store;
  };
  const beside = <T>(work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(join(directory, 'store.db'), { timeout: 5_000 });
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    store: await open(),
    ...asSealed(sealKey),
    bodies: async () => beside((database) => database.prepare('SELECT sha256, size, coding, data FROM bodies').all() as unknown as KeptBody[]),
    async alterBody({ sha256, size, coding, data }) {
      beside((database) => database.prepare('UPDATE bodies SET size = ?, coding = ?, data = ? WHERE sha256 = ?').run(size, coding, data, sha256));
    },
    at: (ms) => { now = ms; },
    reopen: open,
    // What a crash leaves is what lies on the disk at that moment: the files, log included, without any closing.
    async kill() {
      const copy = join(root, 'two');
      cpSync(directory, copy, { recursive: true });
      directory = copy;
    },
    async dispose() {
      for (const store of all) await store.close('one');
      discard(root);
    },
  };
});
