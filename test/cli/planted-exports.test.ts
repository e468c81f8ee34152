import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { redact } from '../../src/store/redaction.ts';
import { harness } from '../control/harness.ts';
import { plantedSecrets, type Planted } from '../store/planted-secrets.ts';

const key = new Uint8Array(32).fill(7);

/** Everything the command line gives out of captures: the four exports, and each capture shown in full. */
async function givenOut(planted: readonly Planted[], redacted: boolean): Promise<Readonly<Record<string, string>>> {
  const at = await harness();
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-exports-'));
  try {
    for (const { draft } of planted) await at.store.record({ draft: redacted ? redact(draft, key) : draft, remember: [], callbacks: [] });
    const said: string[] = [];
    const io = { env: {}, stdout: { write: (chunk: string | Uint8Array) => said.push(Buffer.from(chunk as Uint8Array).toString('latin1')) }, stderr: { write: () => true } };
    const texts: Record<string, string> = {};
    for (const format of ['mbox', 'har', 'jsonl']) {
      said.length = 0;
      expect(await run(['captures', 'export', '--format', format, '--url', at.url], io)).toBe(0);
      texts[format] = said.join('');
    }
    expect(await run(['captures', 'export', '--format', 'eml', '--output', join(directory, 'eml'), '--url', at.url], io)).toBe(0);
    texts['eml'] = (await Promise.all((await readdir(join(directory, 'eml'))).map((name) => readFile(join(directory, 'eml', name), 'latin1')))).join('\n');
    return texts;
  } finally {
    await at.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const found = (planted: readonly Planted[], text: string): readonly string[] => planted.filter(({ secret }) => text.includes(secret.slice(-14))).map(({ where }) => where);

test('none of the planted secrets is in an export: eml, mbox, HAR, jsonl', async () => {
  const planted = plantedSecrets();
  const texts = await givenOut(planted, true);
  expect(Object.fromEntries(Object.entries(texts).map(([format, text]) => [format, found(planted, text)]))).toEqual({ mbox: [], har: [], jsonl: [], eml: [] });
  for (const text of Object.values(texts)) expect(text.length).toBeGreaterThan(500);
  // those that could not be read as HTTP are left out, and nothing else is
  const { log } = JSON.parse(texts['har']!) as { readonly log: { readonly entries: readonly unknown[] } };
  expect(log.entries).toHaveLength(planted.filter(({ draft }) => draft.request.kind === 'http').length);
});

test('without redaction every export has some of them', async () => {
  const planted = plantedSecrets();
  const texts = await givenOut(planted, false);
  expect(Object.entries(texts).filter(([, text]) => found(planted, text).length === 0)).toEqual([]);
  expect(found(planted, texts['jsonl']!).length).toBeGreaterThan(30);
});
