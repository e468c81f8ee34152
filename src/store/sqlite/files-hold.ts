import { spawn } from 'node:child_process';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Subject } from '../../model/erasure.ts';
import { StoreUnavailable } from '../../model/store.ts';
import { rawSpellings } from '../erasure/spelling.ts';

export interface Held { readonly bytes: number; readonly found: number }

/**
 * How often subjects stand in the bytes of the store's files as they lie there, places that are free included. Another process reads them: were one of ours to close a file of SQLite's, the
 * system would drop every lock we hold on it (https://www.sqlite.org/howtocorrupt.html, 2.2). It is told by its standard input, which nobody else can read.
 */
export async function filesHold(path: string, subjects: readonly Subject[]): Promise<Held> {
  const reader = spawn(process.execPath, [fileURLToPath(new URL(`./read-files${extname(import.meta.url)}`, import.meta.url))], { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    reader.once('error', reject);
    reader.once('close', resolve);
  });
  reader.stdin.on('error', () => undefined);
  reader.stdin.end(JSON.stringify({ files: [path, `${path}-wal`, `${path}-shm`, `${path}-journal`], needles: subjects.flatMap((subject) => rawSpellings(subject)) }));
  const [said, code] = await Promise.all([text(reader.stdout), ended]);
  if (code !== 0) throw new StoreUnavailable(`the files of the store could not be read: the process that reads them ended with ${code}`);
  return JSON.parse(said) as Held;
}
