import { createHash } from 'node:crypto';
import type { CaptureFilter } from '../../model/store.ts';
import type { Tallies } from '../../model/upkeep.ts';
import { digestSet } from './digest-set.ts';
import { sha256Of } from '../body-coding.ts';
import { noTallies, sumOf, type Archived, type ArchivedPart } from './record.ts';
import { everything, type Snapshot } from './snapshot.ts';

export const archiveVersion = 1;
/** Bytes of a body on one line: longer ones go on several. */
export const pieceOfBody = 6 * 1024 * 1024;

/** What the first line says. */
export interface ArchiveHeader { readonly kind: 'fourthwall-export'; readonly version: number; readonly at: string; readonly schema: number; readonly counts: Tallies }
/** Of a body: `at` = where this piece of it begins. */
export interface ArchivedBody { readonly kind: 'body'; readonly sha256: string; readonly size: number; readonly at: number; readonly data: string }
/** What the last line says; `sha256` of every byte before it, by which a torn file is told. */
export interface ArchiveEnd { readonly kind: 'end'; readonly counts: Tallies; readonly sha256: string }

/** The lines of an export, as bytes. `wrote` hears what they held when the last one is out. */
export async function* archive({ snapshot, filter, at, wrote }: {
  readonly snapshot: Snapshot; readonly filter: CaptureFilter; readonly at: string; readonly wrote: (counts: Tallies) => void;
}): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let counts = noTallies;
  const line = (value: ArchiveHeader | ArchivedBody | Archived): Uint8Array => {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    hash.update(bytes);
    if (value.kind !== 'fourthwall-export' && value.kind !== 'body') counts = sumOf(counts, { ...noTallies, [value.kind]: 1 });
    return bytes;
  };
  yield line({ kind: 'fourthwall-export', version: archiveVersion, at, schema: snapshot.schema, counts: await snapshot.counts(filter) });
  for await (const policy of snapshot.policies()) yield line(policy);
  for await (const run of snapshot.runs(filter)) yield line(run);
  const told = digestSet();
  for await (const capture of snapshot.captures(filter)) {
    const parts: ArchivedPart[] = [];
    for (const part of capture.parts) {
      const read = snapshot.sealed ? await snapshot.body(part.sha256) : null;
      const sha256 = read === null ? part.sha256 : sha256Of(read).toString('hex');
      parts.push({ ...part, sha256 });
      if (!told.add(sha256)) continue;
      const body = read ?? await snapshot.body(part.sha256);
      for (let from = 0; from === 0 || from < body.length; from += pieceOfBody) {
        yield line({ kind: 'body', sha256, size: body.length, at: from, data: Buffer.from(body.subarray(from, from + pieceOfBody)).toString('base64') });
      }
    }
    yield line({ ...capture, parts });
  }
  if (everything(filter)) for await (const object of snapshot.objects()) yield line(object);
  const end: ArchiveEnd = { kind: 'end', counts, sha256: hash.digest('hex') };
  yield Buffer.from(`${JSON.stringify(end)}\n`);
  wrote(counts);
}
