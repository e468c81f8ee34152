import { createHash } from 'node:crypto';
import { Unsound, type Tallies } from '../../model/upkeep.ts';
import { digestSet, type DigestSet } from './digest-set.ts';
import { readLine } from './line-check.ts';
import { linesOf } from './lines.ts';
import { noTallies, sumOf, type Archived, type ArchivedCapture, type Restored, type RestoredCapture } from './record.ts';
import { archiveVersion, type ArchivedBody, type ArchiveEnd, type ArchiveHeader } from './write-archive.ts';

/** Bytes of the bodies of one capture: they are held together. */
const mostOfBodies = 512 * 1024 * 1024;

/**
 * What an export holds, every line checked before it is given on. Throws, naming the line, at the first that is wrong, and at the end where the file is not whole:
 * only who has read to the end knows that all of it is good.
 */
export async function* readArchive(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Restored> {
  const hash = createHash('sha256');
  const told = digestSet();
  let bodies = new Map<string, readonly Uint8Array[]>();
  let held = 0;
  let counts = noTallies;
  let number = 0;
  let header: ArchiveHeader | null = null;
  let ended = false;
  for await (const bytes of linesOf(chunks)) {
    number += 1;
    const value = inLine(number, () => {
      if (ended) throw new Error('stands behind the end: the file was put together from others');
      const read = readLine(bytes) as ArchiveHeader | ArchivedBody | Archived | ArchiveEnd;
      if ((read.kind === 'fourthwall-export') !== (header === null)) throw new Error(header === null ? 'is not the first line of an export' : 'begins another export');
      return read;
    });
    if (value.kind === 'end') {
      inLine(number, () => whole(value, { counts, sha256: hash.digest('hex'), bodies }));
      ended = true;
      continue;
    }
    hash.update(bytes).update('\n');
    switch (value.kind) {
      case 'fourthwall-export':
        header = value;
        if (value.version !== archiveVersion) throw new Unsound(`it was exported by a newer Fourthwall (export ${value.version}, this one knows ${archiveVersion}); use that version`);
        break;
      case 'body':
        inLine(number, () => { held = gather(bodies, told, value, held); });
        break;
      default: {
        const record = inLine(number, () => (value.kind === 'capture' ? withBodies(value, bodies, told) : sound(value)));
        if (value.kind === 'capture') {
          bodies = new Map();
          held = 0;
        }
        counts = sumOf(counts, { ...noTallies, [value.kind]: 1 });
        yield record;
      }
    }
  }
  if (!ended) throw new Unsound(number === 0 ? 'it is empty' : 'it has no end: it is torn, take another copy');
}

function inLine<T>(number: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Unsound(`line ${number} ${(error as Error).message}`, { cause: error });
  }
}

function whole({ counts, sha256 }: ArchiveEnd, found: { readonly counts: Tallies; readonly sha256: string; readonly bodies: ReadonlyMap<string, unknown> }): void {
  if (sha256 !== found.sha256) throw new Error('has another sha256 than what stands before it: the file is damaged, take another copy');
  if (JSON.stringify(Object.entries(counts).toSorted()) !== JSON.stringify(Object.entries(found.counts).toSorted())) throw new Error('counts something else than what stands before it');
  if (found.bodies.size > 0) throw new Error('comes after a body that no capture has');
}

/** A piece of a body. Its pieces follow one another, and the last one shows whether it is what it says. */
function gather(bodies: Map<string, readonly Uint8Array[]>, told: DigestSet, { sha256, size, at, data }: ArchivedBody, held: number): number {
  const pieces = bodies.get(sha256) ?? [];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (at !== length || (at === 0) !== (pieces.length === 0) || (at === 0 && told.has(sha256))) throw new Error(`is a piece of body ${sha256.slice(0, 12)} in the wrong place`);
  const piece = Buffer.from(data, 'base64');
  if (held + piece.length > mostOfBodies) throw new Error(`makes the bodies of one capture longer than ${mostOfBodies} bytes`);
  if (length + piece.length > size || (piece.length === 0 && size > 0)) throw new Error(`is a piece of body ${sha256.slice(0, 12)} that does not fit its size`);
  const all = [...pieces, piece];
  bodies.set(sha256, all);
  if (length + piece.length === size) {
    const hash = createHash('sha256');
    for (const each of all) hash.update(each);
    if (hash.digest('hex') !== sha256) throw new Error(`ends body ${sha256.slice(0, 12)}, which has another sha256: the file is damaged, take another copy`);
    bodies.set(sha256, [Buffer.concat(all)]);
    told.add(sha256);
  }
  return held + piece.length;
}

function withBodies(capture: ArchivedCapture, bodies: ReadonlyMap<string, readonly Uint8Array[]>, told: DigestSet): RestoredCapture {
  const { id, parts, callbacks, reply, decoded } = capture;
  const wrong = (what: string): Error => new Error(`(capture ${id}) ${what}`);
  dated(capture.at);
  for (const { notBefore } of callbacks) dated(notBefore);
  for (const role of ['request', 'reply'] as const) if (parts.filter((part) => part.role === role).length > 1) throw wrong(`has two bodies of its ${role}`);
  if (reply === null && parts.some(({ role }) => role === 'reply')) throw wrong('has the body of a reply that never came');
  if (parts.some(({ sha256 }) => !told.has(sha256))) throw wrong('has a body that does not stand before it');
  if ([...bodies.keys()].some((sha256) => parts.every((part) => part.sha256 !== sha256))) throw wrong('comes after a body that it does not have');
  const own = `${id.replace(/^cap_/, 'cbk_')}-`;
  if (callbacks.some((callback) => !callback.id.startsWith(own))) throw wrong('has the callback of another capture');
  if (decoded.kind === 'effects' && decoded.effects.some((effect) => effect['channel'] === 'payment' && effect['customer'] !== null && typeof effect['customer'] !== 'string')) throw wrong('has a payment whose customer is neither a text nor null');
  return { ...capture, parts: parts.map((part) => ({ ...part, bytes: bodies.get(part.sha256)?.[0] ?? null })) };
}

function sound(record: Exclude<Archived, ArchivedCapture>): Exclude<Archived, ArchivedCapture> {
  switch (record.kind) {
    case 'policy':
      // It would be shown as the policy of every capture that names this hash.
      if (createHash('sha256').update(record.text, 'utf8').digest('hex') !== record.sha256) throw new Error('is a policy with another sha256 than it says');
      dated(record.keptAt);
      break;
    case 'run':
      if (record.name === 'ambiguous') throw new Error('is a run called "ambiguous": that names captures claimed by two runs');
      dated(record.openedAt);
      if (record.closedAt !== null) dated(record.closedAt);
      break;
    case 'object': break;
  }
  return record;
}

function dated(time: string): void {
  if (Number.isNaN(Date.parse(time))) throw new Error('holds a time that is none');
}
