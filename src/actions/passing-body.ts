import { createHash } from 'node:crypto';
import type { Bytes } from '../model/bytes.ts';
import type { Streamed } from '../model/exchange.ts';

/** How much of a body that passes is held for the record, in bytes. */
export const beginningLimit = 64 * 1024;

/** Counts and hashes what passes, and holds its beginning. */
export interface Meter {
  take(chunk: Bytes): void;
  /** the first bytes, at most `beginningLimit` */
  beginning(): Buffer;
  size(): number;
  streamed(whole: boolean): Streamed;
}

export function createMeter(): Meter {
  const hash = createHash('sha256');
  const held: Buffer[] = [];
  let size = 0;
  return {
    take(chunk) {
      // copied: the chunk is a slice of a pool that goes on without us
      if (size < beginningLimit) held.push(Buffer.from(chunk.subarray(0, beginningLimit - size)));
      hash.update(chunk);
      size += chunk.length;
    },
    beginning: () => Buffer.concat(held),
    size: () => size,
    streamed: (whole) => ({ size, sha256: hash.copy().digest('hex'), whole }),
  };
}

export interface OpenedBody {
  /** what had arrived: up to 64 KiB and the rest of one chunk */
  readonly first: readonly Bytes[];
  /** nothing follows `first` */
  readonly ended: boolean;
  /** what follows, read as it is asked for */
  rest(): AsyncGenerator<Bytes>;
}

/**
 * Reads the beginning of a body: until 64 KiB, its end, or `patience` ms, whichever is first. A client that waits for an
 * answer before it goes on is so not waited for. Throws what the body throws.
 */
export async function openBody(body: AsyncIterable<Bytes>, patience: number): Promise<OpenedBody> {
  const iterator = body[Symbol.asyncIterator]();
  const first: Bytes[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, patience, 'late');
  });
  let awaited: Promise<IteratorResult<Bytes>> | null = null;
  try {
    for (let size = 0; size < beginningLimit;) {
      awaited = iterator.next();
      // it may fail while nobody waits for it; whoever asks for the rest hears of it
      awaited.catch(() => {});
      const step = await Promise.race([awaited, late]);
      if (step === 'late') break;
      awaited = null;
      if (step.done === true) return { first, ended: true, rest: nothing };
      first.push(step.value);
      size += step.value.length;
    }
  } finally {
    clearTimeout(timer);
  }
  const pending = awaited;
  return {
    first,
    ended: false,
    async* rest() {
      try {
        for (let step = await (pending ?? iterator.next()); step.done !== true; step = await iterator.next()) yield step.value;
      } finally {
        await iterator.return?.();
      }
    },
  };
}

async function* nothing(): AsyncGenerator<Bytes> {}
