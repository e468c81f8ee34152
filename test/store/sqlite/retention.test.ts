import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { retention } from '../../../src/store/sqlite/migrations/004-retention.ts';
import { answer, email, http, mail, recipient, recording } from '../../contract/store-drafts.ts';
import { retaining, retentionContract } from '../../contract/store-retention.ts';
import { backBeforeGrowth } from './before-growth.ts';
import { discard, openIn, temporary } from './open.ts';

retentionContract('sqlite', async (options) => {
  const directory = temporary();
  const store = await openIn(directory, options);
  return {
    store,
    other: async () => store,
    async dispose() {
      await store.close('one');
      discard(directory);
    },
  };
});

test('what was evicted is in no file any more: text, address, body', async () => {
  const directory = temporary();
  const filesOf = (): string => readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString('latin1')).join('\n');
  const words = ['zebrastripes', 'xylophone', 'quizzicalbody'];
  const store = await openIn(directory, { retention: retaining({ captures: 5 }) });
  await store.record(recording({ decoded: { kind: 'effects', effects: [email({ subject: words[0]!, recipients: [recipient(`${words[1]}@shop.test`)] })] },
    request: mail({ message: Buffer.from(`Subject: x\r\n\r\n${words[2]}`) }), identities: [{ kind: 'email', value: `${words[1]}@shop.test` }] }));
  for (let nth = 0; nth < 8; nth += 1) await store.record(recording());
  expect(words.filter((word) => filesOf().includes(word))).toEqual(words);
  // a run that ends with a full step is swept by the next one
  expect(await store.evict(4)).toBe(4);
  expect(await store.evict(4)).toBe(0);
  expect(words.filter((word) => filesOf().includes(word))).toEqual([]);
  await store.close('one');
  discard(directory);
});

test('captures that an older version recorded are weighed and counted by the migration', async () => {
  const directory = temporary();
  const store = await openIn(directory);
  await store.record(recording({ run: 'r', request: http({ body: Buffer.alloc(5_000, 'x') }), reply: answer(), findings: [{ id: 'x', title: 'NUL \0 in it', where: 'text', excerpt: '\0' }] }));
  await store.record(recording());
  const held = await store.holding();
  await store.close('one');
  backBeforeGrowth(join(directory, 'store.db'));
  const raw = new DatabaseSync(join(directory, 'store.db'));
  raw.exec(`DROP TRIGGER captures_kept; DROP TRIGGER captures_weighed; DROP TRIGGER captures_gone; DROP TABLE holdings; DROP INDEX captures_evictable; DROP INDEX captures_pinned;
    ALTER TABLE captures DROP COLUMN bytes; ALTER TABLE captures DROP COLUMN service; ${retention}`);
  raw.close();
  const again = await openIn(directory, { retention: retaining({ quotas: [{ kind: 'service', name: 'shop', captures: 1, bytes: null }] }) });
  expect(await again.holding()).toEqual(held);
  expect(held.bytes).toBeGreaterThan(5_000);
  expect(await again.evict(10)).toBe(1);
  await again.close('one');
  discard(directory);
});
