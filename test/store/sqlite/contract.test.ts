import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../src/model/store.ts';
import { day } from '../../contract/store-drafts.ts';
import { storeContract } from '../../contract/store.ts';
import { discard, openIn, temporary } from './open.ts';

storeContract('sqlite', async () => {
  const root = temporary();
  let now = day;
  let directory = join(root, 'one');
  const all: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openIn(directory, { now: () => now });
    all.push(store);
    return store;
  };
  return {
    store: await open(),
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
