import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

// A program of its own (files-hold.ts): counts texts in files. It writes nothing anywhere but its answer.
const chunkBytes = 4 * 1024 * 1024;

const { files, needles } = JSON.parse(await text(process.stdin)) as { readonly files: readonly string[]; readonly needles: readonly string[] };
const overlap = Math.max(...needles.map(({ length }) => length)) - 1;
const chunk = Buffer.alloc(chunkBytes);
let [bytes, found] = [0, 0];
for (const name of files.filter((each) => existsSync(each))) {
  const file = await open(name, 'r');
  for (let [at, rest] = [0, '']; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) break;
    const read = rest + chunk.toString('latin1', 0, bytesRead).toLowerCase();
    for (const needle of needles) for (let from = read.indexOf(needle); from >= 0; from = read.indexOf(needle, from + 1)) found += 1;
    rest = read.slice(read.length - overlap);
    at += bytesRead;
    bytes += bytesRead;
  }
  await file.close();
}
process.stdout.write(JSON.stringify({ bytes, found }));
