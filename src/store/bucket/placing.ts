import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../../model/store.ts';
import { enoughForHead, type Coded, type KeptBody } from '../body-coding.ts';
import { sealBody } from '../body-sealing.ts';
import type { Part } from '../prepare.ts';
import type { Books } from './books.ts';
import type { GivenBucket } from './bucket.ts';
import type { Seal } from '../seal.ts';
import { hashText, type Placed } from './placed.ts';

export interface Placing {
  /** Puts the large ones of these bodies into the bucket, and then writes; without large ones it writes at once. Rejects, with nothing written, where the bucket does not take them. */
  place<T>(parts: () => readonly Part[], write: (placed: readonly Placed[]) => Promise<T>): Promise<T>;
  /** Resolves when nothing is on its way any more. */
  drain(): Promise<void>;
}

/**
 * Before a write waits for its turn in the database, so that small ones never wait for the bucket. In this order, so that a crash at any point leaves at most an object that the books know:
 * intended, put, named by the row. `most`: bytes of bodies on their way at once; beyond it callers are refused, as by the queue of the database.
 */
export function placing({ bucket, from, books, seal, encode, most }: GivenBucket & {
  readonly books: Pick<Books, 'intend' | 'discard'>;
  readonly seal: Seal;
  readonly encode: (bytes: Uint8Array) => Promise<Coded>;
  readonly most: number;
}): Placing {
  let held = 0;
  const underWay = new Set<Promise<unknown>>();

  async function bodyOf(bytes: Uint8Array): Promise<KeptBody> {
    return sealBody(seal, { sha256: seal.digest(bytes), size: bytes.length }, await encode(bytes));
  }

  async function upload(bodies: readonly KeptBody[]): Promise<readonly Placed[]> {
    const ready = bodies.map((body) => (body.data.length < from ? { ...body, object: null } : { ...body, object: newKey() }));
    const going = ready.filter((body) => body.object !== null);
    if (going.length === 0) return ready;
    await books.intend(going.map(({ object }) => object));
    const put = await Promise.allSettled(going.map(({ object, data }) => bucket.put(object, data)));
    const refused = put.find((each) => each.status === 'rejected');
    if (refused !== undefined) {
      // One without an answer may arrive later still: it stays intended until it is old.
      forget(going.filter((_, n) => put[n]!.status === 'fulfilled').map(({ object }) => object));
      throw refused.reason;
    }
    return ready.map((body) => (body.object === null ? body : { ...body, data: body.data.subarray(0, enoughForHead) }));
  }

  /** Should this fail, they are found when they are old. */
  function forget(objects: readonly string[]): void {
    if (objects.length > 0) books.discard(objects).catch(() => undefined);
  }

  async function placeAll<T>(large: readonly Uint8Array[], write: (placed: readonly Placed[]) => Promise<T>): Promise<T> {
    const bytes = large.reduce((sum, { length }) => sum + length, 0);
    if (held > 0 && held + bytes > most) throw new StoreUnavailable(`the way to the bucket is full (${held} bytes are on it, ${most} may)`);
    held += bytes;
    try {
      const bodies = new Map<string, KeptBody>();
      for (const each of large) {
        const body = await bodyOf(each);
        bodies.set(hashText(body.sha256), body);
      }
      const placed = await upload([...bodies.values()]);
      try {
        return await write(placed);
      } catch (error) {
        // Writes come one after the other: if this one happens all the same, it was before, and what it named is no longer intended.
        forget(placed.flatMap(({ object }) => object ?? []));
        throw error;
      }
    } finally {
      held -= bytes;
    }
  }

  return {
    // Until its first await it runs at once: writes keep their order.
    async place(parts, write) {
      const large = [...new Set(parts().map(({ bytes }) => bytes).filter(({ length }) => length >= from))];
      if (large.length === 0) return write([]);
      const placed = placeAll(large, write);
      const settled = placed.then(() => undefined, () => undefined).finally(() => underWay.delete(settled));
      underWay.add(settled);
      return placed;
    },
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Not made of the content: the same body of two stores is two objects, so that neither deletes the other's. */
function newKey(): string {
  const id = randomUUID();
  return `${id.slice(0, 2)}/${id}`;
}
