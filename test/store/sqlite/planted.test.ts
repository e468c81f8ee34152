import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { email, mail, recipient, recording } from '../../contract/store-drafts.ts';
import { redact } from '../../../src/store/redaction.ts';
import { plantedSecrets } from '../planted-secrets.ts';
import { discard, openIn, temporary, testKey } from './open.ts';

/** Every file of the store as it lies there: database, log, shared memory, lock. */
function filesOf(directory: string): string {
  return readdirSync(directory).map((name) => readFileSync(join(directory, name)).toString('latin1')).join('\n');
}

test('none of the planted secrets is found in database, log or what the store gives out', async () => {
  const directory = temporary();
  const planted = plantedSecrets();
  const store = await openIn(directory);
  for (const { draft } of planted) await store.record({ draft: redact(draft, testKey), remember: [], callbacks: [] });
  const out = [filesOf(directory)];
  for (const { draft } of planted) {
    out.push(JSON.stringify(await store.capture(draft.id)), ...[await store.requestBody(draft.id), await store.replyBody(draft.id)].map((bytes) => Buffer.from(bytes ?? []).toString('latin1')));
  }
  await store.close('one');
  out.push(filesOf(directory));
  expect(out[0]).toContain('Your order');
  expect(planted.filter(({ secret }) => out.some((text) => text.includes(secret.slice(-14)))).map(({ where }) => where)).toEqual([]);
  discard(directory);
});

test('without redaction the same search finds them', async () => {
  const directory = temporary();
  const planted = plantedSecrets();
  const store = await openIn(directory);
  for (const { draft } of planted) await store.record({ draft, remember: [], callbacks: [] });
  const files = filesOf(directory);
  await store.close('one');
  // Those in a coding (base64, gzip, quoted-printable) cannot be seen by a plain search.
  expect(planted.filter(({ secret }) => files.includes(secret.slice(-14))).length).toBeGreaterThan(30);
  discard(directory);
});

test('a compressed body that was removed is in no file any more', async () => {
  const directory = temporary();
  const store = await openIn(directory);
  const what = recording({ request: mail({ message: Buffer.from(`Subject: x\r\n\r\n${'quizzical '.repeat(200)}`) }) });
  await store.record(what);
  for (let nth = 0; nth < 20; nth += 1) await store.record(recording());
  const beside = new DatabaseSync(join(directory, 'store.db'), { readOnly: true });
  const { data } = beside.prepare(`SELECT data FROM bodies WHERE coding = 'zstd'`).get() as { readonly data: Uint8Array };
  beside.close();
  const kept = Buffer.from(data).toString('latin1');
  expect(filesOf(directory)).toContain(kept);
  expect(await store.remove({ ids: [what.draft.id] })).toBe(1);
  expect(filesOf(directory).includes(kept)).toBe(false);
  await store.close('one');
  discard(directory);
});

test('what was removed is in no file any more: text, address, body', async () => {
  const directory = temporary();
  const store = await openIn(directory);
  const words = ['zebrastripes', 'xylophone', 'quizzicalbody'];
  const what = recording({ decoded: { kind: 'effects', effects: [email({ subject: words[0]!, recipients: [recipient(`${words[1]}@shop.test`)] })] }, request: mail({ message: Buffer.from(`Subject: x\r\n\r\n${words[2]}`) }),
    identities: [{ kind: 'email', value: `${words[1]}@shop.test` }] });
  await store.record(what);
  for (let nth = 0; nth < 20; nth += 1) await store.record(recording());
  expect(words.every((word) => filesOf(directory).includes(word))).toBe(true);
  expect(await store.remove({ ids: [what.draft.id] })).toBe(1);
  expect(words.filter((word) => filesOf(directory).includes(word))).toEqual([]);
  await store.close('one');
  discard(directory);
});
