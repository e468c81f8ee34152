import type { Coding, KeptBody } from '../body-coding.ts';

/** A body that was made ready beside the database: as it will lie in `bodies`. In the bucket (`object`), `data` is only its beginning. */
export interface Placed extends KeptBody { readonly object: string | null }

/** A body that was asked for whole, of which the database has the beginning. */
export interface InBucket {
  readonly kind: 'in-bucket';
  readonly object: string;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly coding: Coding;
}

export function inBucket({ object, sha256, size, coding }: KeptBody & { readonly object: string }): InBucket {
  return { kind: 'in-bucket', object, sha256, size, coding };
}

/** The arguments of a write, with the bodies that are ready for it. */
export function withPlaced<Args extends object>(args: Args, placed: readonly Placed[]): Args {
  return placed.length === 0 ? args : { ...args, placed };
}

/** What `withPlaced` put there, by the body's hash. */
export function placedIn(args: unknown): ReadonlyMap<string, Placed> {
  const { placed = [] } = (args ?? {}) as { readonly placed?: readonly Placed[] };
  return new Map(placed.map((body) => [hashText(body.sha256), body]));
}

export function hashText(sha256: Uint8Array): string {
  return Buffer.from(sha256).toString('hex');
}
